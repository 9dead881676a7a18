import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Messages that are stored for the record, such as those from before an account was linked.
@Suite(.timeLimit(.minutes(1))) struct KeptMessagesTests {
    private func keep(_ messages: InboundMessage..., in bot: BotUnderTest) async throws {
        try await bot.database.transaction(try bot.core.inbox.keeping(messages))
    }

    @Test func `they are never answered, not after a restart either`() async throws {
        let first = try await BotUnderTest()
        try await first.run {
            try await keep(.sample("old"), .sample("older", group: "g"), in: first)
            try await first.receive(.sample("new"))
            #expect(await first.sent("re: new"))
            #expect(await first.isQuiet())
        }
        let second = try await BotUnderTest(over: first.database.real)
        try await second.run { #expect(await second.isQuiet()) }
        #expect(second.provider.sendings.isEmpty)
        #expect(try await second.inboxStates() == ["stored", "stored", "answered"])
    }

    @Test func `a message that quotes one of them is understood`() async throws {
        let quoted = Recorder<QuotedMessage?>()
        let bot = try await BotUnderTest {
            $0.responders = [
                Answerer { turn in
                    quoted.add(turn.quoted)
                    return [.verbatim("ok")]
                }
            ]
        }
        try await bot.run {
            try await keep(.sample("old words", id: "m1"), in: bot)
            try await bot.receive(.sample("what did I mean?", quotes: "m1"))
            #expect(await bot.sent("ok"))
        }
        #expect(quoted.values == [QuotedMessage(id: "m1", text: "old words", isFromBot: false)])
    }

    @Test func `they change nothing about a message that is there already`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first", id: "m1"))
        try await keep(.sample("changed", id: "m1"), in: bot)
        try await bot.run { #expect(await bot.sent("re: first")) }
        #expect(try await bot.inboxStates() == ["answered"])
    }
}
