import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// An answer that takes the place of the notice that it takes time.
@Suite(.timeLimit(.minutes(1))) struct EditTests {
    let door = Door()
    let quotes = Recorder<QuotedMessage?>()

    /// A bot whose answers wait at the door; a turn that quotes something notes it.
    private func bot(
        over database: (any Database)? = nil, window: Duration? = .seconds(900), choosesIDs: Bool = true,
        saying answer: [Reply] = [.verbatim("done")]
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: database) { [door, quotes] in
            $0.abilities.editWindow = window
            $0.abilities.choosesMessageIDs = choosesIDs
            $0.abilities.textLimit = 30
            $0.settings = ["STILL_WORKING_SECONDS": "17"]
            $0.responders = [
                Answerer(takesTime: true) { turn in
                    quotes.add(turn.quoted)
                    try await door.pass()
                    return Answer(answer)
                }
            ]
        }
    }

    private func waitForNotice(_ bot: BotUnderTest) async throws {
        #expect(await eventually { bot.time.wakeTimes.contains(bot.time.now.adding(.seconds(17))) })
        bot.time.advance(by: .seconds(17))
        #expect(await bot.sent("Still working on it…"))
        #expect(try await bot.isStored(done: 1))
    }

    /// Has a member wait for an answer, past the notice.
    private func answered(_ bot: BotUnderTest, after wait: Duration = .seconds(60)) async throws {
        door.shut()
        try await bot.receive(.sample())
        try await waitForNotice(bot)
        bot.time.advance(by: wait)
        door.open()
    }

    @Test(arguments: [true, false])
    func `the answer takes the place of the notice, whoever chooses the ids`(_ choosesIDs: Bool) async throws {
        let bot = try await bot(choosesIDs: choosesIDs)
        try await bot.run {
            try await answered(bot)
            #expect(await bot.sent("Still working on it…", "done"))
            let notice = try #require(bot.provider.accepted[0].id)
            #expect(bot.provider.accepted.map(\.message.edits) == [nil, notice])
            #expect(bot.provider.accepted[1].id != notice)
            // Who quotes the message now means the answer.
            #expect(try await bot.isStored(done: 2))
            try await bot.receive(.sample("what?", quotes: notice))
            #expect(await eventually { quotes.values.last == QuotedMessage(id: notice, text: "done", isFromBot: true) })
        }
    }

    @Test func `only the first part of a long answer does, and nothing but words`() async throws {
        let long = try await bot(saying: [.verbatim("one two three four five six seven eight"), .verbatim("more")])
        try await long.run {
            try await answered(long)
            #expect(await eventually { long.provider.accepted.count == 4 })
            #expect(long.provider.accepted.map { $0.message.edits != nil } == [false, true, false, false])
        }
        let menu = Menu(question: .verbatim("which?"), options: [.init(id: "a", title: .verbatim("A"))])
        let asking = try await bot(saying: [.menu(menu)])
        try await asking.run {
            try await answered(asking)
            #expect(await eventually { asking.provider.accepted.count == 2 })
            #expect(asking.provider.accepted[1].message.edits == nil)
        }
    }

    @Test func `where nothing can be edited it is a message of its own`() async throws {
        let bot = try await bot(window: nil)
        try await bot.run {
            try await answered(bot)
            #expect(await bot.sent("Still working on it…", "done"))
            #expect(bot.provider.accepted.map(\.message.edits) == [nil, nil])
        }
    }

    @Test func `when the time for edits is over it is a message of its own`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await answered(bot, after: .seconds(901))
            #expect(await bot.sent("Still working on it…", "done"))
            #expect(bot.provider.accepted.map(\.message.edits) == [nil, nil])
        }
    }

    @Test func `an edit that failed is tried again as one, until the time for it is over`() async throws {
        let bot = try await bot()
        try await bot.run {
            door.shut()
            try await bot.receive(.sample())
            try await waitForNotice(bot)
            bot.provider.script(
                .failure(.sample(.retry(after: .seconds(60)))), .failure(.sample(.retry(after: .seconds(901)))))
            door.open()
            #expect(await eventually { bot.provider.sendings.count == 2 })
            await bot.pass(.seconds(60))
            #expect(await eventually { bot.provider.sendings.count == 3 })
            await bot.pass(.seconds(901))
            #expect(await bot.sent("Still working on it…", "done"))
            #expect(bot.provider.sendings.map { $0.message.edits != nil } == [false, true, true, false])
            #expect(Set(bot.provider.sendings.dropFirst().map(\.message.messageID)).count == 1)
        }
    }

    @Test func `an edit that the network refuses becomes a message of its own, at once`() async throws {
        let bot = try await bot()
        try await bot.run {
            door.shut()
            try await bot.receive(.sample())
            try await waitForNotice(bot)
            bot.provider.script(.failure(.sample(.giveUp)))
            door.open()
            #expect(await bot.sent("Still working on it…", "done"))
            #expect(bot.provider.sendings.map { $0.message.edits != nil } == [false, true, false])
        }
        #expect(try await bot.outboxStates() == ["done", "done"])
        #expect(bot.log.alerts.isEmpty)
    }

    @Test func `a notice that never went out is not edited`() async throws {
        let bot = try await bot()
        try await bot.run {
            door.shut()
            bot.provider.script(.failure(.sample(.giveUp)))
            try await bot.receive(.sample())
            #expect(await eventually { bot.time.wakeTimes.contains(bot.time.now.adding(.seconds(17))) })
            bot.time.advance(by: .seconds(17))
            #expect(try await eventually { try await bot.outboxStates() == ["dead"] })
            door.open()
            #expect(await bot.sent("done"))
            #expect(bot.provider.accepted.map(\.message.edits) == [nil])
        }
    }

    @Test func `after a kill between the notice and the answer, the answer still takes its place, once`() async throws {
        let first = try await bot()
        door.shut()
        try await first.runAndKill {
            try await first.receive(.sample())
            try await waitForNotice(first)
        }
        let notice = try #require(first.provider.accepted[0].id)
        door.open()
        let second = try await bot(over: first.database.real)
        try await second.run {
            #expect(await second.sent("done"))
            #expect(second.provider.accepted.map(\.message.edits) == [notice])
        }
        #expect(try await second.outboxStates() == ["done", "done"])
    }

    @Test func `a kill while the edit is under way repeats it under the same id`() async throws {
        let first = try await bot()
        try await first.runAndKill {
            door.shut()
            try await first.receive(.sample())
            try await waitForNotice(first)
            first.provider.door.shut()
            door.open()
            #expect(await eventually { first.provider.sendings.count == 2 })
        }
        let second = try await bot(over: first.database.real)
        try await second.run {
            _ = await second.isQuiet()
            await second.pass(.seconds(60))
            #expect(await second.sent("done"))
        }
        let (cut, again) = (first.provider.sendings[1].message, second.provider.sendings[0].message)
        #expect(cut.edits != nil && cut.edits == again.edits && cut.messageID == again.messageID)
    }

    @Test func `a refusal that the store could not note is met again after a kill, and nothing is lost`() async throws {
        let first = try await bot()
        try await first.runAndKill {
            door.shut()
            try await first.receive(.sample())
            try await waitForNotice(first)
            first.provider.script(.failure(.sample(.giveUp)))
            first.database.fail("UPDATE outbox SET payload", times: 1)
            door.open()
            #expect(await eventually { first.database.count("UPDATE outbox SET payload") == 1 })
        }
        let second = try await bot(over: first.database.real)
        second.provider.script(.failure(.sample(.giveUp)))
        try await second.run {
            _ = await second.isQuiet()
            await second.pass(.seconds(60))
            #expect(await second.sent("done"))
            #expect(second.provider.sendings.map { $0.message.edits != nil } == [true, false])
        }
    }
}

extension BotUnderTest {
    /// Waits until the store knows that so many replies went out.
    fileprivate func isStored(done count: Int) async throws -> Bool {
        try await eventually { try await outboxStates().filter { $0 == "done" }.count == count }
    }
}
