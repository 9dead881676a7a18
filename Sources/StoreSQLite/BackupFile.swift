import BotKit
import Foundation
import GRDB

/// A copy of the database under a temporary name, which gets its real name once it is complete and on the disk.
struct BackupFile {
    let path: String
    private var partial: String { "\(path).\(getpid()).partial" }

    /// - Throws: `Misconfiguration` when `path` exists or cannot be written, or when the database is damaged;
    ///   `BotKit.DatabaseError`.
    func write(from source: DatabaseQueue) throws {
        guard access(path, F_OK) != 0 else {
            throw Misconfiguration("backup", "\(path) exists already", remedy: "Name a file that does not exist yet.")
        }
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notWritable(errno) }
        defer {
            close(descriptor)
            unlink(partial)
        }
        do { try copy(from: source) } catch {
            let error = BotKit.DatabaseError(error)
            throw error == .corrupt ? Self.damaged : error
        }
        guard fsync(descriptor) == 0 else { throw BotKit.DatabaseError.unreachable("the backup could not be flushed") }
        // A link, unlike a rename, never replaces a file that appeared meanwhile.
        guard link(partial, path) == 0 else { throw notWritable(errno) }
        flushFolder()
    }

    private func copy(from source: DatabaseQueue) throws {
        let copy = try DatabaseQueue(path: partial)
        try source.backup(to: copy)
        // The copy is one file that needs no log beside it.
        let isSound = try copy.writeWithoutTransaction { connection in
            try connection.execute(sql: "PRAGMA journal_mode = DELETE")
            return try String.fetchAll(connection, sql: "PRAGMA quick_check(1)") == ["ok"]
        }
        try copy.close()
        try source.close()
        // A damaged copy would take the place of an older one that is whole.
        guard isSound else { throw BotKit.DatabaseError.corrupt }
    }

    private static var damaged: Misconfiguration {
        Misconfiguration(
            "backup", "was not made: the database is damaged",
            remedy: "Keep the backups that there are, stop the bot, and restore the newest whole one.")
    }

    private func flushFolder() {
        let descriptor = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func notWritable(_ code: CInt) -> any Error {
        if code == ENOSPC || code == EDQUOT { return BotKit.DatabaseError.full }
        return Misconfiguration(
            "backup", "\(path) cannot be written (\(String(cString: strerror(code))))",
            remedy: "Name a file that does not exist yet, in a writable folder of a file system with hard links.")
    }
}
