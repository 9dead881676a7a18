import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What becomes of heavy work while it waits or is done: crashes, clocks, joins, erasure, second thoughts.
@Suite(.timeLimit(.minutes(1))) struct WaitingWorkTests: HeavyWorkSuite {
    let door = Door()
    let seen = Recorder<String>()

    @Test func `goes on at once when the clock is set back, also over a restart`() async throws {
        let first = try await bot(["QUEUE_CONCURRENCY": "1"])
        door.shut()
        try await first.runAndKill {
            for number in 1...2 { try await ask(first, "big \(number)") }
            #expect(await eventually { first.provider.texts.count == 2 && door.waiting == 1 })
            first.time.advance(by: .seconds(-3_600))
            door.letOneThrough()
            #expect(await eventually { seen.count == 2 && door.waiting == 1 })
        }
        let second = try await BotUnderTest(over: first.database.real, at: .monday.addingTimeInterval(-7_200)) {
            $0.responders = [Answerer(weighing: { _ in true }) { [.verbatim("done: \($0.text)")] }]
        }
        try await second.run { #expect(await second.sent("done: big 2")) }
    }

    @Test func `is answered under the name that its chat bears by now, at the last attempt too`() async throws {
        let bot = try await bot(["QUEUE_ATTEMPTS": "1"])
        door.shut()
        try await bot.run {
            try await ask(bot, "big one")
            #expect(await eventually { door.waiting == 1 })
            try await rename(in: bot)
            door.open()
            #expect(await eventually { bot.provider.texts(in: .sample("dana2")) == ["done: big one"] })
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.database.deadLetters().isEmpty)
    }

    @Test func `is answered by whom it was let in for, whatever its words have come to mean`() async throws {
        let secret = TestCommand(words: ["secret"], needs: Permission("test", .owner)) { _, _ in
            [.verbatim("the secret")]
        }
        let bot = try await BotUnderTest { [door] options in
            options.settings = ["QUEUE_CONCURRENCY": "1"]
            options.abilities = Abilities(textLimit: 4_096, buttons: 0)
            options.responders = [
                secret,
                Answerer(accepting: { CommandCall($0.choice ?? $0.text) == nil }, weighing: { _ in true }) { turn in
                    try await door.pass()
                    return [.verbatim("done: \(turn.text)")]
                },
            ]
        }
        door.shut()
        try await bot.run {
            try await ask(bot, "big wait", from: "noam")
            #expect(await eventually { door.waiting == 1 })
            try await ask(bot, "1")
            #expect(await eventually { bot.provider.texts.count == 2 })
            // Now the number means a command that its member may not use.
            try await ask(bot, "!secrte")
            #expect(await eventually { bot.provider.texts.count == 3 })
            door.open()
            #expect(await eventually { bot.provider.texts.count == 5 })
        }
        #expect(bot.provider.texts.last == "done: 1")
        #expect(!bot.provider.texts.contains("the secret"))
    }

    @Test func `tells its member that it failed under the name that the chat bears by now`() async throws {
        let bot = try await bot(["QUEUE_ATTEMPTS": "1"]) { [door] _ in
            try await door.pass()
            throw Outage("model", "down")
        }
        door.shut()
        try await bot.run {
            try await ask(bot, "big one")
            #expect(await eventually { door.waiting == 1 })
            try await rename(in: bot)
            door.open()
            #expect(await eventually { bot.provider.texts(in: .sample("dana2")).count == 1 })
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.database.deadLetters().isEmpty)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'outage'") == 1)
    }

    @Test func `keeps its question while it waits, however long`() async throws {
        let bot = try await bot()
        door.shut()
        try await bot.runAndKill {
            try await ask(bot, "big one")
            #expect(await eventually { door.waiting == 1 })
        }
        let prune = try PruneExpiredHandler.sample(over: bot.database, runningHours: 24)
        _ = try await prune.run(PruneExpired(), at: .monday.addingTimeInterval(86_400 * 40))
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox") == 1)
        try await bot.database.run("DELETE FROM job")
        _ = try await prune.run(PruneExpired(), at: .monday.addingTimeInterval(86_400 * 40))
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox") == 0)
    }

    /// The third message of a minute is one too many; `!stop` is a word that ends what is made.
    private func floodedBot() async throws -> BotUnderTest {
        try await BotUnderTest { [door] options in
            options.settings = ["FLOOD_LIMIT": "2", "QUEUE_CONCURRENCY": "1"]
            options.responders = [
                TestCommand(words: ["stop"], stopsRunningAnswer: true) { _, _ in [.verbatim("stopped")] },
                Answerer(weighing: { _ in true }) { _ in
                    try await door.pass()
                    return [.verbatim("done")]
                },
            ]
        }
    }

    @Test func `may be stopped by who is silenced for writing too much`() async throws {
        let bot = try await floodedBot()
        door.shut()
        try await bot.run {
            for number in 1...2 { try await ask(bot, "big \(number)") }
            #expect(await eventually { bot.provider.texts.count == 2 && door.waiting == 1 })
            // The word itself is one too many.
            try await ask(bot, "!stop")
            #expect(await eventually { door.waiting == 0 })
            #expect(await bot.isQuiet())
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1") == 0)
        }
        #expect(!bot.provider.texts.contains("done") && !bot.provider.texts.contains("stopped"))
    }

    @Test func `what begins while it is being stopped is stopped, too`() async throws {
        let bot = try await floodedBot()
        door.shut()
        try await bot.run {
            for number in 1...2 { try await ask(bot, "big \(number)") }
            #expect(await eventually { bot.provider.texts.count == 2 && door.waiting == 1 })
            bot.database.hold("UPDATE inbox SET state = 'stopped'")
            try await ask(bot, "!stop")
            // The first has ended, and the second was taken.
            #expect(
                await eventually {
                    guard bot.database.count("ORDER BY place, id LIMIT") >= 2 else { return false }
                    return await bot.core.jobs.isIdle(by: bot.time.now)
                })
            let running = try await bot.count("SELECT COUNT(*) AS n FROM job WHERE state = 'running'")
            #expect(running == 2)
            bot.database.release()
            #expect(await bot.isQuiet())
            #expect(door.waiting == 0)
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1") == 0)
        }
        #expect(!bot.provider.texts.contains("done"))
    }

    @Test func `is done once after the process was killed in the middle of it`() async throws {
        door.shut()
        let first = try await bot()
        try await first.runAndKill {
            try await ask(first, "big one")
            #expect(await first.sent(Self.processing))
            #expect(await eventually { door.waiting == 1 })
        }
        let second = try await bot(over: first.database.real)
        door.open()
        try await second.run {
            #expect(await second.sent("done: big one"))
            #expect(await second.isQuiet())
        }
        #expect(try await second.count("SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1") == 0)
    }

    @Test func `is not tried while its account has no connection, and is done when it has one, also over a restart`()
        async throws
    {
        let bot = try await bot(["QUEUE_ATTEMPTS": "1"])
        bot.provider.set(isConnected: false)
        try await bot.runAndKill {
            try await ask(bot, "big one")
            #expect(await bot.sent(Self.processing))
            #expect(await bot.isQuiet())
            #expect(seen.values.isEmpty)
            bot.provider.set(isConnected: true)
            bot.time.advance(by: .milliseconds(500))
            #expect(await bot.sent(Self.processing, "done: big one"))
            bot.provider.set(isConnected: false)
            try await ask(bot, "big two")
            #expect(await eventually { bot.provider.texts.count == 3 })
        }
        let second = try await self.bot(["QUEUE_ATTEMPTS": "1"], over: bot.database.real)
        second.provider.set(isConnected: false)
        try await second.run {
            #expect(await second.isQuiet())
            #expect(seen.values == ["big one"])
            second.provider.set(isConnected: true)
            second.time.advance(by: .milliseconds(500))
            #expect(await eventually { second.provider.texts.last == "done: big two" })
        }
    }

    @Test func `is given up when its account has had no connection for a day`() async throws {
        let bot = try await bot(["QUEUE_ATTEMPTS": "1"]) { _ in throw Outage("file", "gone") }
        bot.provider.set(isConnected: false)
        try await bot.run {
            try await ask(bot, "big one")
            #expect(await bot.sent(Self.processing))
            #expect(await bot.isQuiet())
            bot.time.advance(by: .seconds(86_400))
            #expect(await eventually { bot.provider.texts.count == 2 })
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'outage'") == 1)
    }

    @Test func `says nothing to whom somebody shut out meanwhile`() async throws {
        door.shut()
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        try await bot.run {
            try await ask(bot, "big wait", from: "noam")
            #expect(await eventually { door.waiting == 1 })
            try await ask(bot, "big one")
            #expect(await eventually { bot.provider.texts.count == 2 })
            let ledger = AccessLedger(
                database: bot.database, ids: bot.ids, settings: try BotUnderTest.settings().access)
            try await bot.database.transaction(
                ledger.admitting(.blocked, .member(.sample()), until: nil, at: bot.time.now))
            door.open()
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == [Self.processing, Self.processing + Self.one, "done: big wait"])
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'blocked'") == 1)
    }

    @Test func `goes when its messages were erased meanwhile`() async throws {
        door.shut()
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        try await bot.run {
            try await ask(bot, "big wait", from: "noam")
            #expect(await eventually { door.waiting == 1 })
            try await ask(bot, "big one")
            #expect(await eventually { bot.provider.texts.count == 2 })
            try await bot.database.run("DELETE FROM inbox WHERE member = \(MemberID.sample())")
            door.open()
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.count == 3)
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1") == 0)
    }

    @Test func `goes with its member's data, be it asked for or being done`() async throws {
        door.shut()
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        try await bot.run {
            for person in ["dana", "dana", "noam"] { try await ask(bot, "big by \(person)", from: person) }
            #expect(await eventually { bot.provider.texts.count == 3 && door.waiting == 1 })
            bot.time.advance(by: .seconds(1))
            let scope = try await bot.finder.scope(.person, of: .sample(), in: .sample(), words: [])
            try await bot.erasure.erase(scope, [.record], until: bot.time.now)
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1") == 1)
            door.open()
            #expect(await eventually { bot.provider.texts.last == "done: big by noam" })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.count == 4)
    }

    @Test func `that was cancelled ends at once, and says nothing`() async throws {
        door.shut()
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        let desk = QueueDesk(database: bot.database, running: bot.underWay, time: bot.time)
        try await bot.run {
            try await ask(bot, "big 1")
            #expect(await eventually { door.waiting == 1 })
            try await ask(bot, "big 2")
            try await ask(bot, "big 3", from: "noam")
            #expect(await eventually { bot.provider.texts.count == 3 })
            let cancelled = try await desk.cancel(of: .sample(), in: .sample())
            #expect(cancelled.count == 2)
            #expect(await eventually { seen.values.last == "big 3" || door.waiting == 0 })
            try await bot.database.transaction(cancelled.writes)
            await bot.core.jobs.wake()
            #expect(await eventually { seen.values == ["big 1", "big 3"] })
            door.open()
            #expect(await eventually { bot.provider.texts.last == "done: big 3" })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.count == 4)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'stopped'") == 2)
    }

    @Test func `is shown in the order in which it will be done`() async throws {
        door.shut()
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        let desk = QueueDesk(database: bot.database, running: bot.underWay, time: bot.time)
        try await bot.run {
            for (text, person) in [("big 1", "dana"), ("big 2", "dana"), ("big 3", "noam")] {
                try await ask(bot, text, from: person)
                #expect(await eventually { bot.provider.texts.last?.hasPrefix("Processing") == true })
                #expect(await eventually { door.waiting == 1 })
            }
            #expect(await eventually { bot.provider.texts.count == 3 })
            let work = try await desk.work(limit: 2)
            #expect(work.running == 1 && work.waiting == 2 && work.members == 2 && work.pieces.count == 2)
            let rows = try await bot.database.rows("SELECT id FROM inbox ORDER BY id").map { try $0.int("id") }
            #expect(work.pieces.map(\.reference) == [rows[0], rows[2]].map { TurnReference.of($0) })
            #expect(work.pieces[0].isRunning && !work.pieces[1].isRunning)
            let one = try await desk.cancel(reference: TurnReference.of(rows[1]).lowercased())
            #expect(one.count == 1)
            try await bot.database.transaction(one.writes)
            #expect(try await desk.cancel(reference: "no such").count == 0)
            door.open()
            #expect(await eventually { bot.provider.texts.count == 6 })
            #expect(await bot.isQuiet())
        }
        #expect(seen.values == ["big 1", "big 3"])
        #expect(bot.provider.texts.count { $0.hasPrefix("Whoever runs me took this out of the queue") } == 1)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE refusal = 'work_cancelled'") == 1)
    }
}
