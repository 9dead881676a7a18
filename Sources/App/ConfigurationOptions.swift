import ArgumentParser
import BotKit
import Configuration
import Foundation

/// Where settings come from, in the order in which they win: `--set`, the environment, the `.env` file, defaults.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .customLong("set"), help: "A setting for this run, as NAME=VALUE. May be given several times.")
    var overrides: [String] = []

    @Option(help: "The file with settings, NAME=VALUE a line, values in quotes where they need them.")
    var envFile = Self.standardFile

    private static let standardFile = ".env"

    /// Reads the sources.
    /// - Parameter answers: what the first-run questions gave, in the place of the file that does not exist yet.
    /// - Throws: `Misconfiguration` when an override has the wrong form or the file cannot be read.
    func reader(answers: Wizard.Answers = []) throws -> ConfigReader { try read(answers: answers).config }

    /// Reads the sources, once: the file may be a pipe.
    /// - Returns: the settings, and the names that stand in the file.
    /// - Throws: `Misconfiguration` when an override has the wrong form or the file cannot be read.
    func read(answers: Wizard.Answers = []) throws -> (config: ConfigReader, namesInFile: [String]) {
        var namesInFile: [String] = []
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
            let values = try EnvFile.read(envFile)
            namesInFile = Array(values.keys)
            providers.append(EnvironmentVariablesProvider(environmentVariables: values))
        } else if envFile != Self.standardFile, answers.isEmpty, isatty(STDIN_FILENO) == 0 {
            // In a terminal the first-run questions write it.
            throw Misconfiguration(
                "--env-file", "names a file that does not exist (\(envFile))",
                remedy: "Correct the path, or make the file.")
        }
        if !answers.isEmpty {
            let values = Dictionary(answers.map { ($0.name, $0.value) }) { $1 }
            providers.append(EnvironmentVariablesProvider(environmentVariables: values))
        }
        let config = ConfigReader(providers: providers)
        try refuseUnknown(overrides.map(\.0), in: config)
        return (config, namesInFile)
    }

    /// The environment is full of names that are not ours; whoever writes `--set` means one that is.
    /// - Throws: `Misconfiguration` when one of `names` is no setting.
    private func refuseUnknown(_ names: [String], in config: ConfigReader) throws {
        guard !names.isEmpty else { return }
        let known = try ProductSettings.names(in: config)
        for name in names where !known.contains(name) {
            let typed = name.uppercased()
            let near = known.contains(typed) ? typed : Spelling.nearest(to: typed, among: known, within: 5)
            throw Misconfiguration(
                "--set", "names no setting (\(name.prefix(64)))",
                remedy: (near.map { "Did you mean \($0)? " } ?? "") + "martlet config prints all names.")
        }
    }

    /// Whether a setting is written anywhere.
    func names(_ name: String, in config: ConfigReader) throws -> Bool {
        !(config.string(forKey: ConfigKey([name.lowercased()])) ?? "").isEmpty
    }

    /// Whether there is neither a file of settings nor a model or a number in the other sources, so that the first-run
    /// questions are in place.
    func isBlank(_ config: ConfigReader) throws -> Bool {
        guard !FileManager.default.fileExists(atPath: envFile) else { return false }
        let telling = [
            "openai_api_key", "openai_api_key_file", "openai_api_keys", "openai_api_keys_file", "openai_base_url",
            "anthropic_api_key", "anthropic_api_key_file", "anthropic_base_url", "llm_provider",
            "cloud_phone_number_id",
        ]
        return try telling.allSatisfy { try !names($0, in: config) }
    }
}
