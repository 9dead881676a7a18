import Foundation

/// An exclusive lock on a file, for processes. The kernel gives it up when its process ends, however it ends.
public final class FileLock: Sendable {
    /// Whose the lock is.
    public enum State: Sendable {
        case held
        /// Another process has it.
        case refused
        /// The file system has no locks.
        case unknown
    }

    /// The file can be neither opened nor made.
    public struct Unopenable: Error {
        /// In the words of the system.
        public let reason: String
    }

    public let state: State
    private let descriptor: CInt

    /// Opens the file, closed to other users, and asks for its lock.
    /// - Parameters:
    ///   - isMade: whether the file is made when it is missing.
    ///   - waits: until another process gives the lock up.
    public init(_ path: String, isMade: Bool = true, waits: Bool = false) throws(Unopenable) {
        // Not for links, nor for pipes that would wait for a reader.
        let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (isMade ? O_RDWR | O_CREAT : O_RDONLY)
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw Unopenable(reason: String(cString: strerror(errno))) }
        var answer: CInt
        repeat { answer = flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) } while answer != 0 && errno == EINTR
        state = answer == 0 ? .held : errno == EWOULDBLOCK ? .refused : .unknown
    }

    deinit {
        guard descriptor >= 0 else { return }
        // A process that is being started may have a copy of the descriptor for a moment, which would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// What the file holds, at most 256 bytes of it.
    public var text: String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Puts `text` into the file, for whoever finds the lock taken.
    public func write(_ text: String) {
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }
}
