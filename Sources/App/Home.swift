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
    /// - Throws: `Misconfiguration` with the command that mends it, when it is no folder, or when it or a file in it
    ///   belongs to somebody else or is open to others.
    init(_ config: ConfigReader) throws {
        try self.init(naming: config)
        try privateFolder.make()
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

    /// The folder as one that nobody else may look into.
    var privateFolder: PrivateFolder { PrivateFolder(folder, named: Self.setting.name, mayBeLink: true) }

    private func check() throws {
        try privateFolder.check { name in
            ["media", "exports", "audit.seals", "chat_history"].contains(name) || name.hasPrefix("martlet.sqlite")
                || name.hasSuffix(".key") || name.hasSuffix(".witness")
                || (name.hasPrefix("worker-") && name.hasSuffix(".lock"))
        }
    }
}
