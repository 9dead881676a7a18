import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Heavy work from the message that asks for it to the answer.
@Suite(.timeLimit(.minutes(1))) struct HeavyWorkTests: HeavyWorkSuite {
    let door = Door()
    let seen = Recorder<String>()

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

    @Test func `gives its place back when its turn was closed by somebody else`() async throws {
        let place = Recorder<any Database>()
        let bot = try await BotUnderTest { [door, place] options in
            options.settings = ["QUEUE_MAX_DEPTH": "1"]
            options.guards = [
                TestGuard { turn in
                    guard turn.text == "big closed" else { return }
                    try await place.values[0].run("UPDATE inbox SET state = 'answered' WHERE id = \(turn.id)")
                }
            ]
            options.responders = [
                Answerer(weighing: { _ in true }) { turn in
                    try await door.pass()
                    return [.verbatim("done: \(turn.text)")]
                }
            ]
        }
        place.add(bot.database)
        try await bot.run {
            try await ask(bot, "big closed")
            #expect(await bot.isQuiet())
            try await ask(bot, "big open")
            #expect(await bot.sent(Self.processing, "done: big open"))
        }
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
}
