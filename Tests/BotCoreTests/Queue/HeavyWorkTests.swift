import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Heavy work from the message that asks for it to the answer.
@Suite(.timeLimit(.minutes(1))) struct HeavyWorkTests {
    let door = Door()
    let seen = Recorder<String>()
    private static let processing = "Processing… I'll write to you when it's ready."
    private static let one = " 1 job is ahead of you."

    private func bot(
        _ settings: [String: String] = [:], over database: (any Database)? = nil,
        _ answering: (@Sendable (Turn) async throws -> Answer)? = nil
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: database) { options in
            options.settings = settings
            let answering: @Sendable (Turn) async throws -> Answer =
                answering ?? { [door, seen] turn in
                    seen.add(turn.text)
                    try await door.pass()
                    return [.verbatim("done: \(turn.text)")]
                }
            options.responders = [
                Answerer(weighing: { $0.text.hasPrefix("big") }, answering: answering)
            ]
        }
    }

    private func ask(_ bot: BotUnderTest, _ text: String, from person: String = "dana") async throws {
        try await bot.receive(.sample(text, from: person, at: bot.time.now))
    }

    @Test func `is answered with a receipt first, then with the result, which quotes the question`() async throws {
        let bot = try await bot()
        door.shut()
        try await bot.run {
            try await ask(bot, "big one")
            #expect(await bot.sent(Self.processing))
            #expect(await eventually { door.waiting == 1 })
            #expect(try await bot.inboxStates() == ["answered"])
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'queued'") == 1)
            door.open()
            #expect(await bot.sent(Self.processing, "done: big one"))
            #expect(await bot.isQuiet())
        }
        let quotes = bot.provider.sendings.map(\.message.reply.quotes)
        #expect(quotes[0] != nil && quotes[0] == quotes[1])
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE kind = 'core.turn'") == 0)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'answered'") == 1)
    }

    @Test func `holds up neither its own chat nor others`() async throws {
        let bot = try await bot()
        door.shut()
        try await bot.run {
            try await ask(bot, "big one")
            #expect(await eventually { door.waiting == 1 })
            door.open()
            door.shut()
            try await ask(bot, "big two")
            #expect(await eventually { seen.values.count == 2 })
            #expect(try await eventually { try await bot.inboxStates() == ["answered", "answered"] })
            door.open()
        }
    }

    @Test func `says how much goes before`() async throws {
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        door.shut()
        try await bot.run {
            try await ask(bot, "big 1")
            #expect(await eventually { door.waiting == 1 })
            try await ask(bot, "big 2")
            #expect(await bot.sent(Self.processing, Self.processing + Self.one))
            try await ask(bot, "big 3")
            #expect(await eventually { bot.provider.texts.last == Self.processing + " 2 jobs are ahead of you." })
            // Whoever brings a first piece goes before what others bring as their second.
            try await ask(bot, "big 4", from: "noam")
            #expect(await eventually { bot.provider.texts.last == Self.processing + Self.one })
            door.open()
            #expect(await eventually { bot.provider.texts.count == 8 })
        }
        #expect(seen.values == ["big 1", "big 4", "big 2", "big 3"])
    }

    @Test func `is refused when the queue is full, exactly at the limit, and costs nothing then`() async throws {
        let bot = try await bot(["QUEUE_MAX_DEPTH": "3", "QUEUE_CONCURRENCY": "2"])
        door.shut()
        try await bot.run {
            for number in 1...4 { try await ask(bot, "big \(number)", from: "p\(number)") }
            #expect(await eventually { bot.provider.texts.count == 4 })
            #expect(bot.provider.texts.count { $0.hasPrefix("Processing") } == 3)
            #expect(bot.provider.texts.contains("The system is busy. Please try again in a few minutes."))
            #expect(await eventually { door.waiting == 2 })
            door.letOneThrough()
            #expect(await eventually { bot.provider.texts.count == 5 })
            let left: SQL = "SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1"
            #expect(try await eventually { try await bot.count(left) == 2 })
            try await ask(bot, "big 5", from: "p5")
            #expect(await eventually { bot.provider.texts.count == 6 })
            #expect(bot.provider.texts.count { $0.hasPrefix("Processing") } == 4)
            door.open()
        }
    }

    @Test func `comes to its turn however many others bring their first meanwhile`() async throws {
        let bot = try await bot(["QUEUE_CONCURRENCY": "1"])
        door.shut()
        try await bot.run {
            for number in 1...2 { try await ask(bot, "big a\(number)") }
            #expect(await eventually { bot.provider.texts.count == 2 && door.waiting == 1 })
            for number in 1...8 {
                try await ask(bot, "big b\(number)", from: "p\(number)")
                #expect(await eventually { bot.provider.texts.count { $0.hasPrefix("Processing") } == 2 + number })
                door.letOneThrough()
                #expect(await eventually { seen.count == 1 + number && door.waiting == 1 })
            }
            door.open()
            #expect(await eventually { bot.provider.texts.count == 20 })
        }
        #expect(try #require(seen.values.firstIndex(of: "big a2")) <= 2)
    }

    @Test func `is let in exactly as often as there is room, when all come at once`() async throws {
        let bot = try await bot(["QUEUE_MAX_DEPTH": "30"])
        door.shut()
        try await bot.run {
            let messages = (1...40).map { InboundMessage.sample("big \($0)", from: "p\($0)", at: bot.time.now) }
            try await bot.core.inbox.receive(messages, writes: [])
            #expect(await eventually { bot.provider.texts.count == 40 })
            #expect(bot.provider.texts.count { $0.hasPrefix("Processing") } == 30)
            door.open()
            #expect(await eventually { bot.provider.texts.count == 70 })
        }
    }

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
            let move = IdentityMove(personalData: CoreSchema.personalData)
            try await bot.database.transaction(
                move.statements(
                    of: .init(old: .sample(), new: .sample("dana2")),
                    in: [.init(old: .sample(), new: .sample("dana2"))]))
            door.open()
            #expect(await eventually { bot.provider.texts(in: .sample("dana2")) == ["done: big one"] })
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.database.deadLetters().isEmpty)
    }

    @Test func `may be stopped by who is silenced for writing too much`() async throws {
        let stop = TestCommand(words: ["stop"], stopsRunningAnswer: true) { _, _ in [.verbatim("stopped")] }
        let bot = try await BotUnderTest { [door] options in
            options.settings = ["FLOOD_LIMIT": "2", "QUEUE_CONCURRENCY": "1"]
            options.responders = [
                stop,
                Answerer(weighing: { _ in true }) { _ in
                    try await door.pass()
                    return [.verbatim("done")]
                },
            ]
        }
        door.shut()
        try await bot.run {
            for number in 1...3 { try await ask(bot, "big \(number)") }
            #expect(await eventually { bot.provider.texts.count == 3 && door.waiting == 1 })
            try await ask(bot, "!stop")
            #expect(await eventually { door.waiting == 0 })
            #expect(await bot.isQuiet())
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE is_heavy = 1") == 0)
        }
        #expect(!bot.provider.texts.contains("done") && !bot.provider.texts.contains("stopped"))
    }

    @Test func `does only so many at once, by turns between the members`() async throws {
        let bot = try await bot(["QUEUE_CONCURRENCY": "2"])
        door.shut()
        try await bot.run {
            for number in 1...6 { try await ask(bot, "big a\(number)", from: "dana") }
            #expect(await eventually { bot.provider.texts.count == 6 && door.waiting == 2 })
            for number in 1...2 { try await ask(bot, "big b\(number)", from: "noam") }
            #expect(await eventually { bot.provider.texts.count == 8 })
            for done in 1...8 {
                #expect(await eventually { door.waiting >= min(2, 9 - done) })
                #expect(door.waiting <= 2)
                door.letOneThrough()
                #expect(await eventually { bot.provider.texts.count == 8 + done })
            }
        }
        #expect(Set(seen.values.prefix(2)) == ["big a1", "big a2"])
        // Noam's first comes before Dana's third, and from then on they take turns.
        #expect(seen.values[2] == "big b1")
        #expect(Set(seen.values[3...5]) == ["big a3", "big a4", "big b2"])
    }

    @Test func `is tried three times, then its member is told, and nothing is kept as a dead letter`() async throws {
        let tries = Recorder<Date>()
        let bot = try await bot { turn in
            tries.add(turn.receivedAt)
            throw Outage("model", "down")
        }
        try await bot.run {
            try await ask(bot, "big one")
            #expect(await eventually { tries.count == 1 })
            await bot.pass(.seconds(30), in: 60)
            #expect(await eventually { bot.provider.texts.count == 2 })
        }
        #expect(tries.count == 3)
        #expect(bot.provider.texts[1].contains("busy") || bot.provider.texts[1].contains("available"))
        #expect(try await bot.database.deadLetters().isEmpty)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'outage'") == 1)
    }

    @Test func `that is refused, or fails by our own fault, says so at once`() async throws {
        let bot = try await bot { turn in
            if turn.text == "big no" { throw Refusal(.no, reason: "test") }
            throw Defect("of our own making")
        }
        try await bot.run {
            try await ask(bot, "big no")
            #expect(await bot.sent(Self.processing, "No."))
            try await ask(bot, "big bang")
            #expect(await eventually { bot.provider.texts.count == 4 })
        }
        #expect(bot.provider.texts[3].contains("Something went wrong"))
        #expect(try await bot.database.deadLetters().isEmpty)
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
