import BotKit
import Foundation
import Synchronization

extension FileLock {
    /// Keeps a second process away from the same data.
    /// - Throws: `Misconfiguration` when another process holds it.
    static func ofInstance(beside path: String) throws -> FileLock {
        let lock: FileLock
        do { lock = try FileLock(path + ".lock") } catch {
            throw Misconfiguration(
                "database", "the lock file \(path).lock cannot be opened (\(error.reason))",
                remedy: "Make the data folder writable for the user that runs Martlet.")
        }
        guard lock.state == .held else {
            let holder = Int(lock.text.prefix { !$0.isNewline })
            throw Misconfiguration(
                "database", "is in use by another Martlet\(holder.map { " (process \($0))" } ?? "")",
                remedy: "Stop it first, or give this one its own MARTLET_HOME.")
        }
        lock.write("\(getpid())\n")
        return lock
    }
}

/// What an open database holds outside of SQLite, until it is closed.
final class StoreClaims: Sendable {
    private let lock: Mutex<FileLock?>
    private let folder: URL?

    /// - Parameter folder: a temporary folder to remove.
    init(lock: FileLock? = nil, folder: URL? = nil) {
        self.lock = Mutex(lock)
        self.folder = folder
    }

    func giveUp() {
        lock.withLock { $0 = nil }
        if let folder, FileManager.default.fileExists(atPath: folder.path) {
            try? FileManager.default.removeItem(at: folder)
        }
    }

    deinit { giveUp() }
}
