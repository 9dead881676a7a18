import Foundation
import Testing
import TestKit

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
        try await WebEmulator.serving(configuration) { emulator, ports in
            let end = try await PythonPeers.run(
                "whatsmeow_against_emulator.py",
                [
                    "\(ports.plain)", "\(ports.control)", HexadecimalText.text(emulator.rootKey),
                    folder.appending(path: "ca.pem").path,
                ], within: .seconds(840))
            #expect(end.status == 0, "\(end)")
        }
    }
}
