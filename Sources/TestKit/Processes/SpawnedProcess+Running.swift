import Foundation
import Synchronization

extension SpawnedProcess {
    /// How a program ended, and all that it wrote.
    public struct End: Sendable {
        /// The exit code, or the negative number of the signal that ended it.
        public let status: Int32
        /// What it wrote to standard output.
        public let output: String
        /// What it wrote to standard error.
        public let errors: String
    }

    /// What a program has written so far.
    public final class Transcript: Sendable {
        private let streams = Mutex((output: [UInt8](), errors: [UInt8]()))

        public init() {}

        /// Takes what a program wrote.
        public func hear(_ stream: Stream, _ bytes: [UInt8]) {
            streams.withLock { streams in
                switch stream {
                case .output: streams.output += bytes
                case .errors: streams.errors += bytes
                }
            }
        }

        public var output: String { String(decoding: streams.withLock { $0.output }, as: UTF8.self) }
        public var errors: String { String(decoding: streams.withLock { $0.errors }, as: UTF8.self) }
    }

    /// Runs a program to its end.
    /// - Parameters:
    ///   - program: its whole path.
    ///   - environment: all of it; nil is the test's own.
    ///   - input: all that it reads from standard input.
    /// - Throws: `Failure` when it cannot be started, `WaitedInVain` when it had to be ended after `limit`.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: [UInt8] = [],
        within limit: Duration = .patience * 3
    ) async throws -> End {
        let transcript = Transcript()
        let process = try SpawnedProcess(
            program, arguments, environment: environment ?? ProcessInfo.processInfo.environment
        ) { transcript.hear($0, $1) }
        // One that ended without reading tells why by its status.
        try? process.write(input)
        process.closeInput()
        do {
            let status = try await eventually("the end of \(program)", within: limit) {
                process.isHeard ? process.status : nil
            }
            return End(status: status, output: transcript.output, errors: transcript.errors)
        } catch {
            process.signal(SIGKILL)
            throw error
        }
    }

    /// Runs a tool of the search path to its end, which blocks this thread: for what cannot be asynchronous.
    /// - Returns: both streams as `output`.
    static func runBlocking(_ tool: String, _ arguments: [String]) throws -> End {
        let (pid, input, output, errors) = try start(
            "/bin/sh", ["-c", #"exec "$@" 2>&1"#, "sh", tool] + arguments, ProcessInfo.processInfo.environment)
        close(input)
        defer { close(errors) }
        let written = try? FileHandle(fileDescriptor: output, closeOnDealloc: true).readToEnd()
        return End(status: end(of: pid), output: String(decoding: written ?? Data(), as: UTF8.self), errors: "")
    }
}
