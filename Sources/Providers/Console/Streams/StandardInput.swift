import BotKit
import Foundation

/// The standard input, read when it is asked for and on a thread of its own, so that no task's thread is held.
///
/// It waits with `poll`, which works alike on terminals, pipes and files, and beside it on a pipe that `stop` writes
/// to.
final class StandardInput: ByteInput {
    private let descriptor: Int32
    private let bell: (read: Int32, write: Int32)
    private let queue = DispatchQueue(label: "console.input")

    /// - Throws: `Misconfiguration` when the process may open no further files.
    init(descriptor: Int32 = STDIN_FILENO) throws {
        self.descriptor = descriptor
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Misconfiguration(
                "standard input", "cannot be watched",
                remedy: "Let the process open more files: ulimit -n says how many it may.")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        bell = (ends[0], ends[1])
    }

    deinit {
        close(bell.read)
        close(bell.write)
    }

    func next() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.read()) }
        }
    }

    func stop() { _ = write(bell.write, [0], 1) }

    private func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            var watched = [
                pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, -1) > 0 else {
                if errno == EINTR { continue }
                return nil
            }
            guard watched[0].revents == 0 else { return nil }
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count > 0 { return Array(bytes[..<count]) }
            guard count < 0, errno == EINTR || errno == EAGAIN else { return nil }
        }
    }
}
