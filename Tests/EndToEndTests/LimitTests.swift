import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// The limits with the settings that the product has by itself, but for what is named.
@Suite struct LimitTests {
    @Test func `too many questions are refused, commands and the next minute are not`() async throws {
        let settings = ["RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_PER_USER": "2"]
        try await CloudBot.running(settings) { bot in
            for number in 1...3 {
                _ = try await bot.emulator.receive(text: "\(number)", from: CloudBot.user)
                #expect(await bot.emulator.waitForSent(number, within: .patience))
            }
            _ = try await bot.emulator.receive(text: "!help", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(4, within: .patience))
            let texts = await bot.texts
            #expect(texts.prefix(2) == ["echo: 1", "echo: 2"])
            #expect(texts[2] == "Slow down! You're sending messages too quickly. Try again in 1 minute.")
            #expect(texts[3].contains("!gpt"))
        }
    }

    @Test func `who wants nothing from us gets nothing until they write`() async throws {
        try await CloudBot.running { bot in
            await bot.emulator.inject(SendFault(.error(code: 131050, httpStatus: 400, details: nil), times: 1))
            _ = try await bot.emulator.receive(text: "one", from: CloudBot.user)
            try await bot.process.line { $0.contains("a member wants nothing from us") }
            _ = try await bot.emulator.receive(text: "two", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            #expect(await bot.texts == ["echo: two"])
        }
    }
}
