import Foundation
import Synchronization

/// A program that runs beside us, without our files, our environment, and a terminal.
///
/// It is not Foundation's `Process`, which hands on the whole environment, keys included, and on Linux lists our open
/// files by code that can read past the end of its buffer.
final class ChildProgram: Sendable {
    /// Up to where open files are looked for.
    private static let lastFile: Int32 = 4_096

    private let id: pid_t
    private let isReaped = Mutex(false)

    /// - Returns: `nil` when it cannot be started.
    init?(_ program: URL, arguments: [String]) {
        var actions = posix_spawn_file_actions_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in 0...2 as ClosedRange<Int32> {
            posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", stream == 0 ? O_RDONLY : O_WRONLY, 0)
        }
        // Ours close by themselves; a library may have opened one that does not.
        for file in 3..<Self.lastFile where fcntl(file, F_GETFD) == 0 {
            posix_spawn_file_actions_addclose(&actions, file)
        }
        let words = ([program.path] + arguments).map { strdup($0) }
        let environment = [strdup("PATH=/usr/bin:/bin")]
        defer { for word in words + environment { free(word) } }
        var id: pid_t = 0
        guard posix_spawn(&id, program.path, &actions, nil, words + [nil], environment + [nil]) == 0 else { return nil }
        self.id = id
    }

    /// Waits for its end; a cancelled task ends it at once.
    /// - Returns: whether it ended by itself and says that all went well.
    func endsWell() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: self.reap()) }
            }
        } onCancel: {
            kill()
        }
    }

    private func reap() -> Bool {
        // Its number stays its own until it is reaped, so nothing else is ever killed.
        var news = siginfo_t()
        while waitid(P_PID, id_t(id), &news, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = -1
            while waitpid(id, &status, 0) == -1, errno == EINTR {}
            isReaped = true
            return status == 0
        }
    }

    private func kill() {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Foundation.kill(id, SIGKILL) }
        }
    }
}
