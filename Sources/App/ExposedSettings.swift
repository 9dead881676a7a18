import BotKit
import Configuration
import Foundation
import Logging

/// A file of settings that holds a secret and that other users of the machine may read or change.
struct ExposedSettings: Equatable {
    let path: String
    /// What closes it.
    let command: String

    /// - Returns: `nil` when the file is closed, holds no secret, is missing, or is no file but a pipe.
    /// - Throws: `Misconfiguration` when a setting that names others has the wrong shape.
    init?(in path: String, naming names: [String], of config: ConfigReader) throws {
        guard try !Set(Self.secrets(of: config)).isDisjoint(with: names) else { return nil }
        self.init(path)
    }

    /// - Returns: `nil` when the file is closed or missing, or is no file.
    private init?(_ path: String) {
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
            let owner = attributes[.ownerAccountID] as? NSNumber, let mode = attributes[.posixPermissions] as? NSNumber
        else { return nil }
        // What belongs to another user, as /etc/martlet/martlet.env to root, is read through its group.
        let isOurs = owner.uint32Value == geteuid()
        guard mode.uint32Value & (isOurs ? 0o077 : 0o027) != 0 else { return nil }
        self.path = path
        command = "chmod \(isOurs ? 600 : 640) \(path.shellQuoted)"
    }

    /// The files that settings such as `OPENAI_API_KEY_FILE` name and that other users may read or change.
    /// - Throws: `Misconfiguration` when a setting that names others has the wrong shape.
    static func secretFiles(of config: ConfigReader) throws -> [ExposedSettings] {
        let paths = try secrets(of: config).compactMap { name in
            config.string(forKey: ConfigKey(["\(name.lowercased())_file"]))?
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return Set(paths).filter { !$0.isEmpty }.sorted().compactMap { ExposedSettings($0) }
    }

    /// The names of all settings that are secret.
    private static func secrets(of config: ConfigReader) throws -> [String] {
        try ProductSettings.groups.flatMap { try $0.settings + $0.settings(namedIn: config) }
            .filter(\.isSecret).map(\.name)
    }

    /// What is wrong and what to do.
    var finding: Finding {
        .problem("\(path) holds a secret and is open to other users", remedy: "Run: \(command)")
    }

    /// The same of a file with one secret. In a container it often belongs to root and is open, but nobody else is
    /// there.
    var advice: Finding {
        .advice("\(path) is a secret and is open to other users", remedy: "Run: \(command)")
    }

    /// Tells the operator once, at the start.
    func log(to logger: Logger) {
        logger.warning(
            "the file of settings holds a secret and is open to other users", metadata: ["remedy": "\(command)"])
    }
}
