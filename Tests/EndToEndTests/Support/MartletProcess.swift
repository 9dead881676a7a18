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

    private struct Output {
        var lines: [String] = []
        var rest: [UInt8] = []
        var errors = ""
        var openPipes = 2
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Mutex(Output())
    private let ended = Mutex<(status: Int32, at: ContinuousClock.Instant)?>(nil)

    /// Starts a program that was built beside the tests, or the one at a whole path; its environment holds nothing but
    /// `environment` and the data folder.
    init(
        _ arguments: [String], program: String = "martlet", home: TemporaryFolder, environment: [String: String] = [:]
    ) throws {
        process.executableURL = program.hasPrefix("/") ? URL(filePath: program) : Self.binary(of: program)
        process.arguments = arguments
        process.currentDirectoryURL = home.url
        process.environment = ["MARTLET_HOME": home.data.path, "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
            .merging(environment) { $1 }
        process.standardInput = input
        let out = Pipe()
        let errors = Pipe()
        process.standardOutput = out
        process.standardError = errors
        out.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { self?.pipeEnded(handle) } else { self?.take(data) }
        }
        errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { return self?.pipeEnded(handle) ?? () }
            self?.output.withLock { $0.errors += String(decoding: data, as: UTF8.self) }
        }
        process.terminationHandler = { [weak self] process in
            let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
            self?.ended.withLock { $0 = (status, .now) }
        }
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var isRunning: Bool { process.isRunning }
    var pid: pid_t { process.processIdentifier }
    /// The lines on standard output so far.
    var lines: [String] { output.withLock { $0.lines } }
    /// What was written to standard error so far.
    var errors: String { output.withLock { $0.errors } }

    private func pipeEnded(_ handle: FileHandle) {
        handle.readabilityHandler = nil
        output.withLock { $0.openPipes -= 1 }
    }

    private func take(_ data: Data) {
        output.withLock { output in
            for byte in data {
                if byte == UInt8(ascii: "\n") {
                    output.lines.append(String(decoding: output.rest, as: UTF8.self))
                    output.rest.removeAll()
                } else {
                    output.rest.append(byte)
                }
            }
        }
    }

    func send(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }
    func closeInput() throws { try input.fileHandleForWriting.close() }
    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end, and for all that was written before it.
    /// - Returns: the exit code, or the negative number of the signal that ended it.
    func exitStatus(within limit: Duration = .seconds(60)) async throws -> Int32 {
        try await eventually("the process ends", within: limit) {
            guard let end = self.ended.withLock({ $0 }) else { return nil }
            // Another process that was started at the same moment may hold our pipes open a little longer.
            let isRead = self.output.withLock { $0.openPipes } == 0 || ContinuousClock.now - end.at > .seconds(1)
            return isRead ? end.status : nil
        }
    }

    /// Waits until a line from `start` on satisfies the condition.
    /// - Returns: its number.
    @discardableResult
    func line(
        from start: Int = 0, within limit: Duration = .seconds(60), _ condition: @escaping (String) -> Bool
    ) async throws -> Int {
        do {
            return try await eventually("a line", within: limit) {
                let lines = self.lines
                return lines.indices.dropFirst(start).first { condition(lines[$0]) }
            }
        } catch {
            throw Failure(description: "no such line; output: \(lines.suffix(20)); errors: \(errors.suffix(2_000))")
        }
    }
}

/// Waits until `value` gives something: the one place where these tests look again and again.
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(30), _ value: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit * Duration.slowness
    while true {
        if let value = try await value() { return value }
        guard ContinuousClock.now < deadline else {
            throw MartletProcess.Failure(description: "\(what): not within \(limit)")
        }
        try await ContinuousClock().sleep(for: .milliseconds(10))
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
