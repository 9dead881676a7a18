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
        let secrets = try ProductSettings.groups.flatMap { try $0.settings + $0.settings(namedIn: config) }
            .filter(\.isSecret).map(\.name)
        guard !Set(secrets).isDisjoint(with: names) else { return nil }
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
            let owner = attributes[.ownerAccountID] as? NSNumber, let mode = attributes[.posixPermissions] as? NSNumber
        else { return nil }
        // What belongs to another user, as /etc/martlet/martlet.env to root, is read through its group.
        let isOurs = owner.uint32Value == geteuid()
        guard mode.uint32Value & (isOurs ? 0o077 : 0o027) != 0 else { return nil }
        self.path = path
        command = "chmod \(isOurs ? 600 : 640) '\(path)'"
    }

    /// What is wrong and what to do.
    var finding: Finding {
        .problem("\(path) holds a secret and is open to other users", remedy: "Run: \(command)")
    }

    /// Tells the operator once, at the start.
    func log(to logger: Logger) {
        logger.warning(
            "the file of settings holds a secret and is open to other users", metadata: ["remedy": "\(command)"])
    }
}
