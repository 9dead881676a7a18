import BotKit
import Foundation

/// The checks on the database file before SQLite opens it.
enum StoreFile {
    /// Makes the file, readable for its owner alone, or checks the one that is there.
    /// - Throws: `Misconfiguration` with the remedy; `DatabaseError.full`.
    static func prepare(_ path: String, creating: Bool) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT, creating else { throw cannotOpen(path, errno) }
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw cannotOpen(path, errno) }
            close(descriptor)
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Misconfiguration(
                "database", "\(path) is no file", remedy: "Move it away, or set another data folder.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Misconfiguration(
                "database", "\(path) can be read by other users", remedy: "Run: chmod 600 '\(path)'")
        }
        guard access(path, R_OK | W_OK) == 0 else { throw cannotOpen(path, errno) }
    }

    /// What the operator has to know when SQLite could not open the file.
    static func problem(_ error: DatabaseError, with path: String) -> any Error {
        switch error {
        case .corrupt:
            Misconfiguration(
                "database", "\(path) is damaged or no SQLite database",
                remedy: "Move it away, and put a backup in its place (martlet backup makes them).")
        case .readOnly: cannotOpen(path, EACCES)
        default: error
        }
    }

    private static func cannotOpen(_ path: String, _ code: CInt) -> any Error {
        switch code {
        case ENOSPC, EDQUOT: DatabaseError.full
        case ENOENT:
            Misconfiguration(
                "database", "\(path) does not exist", remedy: "Run: martlet migrate, or check MARTLET_HOME.")
        default:
            Misconfiguration(
                "database", "\(path) cannot be opened for writing (\(String(cString: strerror(code))))",
                remedy: "Make the file and its folder writable for the user that runs Martlet.")
        }
    }
}
