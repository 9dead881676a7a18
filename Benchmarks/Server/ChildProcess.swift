import Foundation
import Synchronization

/// A program that we started. It belongs to our process group, so that Ctrl-C ends it too.
final class ChildProcess: Sendable {
    /// How it ended.
    enum End: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    private struct State {
        var end: End?
        var waiting: [CheckedContinuation<End, Never>] = []
    }

    let pid: pid_t
    private let state = Mutex(State())
    /// Where what it reads is written; -1 when it reads nothing.
    private let input: Int32

    /// - Parameters:
    ///   - environment: all of it; nothing is inherited.
    ///   - output: the file to which standard output and standard error are appended.
    ///   - errors: another file for standard error.
    ///   - hasInput: whether `write` gives it something to read; otherwise it finds nothing.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], output: String,
        errors: String? = nil, hasInput: Bool = false
    ) throws {
        var ends: [Int32] = [-1, -1]
        if hasInput {
            guard pipe(&ends) == 0 else { throw BenchmarkFailure("no pipe can be made") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }
        input = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if hasInput {
            posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        }
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let problem = posix_spawn(&child, program, &actions, nil, words, variables)
        if hasInput { close(ends[0]) }
        guard problem == 0 else {
            if hasInput { close(ends[1]) }
            throw BenchmarkFailure("\(program) cannot be started: \(String(cString: strerror(problem)))")
        }
        pid = child
        Thread { [self] in reap() }.start()
    }

    deinit { if input >= 0 { close(input) } }

    /// Gives it something to read.
    func write(_ bytes: [UInt8]) throws {
        guard Foundation.write(input, bytes, bytes.count) == bytes.count else {
            throw BenchmarkFailure("process \(pid) does not read what it is told: has it ended?")
        }
    }

    private func reap() {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        let end = signal == 0 ? End.exit((status >> 8) & 0xFF) : End.signal(signal)
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.end = end
            return state.waiting
        }
        for caller in waiting { caller.resume(returning: end) }
    }

    /// How it ended; `nil` while it runs.
    var end: End? { state.withLock { $0.end } }

    /// Waits for its end.
    func waitForEnd() async -> End {
        await withCheckedContinuation { caller in
            let end = state.withLock { state in
                if state.end == nil { state.waiting.append(caller) }
                return state.end
            }
            if let end { caller.resume(returning: end) }
        }
    }

    /// Sends a signal, unless it has ended: its number may belong to somebody else by then.
    func signal(_ number: Int32) {
        state.withLock { state in
            if state.end == nil { _ = kill(pid, number) }
        }
    }
}
