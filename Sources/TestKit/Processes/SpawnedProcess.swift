public import Foundation
import Synchronization

/// A program that a test started, with pipes for its three streams.
///
/// Not Foundation's `Process`: on Linux, its run loop and its file handles' readers can end the test process when
/// several children start and end at a time.
public final class SpawnedProcess: Sendable {
    /// Why a program could not be started, or be written to.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Which of the two streams bytes came on.
    public enum Stream: Sendable { case output, errors }

    private struct State {
        /// The exit code, or the negative number of the signal that ended it.
        var status: Int32?
        var input: Int32
        var openStreams = 2
    }

    public let pid: pid_t
    private let state: Mutex<State>

    /// Starts the program at a whole path.
    /// - Parameters:
    ///   - environment: all of it; nothing is inherited.
    ///   - folder: where it starts; nil is the test's own.
    ///   - hear: called on a thread of the stream with what was written; with nothing at its end.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String], folder: String? = nil,
        hear: @escaping @Sendable (Stream, [UInt8]) -> Void
    ) throws {
        let (pid, input, output, errors) = try Self.start(program, arguments, environment, folder)
        self.pid = pid
        state = Mutex(State(input: input))
        Thread { [self] in reap() }.start()
        for (end, stream) in [(output, Stream.output), (errors, .errors)] {
            Thread { [self] in read(end, stream, hear) }.start()
        }
    }

    /// A child that is started between the making of another's pipes and their marks would hold them open.
    private static let oneByOne = Mutex(())

    /// Starts the program with pipes for its streams, whose other ends belong to the caller.
    static func start(
        _ program: String, _ arguments: [String], _ environment: [String: String], _ folder: String? = nil
    ) throws -> (pid: pid_t, input: Int32, output: Int32, errors: Int32) {
        try oneByOne.withLock { _ in try spawn(program, arguments, environment, folder) }
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], _ folder: String?
    ) throws -> (pid: pid_t, input: Int32, output: Int32, errors: Int32) {
        let (input, output, errors) = (try PipeEnds(), try PipeEnds(), try PipeEnds())
        defer { for end in [input.reading, output.writing, errors.writing] { close(end) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (end, number) in [(input.reading, STDIN_FILENO), (output.writing, 1), (errors.writing, 2)] {
            posix_spawn_file_actions_adddup2(&actions, end, number)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A child inherits the signals that our thread blocks, and then hears no SIGTERM.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [program] + arguments
        let words = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        keepFromChildren()
        var child: pid_t = 0
        let problem = posix_spawn(&child, command[0], &actions, &attributes, words, variables)
        guard problem == 0 else {
            for end in [input.writing, output.reading, errors.reading] { close(end) }
            throw Failure(description: "\(program) cannot be started: \(String(cString: strerror(problem)))")
        }
        return (child, input.writing, output.reading, errors.reading)
    }

    /// A file that another test is writing would stay open in the child: its disk would stay full, and no program could
    /// be started from it.
    private static func keepFromChildren() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let file = Int32(name), file > 2 { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        }
    }

    private func read(_ end: Int32, _ stream: Stream, _ hear: (Stream, [UInt8]) -> Void) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(end, &bytes, bytes.count)
            if count > 0 { hear(stream, Array(bytes[..<count])) }
            guard count > 0 || (count == -1 && errno == EINTR) else { break }
        }
        close(end)
        state.withLock { $0.openStreams -= 1 }
        hear(stream, [])
    }

    private func reap() {
        let end = Self.end(of: pid)
        state.withLock { $0.status = end }
        closeInput()
    }

    /// Waits for the end of a child, which blocks this thread.
    /// - Returns: the exit code, or the negative number of the signal that ended it.
    static func end(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// The exit code, or the negative number of the signal that ended it; nil while it runs.
    public var status: Int32? { state.withLock { $0.status } }
    /// Whether all that it wrote has been heard.
    public var isHeard: Bool { state.withLock { $0.openStreams == 0 } }

    /// Writes to its standard input.
    /// - Throws: `Failure` when it does not listen any more.
    public func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(state.input, $0.baseAddress, $0.count) }
                if count == -1, errno == EINTR { continue }
                guard count > 0 else { throw Failure(description: "the program does not listen any more") }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Ends its standard input.
    public func closeInput() {
        state.withLock { state in
            if state.input >= 0 { close(state.input) }
            state.input = -1
        }
    }

    /// Sends a signal, unless it has ended: its number may belong to somebody else by then.
    public func signal(_ number: Int32) {
        state.withLock { state in
            if state.status == nil { _ = kill(pid, number) }
        }
    }
}

/// The two ends of a pipe, which no other child inherits.
private struct PipeEnds {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw SpawnedProcess.Failure(description: "there is no pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }
}
