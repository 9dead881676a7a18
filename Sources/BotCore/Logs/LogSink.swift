import Foundation
import Synchronization

/// An open file descriptor that takes whole lines; lines of several threads never mix.
public final class LogSink: Sendable {
    private let descriptor: Int32
    /// A pipe keeps only writes up to 4 kB whole, so that longer lines need their turn.
    private let turn = Mutex(())

    /// - Parameter descriptor: stays open as long as anything logs; the sink does not close it.
    public init(descriptor: Int32) { self.descriptor = descriptor }

    /// Where log collectors look.
    public static let standardOutput = LogSink(descriptor: STDOUT_FILENO)
    /// Where a program logs whose output is data.
    public static let standardError = LogSink(descriptor: STDERR_FILENO)

    /// Whether a person reads along.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes `line` with one system call, or the rest with more when the other side takes only a part.
    ///
    /// A line is given up when nobody takes it for a second: a stuck reader must not stop the program.
    func write(_ line: [UInt8]) {
        turn.withLock { _ in
            line.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = Foundation.write(
                        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if count < 0 && errno == EAGAIN {
                        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        guard poll(&wanted, 1, 1000) > 0 else { return }
                    } else if !(count < 0 && errno == EINTR) {
                        return
                    }
                }
            }
        }
    }
}
