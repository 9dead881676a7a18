import TestKit
import Testing

@testable import WhatsAppEmulator

/// One process, one webhook, two numbers of a business.
@Suite struct SeveralNumbersTests {
    private static let second = BusinessNumber(
        phoneNumberID: "106540352242923", accountID: "102290129340398", displayNumber: "15550000002",
        verifiedName: "Martlet Shop")

    private func running(_ body: @escaping @Sendable (CloudBot) async throws -> Void) async throws {
        try await CloudBot.running(["CLOUD_NUMBERS": Self.second.phoneNumberID]) {
            $0.numbers.append(Self.second)
        } _: { bot in
            try await body(bot)
        }
    }

    /// Has the user write to the second number.
    private func writeToSecond(_ text: String, in bot: CloudBot) async throws {
        try await bot.emulator.receive([
            "from": .string(CloudBot.user), "text": .string(text),
            "phone_number_id": .string(Self.second.phoneNumberID),
        ])
    }

    @Test func `each number answers what was written to it, in a conversation of its own`() async throws {
        try await running { bot in
            let first = bot.emulator.configuration.numbers[0].phoneNumberID
            _ = try await bot.emulator.receive(text: "to the first", from: CloudBot.user)
            try await writeToSecond("to the second", in: bot)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            _ = try await bot.emulator.receive(text: "again to the first", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(3, within: .patience))
            let sent = await bot.emulator.sent()
            #expect(sent.allSatisfy { $0.user == CloudBot.user })
            #expect(
                sent.filter { $0.phoneNumberID == first }.map(\.text) == [
                    "echo: to the first", "echo: again to the first",
                ])
            #expect(
                sent.filter { $0.phoneNumberID == Self.second.phoneNumberID }.map(\.text) == ["echo: to the second"])
            // What was said to one number is no part of the conversation with the other.
            let asked = try #require(bot.model.questions.last).map(\.text)
            #expect(asked.contains("to the first") && !asked.contains { $0.contains("to the second") })
        }
    }

    @Test func `the notes of reading come from the number that was written to`() async throws {
        try await running { bot in
            try await writeToSecond("hello", in: bot)
            let notes = SentFilter(outcomes: [.receipt])
            #expect(await bot.emulator.waitForSent(1, notes, within: .patience))
            #expect(await bot.emulator.sent(notes).allSatisfy { $0.phoneNumberID == Self.second.phoneNumberID })
            #expect(await bot.emulator.waitForSent(1, within: .patience))
        }
    }

    @Test func `a number that may not send does not hold up the other`() async throws {
        try await running { bot in
            let first = bot.emulator.configuration.numbers[0].phoneNumberID
            // Meta locked the account behind the first number (131031).
            await bot.emulator.inject(
                SendFault(.error(code: 131_031, httpStatus: 403, details: nil), times: nil, phoneNumberID: first))
            _ = try await bot.emulator.receive(text: "to the first", from: CloudBot.user)
            try await bot.process.line { $0.contains(#""alert":"account_stopped""#) }
            try await writeToSecond("to the second", in: bot)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            #expect(await bot.texts == ["echo: to the second"])
            let ready = try await bot.readiness()
            #expect(ready.status == 503 && ready.body.contains(#""whatsapp":false"#), "\(ready)")
        }
    }
}
