import Foundation
import Synchronization
import TestKit

/// A real `martlet` process, with a data folder and an environment of its own.
final class MartletProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The binary that was built beside the tests.
    static let binary = binary(of: "martlet")

    static func binary(of program: String) -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appending(path: program)
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return URL(filePath: "/\(program)-was-not-built")
    }

    /// Tests write faster than people do; those of the limits switch on the ones that they are about.
    static let withoutLimits = [
        "RATE_LIMIT_ENABLED": "false", "FLOOD_LIMIT": "0", "SEND_LIMIT_PER_CHAT": "0",
        "SEND_WAITING_PER_CHAT": "0",
    ]

    private struct Output {
        var lines: [String] = []
        var rest: [UInt8] = []
        var errors = ""
    }

    private let process: SpawnedProcess
    private let heard: Heard
    /// Kept as long as the program may need it.
    private let home: TemporaryFolder

    /// What it wrote so far.
    private final class Heard: Sendable {
        let output = Mutex(Output())

        func take(_ stream: SpawnedProcess.Stream, _ bytes: [UInt8]) {
            output.withLock { output in
                if stream == .errors {
                    output.errors += String(decoding: bytes, as: UTF8.self)
                    return
                }
                output.rest += bytes
                while let end = output.rest.firstIndex(of: UInt8(ascii: "\n")) {
                    output.lines.append(String(decoding: output.rest[..<end], as: UTF8.self))
                    output.rest.removeSubrange(...end)
                }
            }
        }
    }

    /// Starts a program that was built beside the tests, or the one at a whole path; its environment holds nothing but
    /// `environment` and the data folder.
    init(
        _ arguments: [String], program: String = "martlet", home: TemporaryFolder, environment: [String: String] = [:]
    ) throws {
        let heard = Heard()
        self.heard = heard
        self.home = home
        process = try SpawnedProcess(
            program.hasPrefix("/") ? program : Self.binary(of: program).path, arguments,
            environment: ["MARTLET_HOME": home.data.path, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
                .merging(Self.withoutLimits) { $1 }.merging(environment) { $1 },
            folder: home.url.path
        ) { heard.take($0, $1) }
    }

    deinit { process.signal(SIGKILL) }

    var isRunning: Bool { process.status == nil }
    var pid: pid_t { process.pid }
    /// The lines on standard output so far.
    var lines: [String] { heard.output.withLock { $0.lines } }
    /// What was written to standard error so far.
    var errors: String { heard.output.withLock { $0.errors } }

    func send(_ line: String) throws { try process.write(Array((line + "\n").utf8)) }
    func closeInput() { process.closeInput() }
    func signal(_ number: Int32) { process.signal(number) }

    /// Waits for the end, and for all that was written before it.
    /// - Returns: the exit code, or the negative number of the signal that ended it.
    func exitStatus(within limit: Duration = .patience * 3) async throws -> Int32 {
        try await eventually("the process ends", within: limit) {
            self.process.isHeard ? self.process.status : nil
        }
    }

    /// Waits until a line from `start` on satisfies the condition.
    /// - Returns: its number.
    @discardableResult
    func line(
        from start: Int = 0, within limit: Duration = .patience * 3, _ condition: @escaping (String) -> Bool
    ) async throws -> Int {
        do {
            return try await eventually("a line", within: limit) {
                // Asked first: what was written before the end is heard by then.
                let hasEnded = process.isHeard
                let lines = self.lines
                let found = lines.indices.dropFirst(start).first { condition(lines[$0]) }
                if found == nil, hasEnded { throw Failure(description: "it has ended") }
                return found
            }
        } catch {
            throw Failure(description: "no such line; output: \(lines.suffix(20)); errors: \(errors.suffix(2_000))")
        }
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let url: URL
    /// The data folder inside, not made yet.
    var data: URL { url.appending(path: "data") }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "martlet-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Runs a command that asks nothing to its end.
func finish(
    _ arguments: [String], home: TemporaryFolder, environment: [String: String] = [:]
) async throws -> (status: Int32, output: String, errors: String) {
    let process = try MartletProcess(arguments, home: home, environment: environment)
    process.closeInput()
    let status = try await process.exitStatus()
    return (status, process.lines.joined(separator: "\n"), process.errors)
}
