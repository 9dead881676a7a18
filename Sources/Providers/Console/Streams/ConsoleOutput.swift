import Foundation

/// Where the console writes.
protocol ConsoleOutput: Sendable {
    /// How many columns there are to write in; `nil` when it is no terminal.
    var width: Int? { get }
    /// Writes a text whole, after those that were given before.
    /// - Throws: `OutputClosed`.
    func write(_ text: String) async throws
}

/// Nobody reads the output any more.
struct OutputClosed: Error {}

/// The standard output. A reader that is slow holds a thread of its own, and the writer's task, but no task's thread.
final class StandardOutput: ConsoleOutput {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "console.output")

    init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

    var width: Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    func write(_ text: String) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.async { continuation.resume(with: Result { try self.writeAll(Array(text.utf8)) }) }
        }
    }

    private func writeAll(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&watched, 1, -1)
            } else if errno != EINTR {
                throw OutputClosed()
            }
        }
    }
}
