public import Foundation

/// A secret of 32 random bytes in a file of its own, readable for its owner alone.
public struct KeyFile: Sendable {
    /// The size of the file.
    public static let byteCount = 32

    private let file: URL
    /// What to do when it cannot be used, for the operator.
    private let remedy: String

    /// - Parameter remedy: what an operator does about a file that cannot be used, as an instruction.
    public init(_ file: URL, remedy: String) {
        self.file = file
        self.remedy = remedy
    }

    /// The key; when there is no file it is made and flushed to the disk. Of many who make it at once all get the same.
    /// - Throws: `Misconfiguration` with the file's name when it cannot be made or read, is open to others, or has
    ///   another size.
    public func loadOrMake() throws -> [UInt8] {
        if let key = try load() { return key }
        try make()
        guard let key = try load() else { throw wrong("cannot be made (\(Self.words(ENOENT)))") }
        return key
    }

    /// The key, or `nil` when there is no file.
    /// - Throws: as `loadOrMake`.
    public func load() throws -> [UInt8]? {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw wrong("cannot be opened (\(Self.words(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw wrong("is no file") }
        guard status.st_mode & 0o077 == 0 else { throw wrong("can be read by other users") }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount + 1)
        defer { for index in bytes.indices { bytes[index] = 0 } }
        guard read(descriptor, &bytes, bytes.count) == Self.byteCount else {
            throw wrong("does not hold the \(Self.byteCount) bytes of a key")
        }
        return Array(bytes.prefix(Self.byteCount))
    }

    /// Writes under another name first, so that the file is whole or not there.
    private func make() throws {
        let draft = "\(file.path).\(UUID().uuidString).partial"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw wrong("cannot be made (\(Self.words(errno)))") }
        defer {
            close(descriptor)
            unlink(draft)
        }
        var random = SystemRandomNumberGenerator()
        var key = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        defer { for index in key.indices { key[index] = 0 } }
        guard write(descriptor, key, key.count) == key.count, fsync(descriptor) == 0 else {
            throw wrong("cannot be written (\(Self.words(errno)))")
        }
        guard link(draft, file.path) == 0 || errno == EEXIST else {
            throw wrong("cannot be made (\(Self.words(errno)))")
        }
        FolderFlush.flush(file.deletingLastPathComponent())
    }

    private static func words(_ code: CInt) -> String { String(cString: strerror(code)) }

    private func wrong(_ problem: String) -> Misconfiguration {
        Misconfiguration(file.lastPathComponent, "\(problem) (\(file.path))", remedy: remedy)
    }
}
