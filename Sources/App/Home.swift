import BotKit
import Configuration
import Foundation

/// The folder with everything that Martlet keeps: `MARTLET_HOME`, by default the XDG data folder.
struct Home: Sendable {
    static let setting = Setting<String?>.text(
        "MARTLET_HOME",
        "The folder for database, keys and media, mode 0700. Without it $XDG_DATA_HOME/martlet or "
            + "~/.local/share/martlet."
    )

    let folder: URL

    /// Opens the folder, and makes it when it is missing.
    /// - Throws: `Misconfiguration` when it is no folder, belongs to somebody else, or others may read it.
    init(_ config: ConfigReader) throws {
        try self.init(naming: config)
        try make()
        try check()
    }

    /// The folder for a command that only looks: it may be missing, and is not made.
    /// - Throws: `Misconfiguration` when there is one that is not ours alone.
    init(lookingAt config: ConfigReader) throws {
        try self.init(naming: config)
        if isMade { try check() }
    }

    /// Whether the folder is there.
    var isMade: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// The folder, or the one in which it will be made.
    var nearestFolder: URL {
        var place = folder
        while place.path != "/", !FileManager.default.fileExists(atPath: place.path) { place.deleteLastPathComponent() }
        return place
    }

    private init(naming config: ConfigReader) throws {
        let environment = ProcessInfo.processInfo.environment
        let path: String
        if let chosen = try config[Self.setting] {
            guard chosen.hasPrefix("/") else {
                throw Misconfiguration(
                    Self.setting.name, "must be a path that begins with /",
                    remedy: "Write the whole path, so that every start finds the same folder.")
            }
            path = chosen
        } else if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
            path = data + "/martlet"
        } else {
            path = NSHomeDirectory() + "/.local/share/martlet"
        }
        folder = URL(filePath: path, directoryHint: .isDirectory)
    }

    /// A file in the folder.
    func file(_ name: String) -> URL { folder.appending(path: name, directoryHint: .notDirectory) }

    private func make() throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Misconfiguration(
                Self.setting.name, "names a folder that cannot be made (\(folder.path))",
                remedy: "Make it yourself, owned by the user that runs Martlet, or set MARTLET_HOME to another folder.")
        }
    }

    private func check() throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder.resolvingSymlinksInPath().path)
        guard let attributes, attributes[.type] as? FileAttributeType == .typeDirectory,
            let owner = attributes[.ownerAccountID] as? NSNumber, let mode = attributes[.posixPermissions] as? NSNumber
        else {
            throw Misconfiguration(
                Self.setting.name, "is no folder (\(folder.path))", remedy: "Set MARTLET_HOME to a folder.")
        }
        guard owner.uint32Value == geteuid() else {
            throw Misconfiguration(
                Self.setting.name, "belongs to another user (\(folder.path))",
                remedy: "Run Martlet as that user, or change the owner: chown -R \(geteuid()) \(folder.path)")
        }
        guard mode.uint32Value & 0o077 == 0 else {
            throw Misconfiguration(
                Self.setting.name, "may be read or written by other users (\(folder.path))",
                remedy: "Close it: chmod 700 \(folder.path)")
        }
    }
}
