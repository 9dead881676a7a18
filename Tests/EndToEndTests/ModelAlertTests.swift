import TestKit
import Testing

@testable import WhatsAppEmulator

/// What the operator hears when the model's key is refused.
@Suite struct ModelAlertTests {
    @Test func `a refused key alerts the operator once, and members get an apology`() async throws {
        try await CloudBot.running(["OPENAI_API_KEY": ModelStub.wrongKey]) { bot in
            for number in 1...3 {
                _ = try await bot.emulator.receive(text: "question \(number)", from: CloudBot.user)
                #expect(await bot.emulator.waitForSent(number, within: .patience))
            }
            let alerts = bot.process.lines.filter { $0.contains(#""alert":"model_key_refused""#) }
            #expect(alerts.count == 1 && alerts.allSatisfy { $0.contains("check OPENAI_API_KEY") }, "\(alerts)")
            let texts = await bot.texts
            #expect(texts.allSatisfy { $0.contains("went wrong") }, "\(texts)")
            #expect(!(bot.process.lines.joined() + bot.process.errors).contains(ModelStub.wrongKey))
        }
    }
}
