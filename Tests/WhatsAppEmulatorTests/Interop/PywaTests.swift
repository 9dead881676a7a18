import Foundation
import Testing

@testable import WhatsAppEmulator

/// pywa, a Python library by others, as a bot of the emulator.
@Suite struct PywaTests {
    /// The package's root, from this file's place.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static var python: String {
        ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path(percentEncoded: false)
    }

    @Test(.timeLimit(.minutes(15))) func `pywa agrees as client, signature checker and parser`() async throws {
        guard FileManager.default.isExecutableFile(atPath: Self.python) else {
            Issue.record("There is no Python with pywa at \(Self.python): run `make test`, or set MARTLET_TEST_PYTHON.")
            return
        }
        try await withEmulator({ $0.statusDelay = .milliseconds(20) }) { bot async throws in
            let script = Self.root.appending(path: "Tests/Interop/pywa_against_emulator.py")
            let (status, output) = try await Self.run(script, [bot.base])
            #expect(status == 0, "\(output)")
        }
    }

    /// Runs a script to its end and gives its exit status and all it printed.
    private static func run(_ script: URL, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [script.path(percentEncoded: false)] + arguments
        let output = FileManager.default.temporaryDirectory.appending(path: "pywa-\(UUID().uuidString).txt")
        guard FileManager.default.createFile(atPath: output.path(percentEncoded: false), contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        defer { try? FileManager.default.removeItem(at: output) }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try handle.close()
        return (status, try String(contentsOf: output, encoding: .utf8))
    }
}
