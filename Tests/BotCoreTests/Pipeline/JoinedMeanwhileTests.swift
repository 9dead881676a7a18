import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Two rows turn out to be one person while an answer is made, or while a message waits.
@Suite(.timeLimit(.minutes(1))) struct JoinedMeanwhileTests {
    private let younger = InboundMessage.sample("by id", from: "younger")
    private let older = InboundMessage.sample("both", from: "older")
    private let door = Door()

    /// What the network does when it joins the two: `older` stays.
    private var move: [SQL] {
        IdentityMove(personalData: CoreSchema.personalData).statements(
            of: .init(old: younger.sender.id, new: older.sender.id), in: [.init(old: younger.chat, new: older.chat)])
    }

    /// A bot that waits at the door with each answer of the younger row, and notes what it used.
    private func bot(_ settings: [String: String] = [:]) async throws -> BotUnderTest {
        let usage = Usage(operation: "chat", model: "m", host: "h", inputTokens: 1, outputTokens: 1)
        return try await BotUnderTest { [door, ids = RowIDs()] in
            $0.settings = settings
            $0.responders = [
                Answerer(takesTime: true) { turn in
                    if turn.text == "by id" { try await door.pass() }
                    let write = SQL.recordUsage(
                        usage, id: ids.next(at: turn.receivedAt), by: turn.member.id, in: turn.chat.id,
                        at: turn.receivedAt)
                    return Answer([.verbatim("re: \(turn.text) in \(turn.chat.id.name)")], writes: [write])
                }
            ]
        }
    }

    /// Whether nothing is left under the name that was given up.
    private func expectAllMoved(_ bot: BotUnderTest, messages: Int) async throws {
        for table: SQLName in ["inbox", "usage_record"] {
            let moved = try await bot.count(
                """
                SELECT COUNT(*) AS n FROM \(name: table)
                WHERE chat = \(older.chat) AND member = \(older.sender.id)
                """)
            #expect(moved == messages)
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM \(name: table)") == messages)
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM outbox WHERE chat <> \(older.chat)") == 0)
        #expect(try await bot.inboxStates() == Array(repeating: "answered", count: messages))
    }

    @Test func `the answer and what it wrote end under the name that remains`() async throws {
        let bot = try await bot()
        door.shut()
        try await bot.run {
            try await bot.receive(younger)
            #expect(await eventually { door.waiting == 1 })
            try await bot.core.inbox.receive([older], writes: move)
            #expect(await bot.sent("re: both in older"))
            door.open()
            #expect(await eventually { bot.provider.texts(in: older.chat).count == 2 })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == ["re: both in older", "re: by id in younger"])
        try await expectAllMoved(bot, messages: 2)
    }

    @Test func `what was said meanwhile under the old name moves too, and goes out once`() async throws {
        let bot = try await bot(["STILL_WORKING_SECONDS": "17"])
        door.shut()
        try await bot.run {
            try await bot.receive(younger)
            #expect(await eventually { door.waiting == 1 })
            try await bot.core.inbox.receive([older], writes: move)
            #expect(await bot.sent("re: both in older"))
            #expect(await eventually { bot.time.wakeTimes.contains(bot.time.now.adding(.seconds(17))) })
            bot.time.advance(by: .seconds(17))
            #expect(await bot.sent("re: both in older", "Still working on it…"))
            door.open()
            #expect(await eventually { bot.provider.texts(in: older.chat).contains("re: by id in younger") })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.count == 3)
        try await expectAllMoved(bot, messages: 2)
    }

    @Test func `a message that waits behind it is opened under the name that remains`() async throws {
        let bot = try await bot()
        door.shut()
        try await bot.run {
            try await bot.receive(younger)
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("behind", from: "younger"))
            try await bot.core.inbox.receive([older], writes: move)
            door.open()
            #expect(await eventually { bot.provider.texts.contains("re: behind in older") })
            #expect(await bot.isQuiet())
        }
        try await expectAllMoved(bot, messages: 3)
    }

    @Test func `a name that stays the same moves nothing`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await bot.receive(older)
            #expect(await bot.isQuiet())
        }
        let none = IdentityMove(personalData: CoreSchema.personalData).statements(
            of: .init(old: older.sender.id, new: older.sender.id), in: [.init(old: older.chat, new: older.chat)])
        #expect(none.isEmpty)
    }
}
