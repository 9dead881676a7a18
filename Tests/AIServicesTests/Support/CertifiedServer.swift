import Foundation
import TestKit

/// A TLS server in Python whose certificate no authority has signed.
enum CertifiedServer {
    /// Serves while `test` runs; it gets the port.
    static func run<Value>(_ test: (Int) async throws -> Value) async throws -> Value {
        let said = SpawnedProcess.Transcript()
        let process = try SpawnedProcess(
            PythonPeers.python(), [PythonPeers.scripts.appending(path: "tls_server.py").path],
            environment: ProcessInfo.processInfo.environment
        ) { said.hear($0, $1) }
        defer { process.signal(SIGKILL) }
        let port = try await eventually("the port of the TLS server") {
            said.output.hasSuffix("\n") ? Int(said.output.dropLast()) : nil
        }
        return try await test(port)
    }
}
