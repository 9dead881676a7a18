import BotKit
import Foundation
import Logging
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct SpillAndRecoveryTests {
    let door = Door()
    let seen = Recorder<String>()

    private func bot(
        over database: (any Database)? = nil, _ settings: [String: String] = [:], at start: Date = .monday
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: database, at: start) {
            $0.responders = [Answerer.echo(behind: door, noting: seen)]
            $0.settings = settings
        }
    }

    private func numbered(_ range: ClosedRange<Int>, from person: String = "dana") -> [InboundMessage] {
        range.map { .sample("\($0)", from: person, at: .monday.adding(.seconds(10 * $0))) }
    }

    @Test func `a full lane spills to the table and comes back in order`() async throws {
        let bot = try await bot(["LANE_CAPACITY": "3"])
        door.shut()
        try await bot.run {
            for message in numbered(1...20) { try await bot.receive(message) }
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == (1...20).map { "\($0)" })
        #expect(seen.count == 20)
    }

    @Test func `what is stored while the table is read is neither lost nor answered twice`() async throws {
        let bot = try await bot(["LANE_CAPACITY": "1"])
        door.shut()
        try await bot.run {
            try await bot.receive(numbered(1...1)[0])
            #expect(await eventually { door.waiting == 1 })
            for message in numbered(2...3) { try await bot.receive(message) }
            // 2 waits in memory, 3 in the table. The read for 3 returns with what it saw, but is held.
            bot.database.hold("payload FROM inbox WHERE chat", afterwards: true)
            door.open()
            #expect(await eventually { bot.database.door.waiting == 1 })
            for message in numbered(4...6) { try await bot.receive(message) }
            bot.database.release()
            #expect(await eventually { bot.provider.texts.count == 6 })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == (1...6).map { "\($0)" })
        #expect(seen.count == 6)
    }

    @Test func `a burst that comes while the table is read is one turn`() async throws {
        let bot = try await bot(["SETTLE_MILLISECONDS": "400"])
        // Stored before anything runs, it is read from the table.
        try await bot.receive(.sample("one", at: bot.time.now))
        bot.database.hold("payload FROM inbox WHERE chat", afterwards: true)
        try await bot.run {
            #expect(await eventually { bot.database.door.waiting == 1 })
            try await bot.receive(.sample("two", at: bot.time.now))
            bot.database.release()
            await bot.pass(.milliseconds(400))
            #expect(await bot.sent("one\ntwo"))
        }
    }

    @Test func `a message that is stored and not yet lined up is not read from the table`() async throws {
        let bot = try await bot(["LANE_CAPACITY": "1"])
        door.shut()
        try await bot.run {
            try await bot.receive(numbered(1...1)[0])
            #expect(await eventually { door.waiting == 1 })
            for message in numbered(2...3) { try await bot.receive(message) }
            bot.database.hold("INSERT INTO inbox", afterwards: true)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bot.receive(numbered(4...4)[0]) }
                #expect(await eventually { bot.database.door.waiting == 1 })
                door.open()
                #expect(await eventually { bot.provider.texts.count == 3 })
                bot.database.release()
                try await group.waitForAll()
            }
            #expect(await eventually { bot.provider.texts.count == 4 })
            #expect(await bot.isQuiet())
        }
        #expect(seen.values == ["1", "2", "3", "4"])
    }

    @Test func `loses and repeats nothing when many write at once into small lanes`() async throws {
        let bot = try await bot(["LANE_CAPACITY": "2", "CHAT_LANES": "3"])
        try await bot.run {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            try await bot.receive(.sample("\(writer).\(number)", from: "p\(number % 3)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(await eventually { bot.provider.texts.count == 200 })
            #expect(await bot.isQuiet())
        }
        #expect(Set(bot.provider.texts).count == 200)
        #expect(seen.count == 200)
    }

    @Test func `a full inbox refuses, and takes again when it has room`() async throws {
        let bot = try await bot(["INBOX_CAPACITY": "3"])
        door.shut()
        try await bot.run {
            for message in numbered(1...3) { try await bot.receive(message) }
            let late = numbered(4...4)[0]
            await #expect(throws: Outage.self) { try await bot.receive(late) }
            // News without messages is taken all the same.
            try await bot.core.inbox.receive([], writes: ["DELETE FROM schedule WHERE name = 'none'"])
            door.open()
            #expect(await bot.isQuiet())
            try await bot.receive(late)
            #expect(await eventually { bot.provider.texts.count == 4 })
        }
    }

    @Test func `messages that could not be stored, or came twice, take no room`() async throws {
        let bot = try await bot(["INBOX_CAPACITY": "1"])
        let message = numbered(1...1)[0]
        try await bot.run {
            for _ in 1...3 {
                bot.database.fail("INSERT INTO inbox")
                await #expect(throws: DatabaseError.full) { try await bot.receive(message) }
            }
            for _ in 1...3 {
                try await bot.receive(message)
                #expect(await bot.isQuiet())
            }
            try await bot.receive(numbered(2...2)[0])
            #expect(await bot.sent("1", "2"))
        }
    }

    // MARK: - After a restart

    @Test func `what was received and not answered is answered after a restart, in order`() async throws {
        let store = try SQLiteDatabase.temporary()
        let first = try await bot(over: store)
        door.shut()
        try await first.runAndKill {
            for message in numbered(1...3) { try await first.receive(message) }
            try await first.receive(.sample("hi", from: "omer"))
            #expect(await eventually { door.waiting == 2 })
        }
        #expect(try await first.inboxStates() == ["received", "received", "received", "received"])
        door.open()
        let second = try await bot(over: store, at: .monday.adding(.seconds(60)))
        try await second.run { #expect(await second.isQuiet()) }
        #expect(second.provider.texts(in: .sample()) == ["1", "2", "3"])
        #expect(second.provider.texts(in: .sample("omer")) == ["hi"])
    }

    @Test func `new messages line up behind those from before the restart`() async throws {
        let store = try SQLiteDatabase.temporary()
        let first = try await bot(over: store)
        try await first.receive(numbered(1...1)[0])
        try await first.receive(numbered(2...2)[0])
        let second = try await bot(over: store, at: .monday.adding(.seconds(60)))
        // It comes in before the lanes have looked at what is there.
        try await second.receive(.sample("3", at: .monday.adding(.seconds(60))))
        try await second.run { #expect(await eventually { second.provider.texts.count == 3 }) }
        #expect(second.provider.texts == ["1", "2", "3"])
    }

    // MARK: - A store that fails

    @Test func `asks the model once when only the end of a turn cannot be stored`() async throws {
        let bot = try await bot()
        bot.database.fail("UPDATE inbox SET state = ?", times: 3)
        try await bot.run {
            try await bot.receive(.sample("hello"))
            #expect(await eventually { bot.log.entries.contains { $0.message.hasPrefix("the store failed") } })
            #expect(bot.provider.sendings.isEmpty)
            for _ in 1...3 { await bot.pass(.seconds(40)) }
            #expect(await bot.sent("hello"))
        }
        #expect(seen.count == 1)
        #expect(try await bot.inboxStates() == ["answered"])
    }

    @Test func `tries a turn again when the store cannot be read`() async throws {
        let bot = try await bot()
        bot.database.fail("LEFT JOIN chat_setting", times: 2, with: .busy)
        try await bot.run {
            try await bot.receive(.sample("hello"))
            await bot.pass(.seconds(40), in: 4)
            #expect(await bot.sent("hello"))
        }
        #expect(try await bot.inboxStates() == ["answered"])
    }

    @Test func `waits and reads again when the table cannot be read`() async throws {
        let bot = try await bot(["LANE_CAPACITY": "1"])
        door.shut()
        try await bot.run {
            try await bot.receive(numbered(1...1)[0])
            #expect(await eventually { door.waiting == 1 })
            for message in numbered(2...4) { try await bot.receive(message) }
            bot.database.fail("payload FROM inbox WHERE chat", times: 2, with: .busy)
            door.open()
            #expect(await eventually { bot.log.entries.contains { $0.message.hasPrefix("the store failed") } })
            for _ in 1...4 { await bot.pass(.seconds(40)) }
            #expect(await eventually { bot.provider.texts.count == 4 })
        }
        #expect(bot.provider.texts == ["1", "2", "3", "4"])
        #expect(bot.database.count("payload FROM inbox WHERE chat") <= 10)
    }

    @Test func `is never lost when parked replies cannot be let out`() async throws {
        let bot = try await bot()
        bot.provider.script(.failure(.sample(.windowClosed)))
        try await bot.run {
            try await bot.send("parked")
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            bot.database.fail("UPDATE outbox SET state = 'queued', not_before")
            let message = InboundMessage.sample("hello")
            await #expect(throws: DatabaseError.full) { try await bot.receive(message) }
            // The network delivers it again.
            try await bot.receive(message)
            #expect(await eventually { bot.provider.texts.count == 2 })
        }
        #expect(Set(bot.provider.texts) == ["parked", "hello"])
    }

    @Test func `a running answer is finished at shutdown, and what waits is left for the restart`() async throws {
        let bot = try await bot()
        door.shut()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await bot.run {
                    for message in numbered(1...2) { try await bot.receive(message) }
                    #expect(await eventually { door.waiting == 1 })
                }
            }
            #expect(await eventually { await bot.core.lanes.group.isStopped })
            door.open()
            try await group.waitForAll()
        }
        #expect(bot.provider.texts == ["1"])
        #expect(try await bot.inboxStates() == ["answered", "received"])
    }
}
