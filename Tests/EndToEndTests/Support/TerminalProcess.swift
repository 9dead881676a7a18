import Foundation
import Synchronization
import TestKit

/// A real `martlet` on a terminal of its own, as a person starts it.
final class TerminalProcess: Sendable {
    private struct State {
        var seen: [UInt8] = []
        /// Where the text ends that a test has waited for.
        var read = 0
        var status: Int32?
    }

    /// `POSIX_SPAWN_SETSID` of glibc's `spawn.h`, which Swift does not see.
    private static let newSession: Int32 = 0x80

    let pid: pid_t
    private let ours: Int32
    /// The program's side, kept open so that the terminal's modes can be read after its end.
    private let theirs: Int32
    private let state = Mutex(State())
    /// Kept while the program may use it.
    private let home: TemporaryFolder

    /// Starts `martlet` as the leader of a session that the terminal controls, so that Ctrl-C is a signal.
    /// - Parameter window: the window's size, which terminals need not know.
    init(
        _ arguments: [String], home: TemporaryFolder, environment: [String: String] = [:],
        window: (columns: UInt16, lines: UInt16) = (0, 0)
    ) throws {
        self.home = home
        var (ours, theirs): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        var size = winsize(ws_row: window.lines, ws_col: window.columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&ours, &theirs, &name, nil, &size) == 0 else {
            throw MartletProcess.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
        (self.ours, self.theirs) = (ours, theirs)
        for descriptor in [ours, theirs] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ours, F_SETFL, O_NONBLOCK)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(Self.newSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = [
            "MARTLET_HOME": home.data.path, "PATH": "/usr/bin:/bin", "TERM": "xterm", "SWIFT_BACKTRACE": "enable=no",
        ].merging(MartletProcess.withoutLimits) { $1 }.merging(environment) { $1 }
        // `env` changes the folder and becomes the program.
        let words = ["env", "-C", home.url.path, MartletProcess.binary.path] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, &argv, &envp)
        guard failure == 0 else {
            throw MartletProcess.Failure(description: "not started: \(String(cString: strerror(failure)))")
        }
        self.pid = pid
    }

    deinit {
        if state.withLock({ $0.status }) == nil {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        close(ours)
        close(theirs)
    }

    /// All that the terminal showed so far, what it echoed included.
    var screen: String {
        state.withLock { state in
            take(into: &state)
            return String(decoding: state.seen, as: UTF8.self)
        }
    }

    private func take(into state: inout State) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(ours, &buffer, buffer.count)
            guard count > 0 else { return }
            state.seen += buffer[..<count]
        }
    }

    /// Whether the terminal shows what is typed.
    var echoes: Bool {
        var mode = termios()
        return tcgetattr(theirs, &mode) == 0 && mode.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Waits until the terminal shows `text` after what was waited for before.
    func shows(_ text: String, within limit: Duration = .patience * 3) async throws {
        do {
            _ = try await eventually("the terminal shows it", within: limit) {
                self.state.withLock { state -> Bool? in
                    take(into: &state)
                    guard let range = Data(state.seen[state.read...]).range(of: Data(text.utf8)) else { return nil }
                    state.read += range.upperBound
                    return true
                }
            }
        } catch {
            throw MartletProcess.Failure(description: "\"\(text)\" is not shown; the terminal: \(screen.suffix(2_000))")
        }
    }

    /// Waits for a QR code, and reads it from the screen as a phone does.
    func scannedCode() async throws -> String {
        try await eventually("a QR code is shown and can be read") {
            let rows = QRReader.modules(ofHalfBlocks: screen)
            // Half a picture is no square.
            guard let columns = rows.first?.count, rows.count >= columns else { return nil }
            return try await QRReader.text(ofModules: Array(rows.suffix(columns + columns % 2)))
        }
    }

    /// Waits for a question, and answers it.
    func answer(_ question: String, _ text: String) async throws {
        try await shows(question)
        type(text + "\n")
    }

    /// Presses keys; `\u{03}` is Ctrl-C and `\u{04}` is Ctrl-D.
    func type(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(ours, bytes, bytes.count)
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end.
    /// - Returns: the exit code, or the negative number of the signal that ended it.
    func exitStatus(within limit: Duration = .patience * 3) async throws -> Int32 {
        try await eventually("the process ends; the terminal: \(screen.suffix(500))", within: limit) {
            self.state.withLock { state -> Int32? in
                take(into: &state)
                if let status = state.status { return status }
                var status: Int32 = 0
                guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
                state.status = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
                take(into: &state)
                return state.status
            }
        }
    }
}
