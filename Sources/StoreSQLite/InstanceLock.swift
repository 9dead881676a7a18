import BotKit
import Foundation
import Synchronization

/// Keeps a second process away from the same data. The kernel gives the lock up when its process ends, however it ends.
final class InstanceLock: Sendable {
    private let descriptor: CInt

    /// - Throws: `Misconfiguration` when another process holds it.
    init(beside path: String) throws {
        let lockPath = path + ".lock"
        // Kept only at the end: a lock that throws after it has a descriptor would close it a second time.
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Misconfiguration(
                "database", "the lock file \(lockPath) cannot be opened (\(String(cString: strerror(errno))))",
                remedy: "Make the data folder writable for the user that runs Martlet.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(descriptor)
            close(descriptor)
            throw Misconfiguration(
                "database", "is in use by another Martlet\(holder.map { " (process \($0))" } ?? "")",
                remedy: "Stop it first, or give this one its own MARTLET_HOME.")
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        self.descriptor = descriptor
    }

    deinit {
        // A process that is being started may have a copy of the descriptor for a moment, which would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func holder(_ descriptor: CInt) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

/// What an open database holds outside of SQLite, until it is closed.
final class StoreClaims: Sendable {
    private let lock: Mutex<InstanceLock?>
    private let folder: URL?

    /// - Parameter folder: a temporary folder to remove.
    init(lock: InstanceLock? = nil, folder: URL? = nil) {
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
