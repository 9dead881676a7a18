import ArgumentParser
import BotKit
import Configuration
import Foundation
import SystemPackage

/// Where settings come from, in the order in which they win: `--set`, the environment, the `.env` file, defaults.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("set"), help: "A setting for this run, as NAME=VALUE. May be given several times.")
    var overrides: [String] = []

    @Option(help: "The file with settings, NAME=VALUE a line.")
    var envFile = ".env"

    /// Reads the sources.
    /// - Throws: `Misconfiguration` when an override has the wrong form or the file cannot be read.
    func reader() async throws -> ConfigReader {
        let overrides = try overrides.map { text -> (String, String) in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard text.contains("="), let name = parts.first, !name.isEmpty else {
                throw Misconfiguration("--set", "must be NAME=VALUE", remedy: "Write --set NAME=VALUE.")
            }
            return (name, parts.count == 2 ? parts[1] : "")
        }
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: Dictionary(overrides) { $1 }),
            EnvironmentVariablesProvider(),
        ]
        if FileManager.default.fileExists(atPath: envFile) {
            do {
                providers.append(try await EnvironmentVariablesProvider(environmentFilePath: FilePath(envFile)))
            } catch {
                throw Misconfiguration(
                    "--env-file", "names a file that cannot be read (\(envFile))",
                    remedy: "Make it readable for the user that runs Martlet, a line NAME=VALUE each.")
            }
        }
        return ConfigReader(providers: providers)
    }

    /// Whether a setting is written anywhere.
    func names(_ name: String, in config: ConfigReader) throws -> Bool {
        !(config.string(forKey: ConfigKey([name.lowercased()])) ?? "").isEmpty
    }

    /// Whether nothing at all is configured yet, so that the first-run questions are in place.
    func isBlank(_ config: ConfigReader) throws -> Bool {
        guard !FileManager.default.fileExists(atPath: envFile) else { return false }
        let telling = [
            "openai_api_key", "openai_api_keys", "openai_base_url", "anthropic_api_key", "cloud_phone_number_id",
        ]
        return try telling.allSatisfy { try !names($0, in: config) }
    }
}
