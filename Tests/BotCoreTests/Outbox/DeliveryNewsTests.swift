import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct DeliveryNewsTests {
    private func reached(_ state: DeliveryReport.State, row: Int64? = nil, id: MessageID = "net-1") -> DeliveryReport {
        DeliveryReport(row: row, message: id, event: .reached(state), at: .monday)
    }

    private func failed(_ remedy: SendFailure.Remedy, row: Int64? = nil, id: MessageID = "net-1") -> DeliveryReport {
        DeliveryReport(row: row, message: id, event: .failed(.sample(remedy)), at: .monday)
    }

    private func reached(_ bot: BotUnderTest) async throws -> Int64 {
        try await bot.database.rows("SELECT reached FROM outbox ORDER BY id LIMIT 1")[0].int("reached")
    }

    @Test func `a status only moves up, in whatever order news comes`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            for (news, expected) in [
                (DeliveryReport.State.sent, 2), (.read, 4), (.delivered, 4), (.sent, 4), (.played, 5),
            ] {
                try await bot.core.outbox.report(reached(news))
                #expect(try await reached(bot) == Int64(expected))
            }
        }
    }

    @Test func `knows its own messages by row and by name, and no others`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            let row = try await bot.send("hello")[0]
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            let outbox = bot.core.outbox
            #expect(try await outbox.knows("net-1", row: nil))
            #expect(try await outbox.knows("net-1", row: row))
            #expect(try await !outbox.knows("net-of-another", row: nil))
            #expect(try await !outbox.knows("net-of-another", row: row))
            #expect(try await !outbox.knows("net-of-another", row: row + 1))
        }
    }

    @Test func `news ends the doubt about a send that was cut`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.broken)
        try await bot.run {
            let row = try await bot.send("hello", "world")[0]
            #expect(await eventually { bot.provider.sendings.count == 1 })
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(reached(.sent, row: row, id: "net-9"))
            #expect(await bot.sent("world"))
            await bot.pass(.seconds(100))
            #expect(bot.provider.sendings.count == 2)
            // The message is known by the network's name from now on.
            #expect(try await bot.reply(to: "net-9") == "hello")
        }
        #expect(try await bot.outboxStates() == ["done", "done"])
    }

    @Test func `the failure of an attempt that was given up does not touch the one that arrived`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.broken)
        try await bot.run {
            let row = try await bot.send("hello")[0]
            #expect(await eventually { bot.provider.sendings.count == 1 })
            await bot.pass(.seconds(100))
            #expect(bot.provider.sendings.count == 2)
            try await bot.core.outbox.report(failed(.giveUp, row: row, id: "net-of-the-first-attempt"))
            try await bot.core.outbox.report(failed(.retry(after: nil), row: row, id: "net-of-the-first-attempt"))
            await bot.pass(.seconds(600), in: 10)
            #expect(bot.provider.sendings.count == 2)
        }
        #expect(try await bot.outboxStates() == ["done"])
    }

    @Test func `what is taken and fails each time is given up at its age`() async throws {
        let bot = try await BotUnderTest {
            $0.settings = ["OUTBOX_MAX_AGE_SECONDS": "60", "OUTBOX_RETRY_MAX_SECONDS": "5"]
        }
        try await bot.run {
            let row = try await bot.send("hello")[0]
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            for _ in 1...40 {
                guard try await bot.outboxStates() != ["dead"] else { break }
                let id = MessageID(
                    rawValue: try await bot.database.rows("SELECT network_id FROM outbox")[0].text("network_id"))
                try await bot.core.outbox.report(failed(.retry(after: nil), row: row, id: id))
                await bot.pass(.seconds(6), in: 3)
            }
            #expect(bot.provider.sendings.count < 30)
        }
        #expect(try await bot.outboxStates() == ["dead"])
    }

    @Test func `news that comes before the send is cut ends the doubt too`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.broken)
        bot.provider.door.shut()
        try await bot.run {
            let row = try await bot.send("hello", "world")[0]
            #expect(await eventually { bot.provider.door.waiting == 1 })
            try await bot.core.outbox.report(reached(.delivered, row: row, id: "net-9"))
            bot.provider.door.open()
            #expect(await bot.sent("world"))
            await bot.pass(.seconds(100))
            #expect(bot.provider.sendings.count == 2)
        }
    }

    @Test func `news between the wait and the repetition keeps it from going out again`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.broken)
        try await bot.run {
            let row = try await bot.send("hello")[0]
            #expect(await bot.isQuiet())
            bot.database.hold("UPDATE outbox SET state = 'sending'")
            bot.time.advance(by: .seconds(45))
            #expect(await eventually { bot.database.door.waiting == 1 })
            try await bot.core.outbox.report(reached(.sent, row: row, id: "net-9"))
            bot.database.release()
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.sendings.count == 1)
        #expect(try await bot.outboxStates() == ["done"])
    }

    @Test func `a failure after the delivery is not believed`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(reached(.delivered))
            try await bot.core.outbox.report(failed(.giveUp))
            try await bot.core.outbox.report(failed(.retry(after: nil)))
            await bot.pass(.seconds(60))
        }
        #expect(try await bot.outboxStates() == ["done"])
        #expect(bot.provider.sendings.count == 1)
        #expect(bot.log.alerts == [])
    }

    @Test func `a late failure makes it go out again, later each time`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_RETRY_MILLISECONDS": "1000"] }
        try await bot.run {
            try await bot.send("hello")
            for attempt in 1...5 {
                #expect(await eventually { bot.provider.accepted.count == attempt })
                #expect(await bot.isQuiet())
                let id = try #require(bot.provider.accepted.last?.id)
                try await bot.core.outbox.report(failed(.retry(after: nil), id: id))
                while bot.provider.accepted.count == attempt { await bot.pass(.milliseconds(100)) }
            }
        }
        let times = bot.provider.sendings.map { $0.at.timeIntervalSince(.monday) }
        #expect(times[5] - times[4] >= 8)
    }

    @Test func `late news of an earlier attempt does not end the one that waits`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed(.retry(after: .seconds(60))))
            // The network tells in the wrong order.
            try await bot.core.outbox.report(reached(.sent))
            await bot.pass(.seconds(61))
            #expect(await bot.sent("hello", "hello"))
        }
    }

    @Test func `late news does not make a parked reply disappear`() async throws {
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed(.windowClosed))
            try await bot.core.outbox.report(reached(.sent))
            #expect(try await bot.outboxStates() == ["parked"])
            try await bot.receive(.sample("hi"))
            #expect(await bot.sent("hello", "hello"))
        }
    }

    @Test func `late news of a closed window does not keep back what the member has opened it for, but once`()
        async throws
    {
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(5))
            try await bot.receive(.sample("hi", receivedAt: bot.time.now))
            #expect(await bot.isQuiet())
            // The network's clock may be anywhere, so its times are not asked.
            try await bot.core.outbox.report(failed(.windowClosed))
            #expect(await bot.sent("hello", "hello"))
            #expect(await bot.isQuiet())
            let id = try #require(bot.provider.accepted.last?.id)
            try await bot.core.outbox.report(failed(.windowClosed, id: id))
            #expect(await bot.isQuiet())
            #expect(try await bot.outboxStates() == ["parked"], "\(id.rawValue)")
            #expect(await bot.sent("hello", "hello"))
        }
    }

    @Test func `the message that a reply answers did not open the window again`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.receive(.sample("hello"))
            #expect(await bot.sent("re: hello"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed(.windowClosed))
            #expect(await bot.isQuiet())
            #expect(await bot.sent("re: hello"))
            #expect(try await bot.outboxStates() == ["parked"])
        }
    }

    @Test func `a second attempt that is cut is in doubt like the first`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            bot.provider.script(.broken)
            try await bot.core.outbox.report(failed(.retry(after: .seconds(60))))
            await bot.pass(.seconds(61))
            #expect(await eventually { bot.provider.sendings.count == 2 })
            await bot.pass(.seconds(45))
            #expect(await bot.sent("hello", "hello"))
        }
    }

    @Test func `a late failure of an account holds it and keeps the reply`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed(.stopAccount))
            #expect(bot.log.alerts == ["account_stopped"])
            try await bot.send("hi", to: .sample("omer"))
            await bot.pass(.seconds(599))
            #expect(bot.provider.accepted.count == 1)
            await bot.pass(.seconds(1))
            #expect(await eventually { bot.provider.accepted.count == 2 })
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(reached(.sent, id: try #require(bot.provider.accepted.last?.id)))
            #expect(await eventually { bot.provider.accepted.count == 3 })
        }
    }

    @Test func `a late failure that nothing can mend is a dead letter`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.sent("hello"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed(.giveUp))
            try await bot.core.outbox.report(failed(.giveUp))
        }
        #expect(try await bot.outboxStates() == ["dead"])
        #expect(bot.log.alerts == ["not_delivered"])
    }

    @Test func `news of a message that is not ours changes nothing`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.core.outbox.report(reached(.read, row: 12, id: "stranger"))
            try await bot.core.outbox.report(failed(.giveUp, id: "stranger"))
        }
        #expect(try await bot.outboxStates() == [])
    }

    // MARK: - Order by news

    @Test func `waits for news before the next in a chat, to keep their order`() async throws {
        let bot = try await BotUnderTest { $0.abilities.orderWait = .seconds(5) }
        try await bot.run {
            try await bot.send("one", "two", "three")
            #expect(await bot.sent("one"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(reached(.sent))
            #expect(await bot.sent("one", "two"))
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(4_999))
            #expect(bot.provider.texts.count == 2)
            await bot.pass(.milliseconds(1))
            #expect(await bot.sent("one", "two", "three"))
        }
    }

    @Test func `waits for news of the last reply also when the next one comes later`() async throws {
        let bot = try await BotUnderTest { $0.abilities.orderWait = .seconds(5) }
        try await bot.run {
            try await bot.send("one")
            #expect(await bot.sent("one"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(1))
            try await bot.send("two")
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == ["one"])
            await bot.pass(.seconds(4))
            #expect(await bot.sent("one", "two"))
        }
    }

    @Test func `news that comes before the send returns counts`() async throws {
        let bot = try await BotUnderTest { $0.abilities.orderWait = .seconds(5) }
        bot.provider.door.shut()
        try await bot.run {
            let row = try await bot.send("one", "two")[0]
            #expect(await eventually { bot.provider.door.waiting == 1 })
            try await bot.core.outbox.report(reached(.sent, row: row))
            bot.provider.door.open()
            #expect(await bot.sent("one", "two"))
        }
    }
}

extension BotUnderTest {
    /// What we said in the message that the network knows as `id`.
    func reply(to id: MessageID, in chat: ChatID = .sample()) async throws -> String? {
        try await OutboxStore(database: database).quoted(id, in: chat)?.text
    }
}
