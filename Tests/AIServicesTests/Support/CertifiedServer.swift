import Foundation

/// A TLS server in Python whose certificate no authority has signed.
enum CertifiedServer {
    struct Failure: Error { let description: String }

    /// Serves while `test` runs; it gets the port.
    static func run<Value>(_ test: (Int) async throws -> Value) async throws -> Value {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let python =
            ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path()
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [root.appending(path: "Tests/Interop/tls_server.py").path()]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // Not SIGTERM: a child of a concurrency thread inherits that thread's signal mask, which blocks it.
        defer {
            kill(process.processIdentifier, SIGKILL)
            // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
            while process.isRunning { usleep(1_000) }
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Failure(description: "the TLS server did not start: run `make test`, which installs what it needs")
        }
        return try await test(port)
    }
}
