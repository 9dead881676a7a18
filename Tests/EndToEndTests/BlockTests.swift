import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// `!block` and `!unblock`, here and at the network itself.
@Suite(.timeLimit(.minutes(5))) struct BlockTests {
    private static let owner = "15550000102"

    private func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        _ = try await eventually(what, within: .patience * 3) { try await condition() ? true : nil }
    }

    @Test func `holds here and at the Cloud API, and what the network does not do is told`() async throws {
        try await CloudBot.running(["OWNER_PHONE_NUMBERS": Self.owner]) { bot in
            @Sendable func blocked() async -> Int {
                let number = bot.emulator.configuration.numbers[0]
                return await bot.emulator.world.update { $0.accounts.blockedUsers(of: number).count }
            }
            _ = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            try await until("the answer") { await bot.texts.contains("echo: hello") }
            _ = try await bot.emulator.receive(text: "!block \(CloudBot.user)", from: Self.owner)
            try await until("the network blocks") { await blocked() == 1 }
            try await until("it is confirmed") { await bot.texts.contains { $0.hasPrefix("From now on I ignore") } }
            _ = try await bot.emulator.receive(text: "!unblock \(CloudBot.user)", from: Self.owner)
            try await until("the network lets in") { await blocked() == 0 }
            _ = try await bot.emulator.receive(text: "!block 15550000109 1h", from: Self.owner)
            try await until("it is confirmed") { await bot.texts.count { $0.hasPrefix("From now on I ignore") } == 2 }
            #expect(await blocked() == 0)
            await bot.emulator.advanceClock(by: .seconds(90_000))
            _ = try await bot.emulator.receive(text: "!block \(CloudBot.user)", from: Self.owner)
            try await until("the failure is told") {
                await bot.texts.contains { $0.hasPrefix("I ignore +\(CloudBot.user) all the same") }
            }
            #expect(await blocked() == 0)
            let audit = try await finish(["audit", "last", "--limit", "50"], home: bot.home)
            #expect(audit.output.contains("failed") && audit.output.contains("within 24 hours"))
            #expect(audit.output.contains(#""network":"cloud""#) && audit.output.contains(#""admission":"blocked""#))
        }
    }
}
