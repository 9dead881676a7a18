import Testing
import TestKit

@testable import WhatsAppEmulator

/// pywa, a Python library by others, as a bot of the emulator.
@Suite struct PywaTests {
    @Test(.timeLimit(.minutes(15))) func `pywa agrees as client, signature checker and parser`() async throws {
        try await withEmulator({ $0.statusDelay = .milliseconds(20) }) { bot async throws in
            let end = try await PythonPeers.run("pywa_against_emulator.py", [bot.base], within: .seconds(840))
            #expect(end.status == 0, "\(end)")
        }
    }
}
