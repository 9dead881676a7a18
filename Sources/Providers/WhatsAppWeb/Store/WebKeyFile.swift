import BotKit
import Crypto
public import Foundation

/// The key that the accounts' own keys are encrypted with, in a file of its own: who has only the database, or a backup
/// of it, can read no conversation.
public struct WebKeyFile: Sendable, CustomStringConvertible {
    /// The size of the file.
    static let byteCount = 32

    let key: SymmetricKey
    public let description: String

    /// The key in `file`; when there is none it is made, readable for its owner alone, and flushed to the disk.
    /// - Throws: `Misconfiguration` when others can read it, when it is no key, or when it cannot be read or made.
    public static func loadOrMake(at file: URL) throws -> WebKeyFile {
        if let key = try load(file.path) { return WebKeyFile(key: key, description: file.path) }
        try make(file)
        guard let key = try load(file.path) else { throw unusable(file.path, ENOENT) }
        return WebKeyFile(key: key, description: file.path)
    }

    /// - Returns: `nil` when there is no file.
    private static func load(_ path: String) throws -> SymmetricKey? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw unusable(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unusable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == byteCount else {
            throw Misconfiguration(
                "key file", "\(path) is not the \(byteCount) bytes of a key",
                remedy: "Put the file from your backup there.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Misconfiguration(
                "key file", "\(path) can be read by other users", remedy: "Run: chmod 600 '\(path)'")
        }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        defer { for index in bytes.indices { bytes[index] = 0 } }
        guard read(descriptor, &bytes, byteCount) == byteCount else { throw unusable(path, errno) }
        return SymmetricKey(data: bytes)
    }

    /// Makes the file under a temporary name, and links it to its real one when it is complete: whoever else makes one
    /// at the same time, all of them use the same.
    private static func make(_ file: URL) throws {
        let partial = "\(file.path).\(UUID().uuidString).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unusable(file.path, errno) }
        defer {
            close(descriptor)
            unlink(partial)
        }
        let isWritten = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            write(descriptor, bytes.baseAddress, bytes.count) == byteCount && fsync(descriptor) == 0
        }
        guard isWritten else { throw unusable(file.path, errno) }
        guard link(partial, file.path) == 0 || errno == EEXIST else { throw unusable(file.path, errno) }
        FolderFlush.flush(file.deletingLastPathComponent())
    }

    private static func unusable(_ path: String, _ code: CInt) -> Misconfiguration {
        Misconfiguration(
            "key file", "\(path) cannot be read or made (\(String(cString: strerror(code))))",
            remedy: "Make the data folder writable, and the file readable, for the user that runs Martlet alone.")
    }
}
