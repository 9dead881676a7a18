import Foundation
import Testing

@testable import WhatsAppEmulator

/// whatsmeow, the Go library by others, as two clients of the emulated servers.
@Suite struct WhatsmeowTests {
    @Test(.timeLimit(.minutes(15)))
    func `two whatsmeow clients hold a conversation`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "whatsmeow-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = WebEmulator.Configuration()
        configuration.folder = folder
        configuration.tlsPort = 0
        let script = WhatsmeowPeer.scripts.appending(path: "whatsmeow_against_emulator.py")
        try await WebEmulator.serving(configuration) { emulator, ports in
            let (status, output) = try await Self.run(
                script,
                [
                    "\(ports.plain)", "\(ports.control)", HexadecimalText.text(emulator.rootKey),
                    folder.appending(path: "ca.pem").path,
                ])
            #expect(status == 0, "\(output)")
        }
    }

    /// Runs a script to its end and gives its exit status and all it printed.
    private static func run(_ script: URL, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: WhatsmeowPeer.python)
        process.arguments = [script.path] + arguments
        let output = FileManager.default.temporaryDirectory.appending(path: "whatsmeow-\(UUID().uuidString).txt")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
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
