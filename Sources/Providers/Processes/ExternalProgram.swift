import BotKit
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A program of this machine that works for us: never through a shell, with limits, and gone with all that it started.
///
/// What it is given may be hostile, so it is not to be trusted either. It sees neither our environment, which has keys
/// in it, nor our terminal nor our open files; time, memory, output and the size of files are limited; it steps back
/// behind us for the processor. It has a session of its own, which ends when it ends, when its time is over, when it
/// says more than it may, and when our task is cancelled.
struct ExternalProgram: Sendable {
    /// What a run may take.
    struct Limits: Sendable {
        /// How long it may take.
        var time = Duration.seconds(60)
        /// Address space of each of its processes, in bytes.
        var memory = 2 << 30
        /// What it may write to standard output, in bytes.
        var output = 1 << 20
        /// The largest file that it may write, in bytes.
        var fileSize = 256 << 20
        /// How many files it may have open at a time.
        var openFiles = 64
        /// By how much it steps back for others: 0 to 19.
        var niceness = 10
        /// How long it may take to end when it is asked to, before it is made to.
        var grace = Duration.milliseconds(500)
    }

    /// Why there is no result.
    enum Failure: Error, Equatable {
        /// It could not be started, or was given what no program can be given.
        case notStarted
        case outOfTime
        case tooMuchOutput
        /// It ended otherwise than well: with its exit code, or the negative number of the signal that ended it.
        case ended(Int32)
    }

    /// Sets limits, then becomes the program (prlimit(1) and nice(1), parts of every distribution's base).
    private static let limiter = ["/usr/bin/prlimit", "/bin/prlimit"]

    /// Where it lies.
    let path: String
    private let limiterPath: String

    /// - Parameters:
    ///   - name: of the program, without a folder.
    ///   - searchPath: folders with colons between them, as in `PATH`.
    /// - Returns: `nil` when none of them has it, or when this machine cannot set limits.
    init?(_ name: String, searchPath: String) {
        let places = searchPath.split(separator: ":").map { "\($0)/\(name)" }
        let isThere = { FileManager.default.isExecutableFile(atPath: $0) }
        guard let path = places.first(where: isThere), let limiter = Self.limiter.first(where: isThere) else {
            return nil
        }
        self.path = path
        limiterPath = limiter
    }

    /// Runs it to its end.
    /// - Parameters:
    ///   - arguments: reach it as they are.
    ///   - folder: where it starts.
    /// - Returns: what it wrote to standard output.
    /// - Throws: `Failure`; `CancellationError`.
    @discardableResult
    func run(
        _ arguments: [String], in folder: URL, limits: Limits = Limits(), time: any TimeSource
    ) async throws -> [UInt8] {
        // It would reach the program cut off there.
        guard arguments.allSatisfy({ !$0.utf8.contains(0) }) else { throw Failure.notStarted }
        let session = Session()
        defer { session.end() }
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await output(of: arguments, in: folder, limits, session) }
            group.addTask {
                try await time.sleep(for: limits.time)
                return nil
            }
            defer { group.cancelAll() }
            guard let output = try await group.next() ?? nil else { throw Failure.outOfTime }
            return output
        }
    }

    private func output(
        of arguments: [String], in folder: URL, _ limits: Limits, _ session: Session
    ) async throws -> [UInt8] {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: limits.grace)
        ]
        do {
            let result = try await Subprocess.run(
                .path(FilePath(limiterPath)), arguments: Arguments(command(limits) + arguments),
                environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]),
                workingDirectory: FilePath(folder.path), platformOptions: options, input: .none, output: .sequence,
                error: .discarded
            ) { execution in
                session.began(execution.processIdentifier.value)
                var output: [UInt8] = []
                for try await part in execution.standardOutput {
                    guard output.count + part.count <= limits.output else { throw Failure.tooMuchOutput }
                    part.withUnsafeBytes { output += $0 }
                }
                return output
            }
            switch result.terminationStatus {
            case .exited(0): return result.closureResult
            case .exited(let code): throw Failure.ended(Int32(code))
            case .signaled(let signal): throw Failure.ended(-Int32(signal))
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw Failure.notStarted
        }
    }

    private func command(_ limits: Limits) -> [String] {
        // If we are killed, nobody is left to watch the time; several threads count several times.
        let processorSeconds = 4 * max(1, limits.time.components.seconds + 1)
        func both(_ value: some BinaryInteger) -> String { "\(value):\(value)" }
        return [
            "--as=\(both(limits.memory))", "--fsize=\(both(limits.fileSize))", "--nofile=\(both(limits.openFiles))",
            "--cpu=\(both(processorSeconds))", "--core=\(both(1))", "--", "nice", "-n", "\(limits.niceness)", path,
        ]
    }

    /// The session of a run, whose processes all have its leader's number as that of their group.
    private final class Session: Sendable {
        private let leader = Mutex<pid_t?>(nil)

        func began(_ pid: pid_t) { leader.withLock { $0 = pid } }

        /// Ends what is left: children that the program started and left, or that do not hear when they are asked to
        /// end. While one of them lives, the kernel gives the group's number to nobody else.
        func end() {
            leader.withLock { pid in
                if let pid, pid > 1 { kill(-pid, SIGKILL) }
                pid = nil
            }
        }
    }
}
