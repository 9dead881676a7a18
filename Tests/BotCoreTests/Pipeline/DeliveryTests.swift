import BotKit
import Foundation
import Logging
import TestKit
import Testing

@testable import BotCore

/// The end of a turn is one transaction.
@Suite(.timeLimit(.minutes(1))) struct DeliveryTests {
    private func note(_ text: String?) -> SQL {
        "INSERT INTO schedule (name, cron, next_at) VALUES (\(text), 'written', 0)"
    }

    private func bot(_ answer: @escaping @Sendable (Turn) async throws -> Answer) async throws -> BotUnderTest {
        try await BotUnderTest {
            $0.responders = [Answerer(answering: answer)]
            $0.jobs = [TestHandler<Errand> { _, _ in .done }]
        }
    }

    private func written(_ bot: BotUnderTest) async throws -> [String] {
        try await bot.database.rows("SELECT name FROM schedule WHERE cron = 'written' ORDER BY name")
            .map { try $0.text("name") }
    }

    @Test func `replies, jobs, writes, dialogue and the end of the message become true together`() async throws {
        let write = note("kept")
        let bot = try await bot { turn in
            Answer(
                [.verbatim("a"), .verbatim("b")], jobs: [Errand(name: "x")], writes: [write],
                dialogue: Dialogue(feature: "test", state: "{}", expiresAt: turn.receivedAt.adding(.seconds(60))))
        }
        bot.database.hold("UPDATE inbox SET state", afterwards: false)
        // The lanes alone: what jobs and outbox would make of it is not yet done.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bot.core.lanes.run() }
            bot.database.release()
            try await bot.receive(.sample())
            #expect(try await eventually { try await bot.inboxStates() == ["answered"] })
            group.cancelAll()
        }
        #expect(try await bot.outboxStates() == ["queued", "queued"])
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE kind = 'test.errand'") == 1)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM dialogue") == 1)
        #expect(try await written(bot) == ["kept"])
    }

    @Test func `when one write is refused nothing is stored but an apology with a reference`() async throws {
        let writes = [note("first"), note(nil)]
        let bot = try await bot { turn in
            Answer(
                [.verbatim("answer")], jobs: [Errand(name: "x")], writes: writes,
                dialogue: Dialogue(feature: "test", state: "{}", expiresAt: turn.receivedAt.adding(.seconds(60))))
        }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.provider.texts.count == 1 })
        }
        let reference = try #require(bot.log.entries.first { $0.level == .error }?.metadata["reference"])
        #expect(bot.provider.texts[0].contains("mention reference \(reference)"))
        #expect(try await bot.inboxStates() == ["failed"])
        #expect(try await written(bot) == [])
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE kind = 'test.errand'") == 0)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM dialogue") == 0)
    }

    @Test func `a write that found a row changed is an apology, and not tried for ever`() async throws {
        let write = ("UPDATE schedule SET cron = 'x' WHERE name = 'none'" as SQL).requiring(rows: 1)
        let asked = Gauge()
        let bot = try await bot { _ in
            asked.enter()
            return Answer([.verbatim("answer")], writes: [write])
        }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.provider.texts.count == 1 })
            await bot.pass(.seconds(100))
        }
        #expect(asked.now == 1)
        #expect(try await bot.inboxStates() == ["failed"])
        #expect(bot.provider.texts[0].contains("Something went wrong"))
    }

    @Test func `a turn that was closed meanwhile says nothing`() async throws {
        let door = Door()
        door.shut()
        let bot = try await bot { _ in
            try await door.pass()
            return [.verbatim("late")]
        }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { door.waiting == 1 })
            try await bot.database.run("UPDATE inbox SET state = 'failed'")
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.sendings.isEmpty)
        #expect(try await bot.outboxStates() == [])
    }

    @Test func `a commit that succeeded while the store said it had failed is not lost`() async throws {
        let bot = try await bot { [.verbatim("re: \($0.text)")] }
        try await bot.run {
            try await bot.receive(.sample("first"))
            #expect(await bot.sent("re: first"))
            bot.database.failAfterwards("UPDATE inbox SET state = ?")
            try await bot.receive(.sample("second"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(2))
            #expect(await bot.sent("re: first", "re: second"))
        }
        #expect(bot.provider.sendings.count == 2)
    }

    @Test(arguments: [
        (Outage("model", "down") as any Error, "The AI service is not available right now."),
        (Defect("oops"), "Something went wrong on my side, sorry."), (Refusal(.no, reason: "test"), "No."),
        (CocoaError(.fileNoSuchFile), "Something went wrong on my side, sorry."),
        (ModelFault(code: "unauthorized", remedy: "Set OPENAI_API_KEY."), "Something went wrong on my side, sorry."),
    ])
    func `says what a failure means to the member, and not what it is`(_ error: any Error, _ start: String) async throws
    {
        let bot = try await bot { _ in throw error }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.provider.texts.first?.hasPrefix(start) == true })
        }
        #expect(try await bot.inboxStates() == [error is Refusal ? "refused" : "failed"])
    }

    @Test func `says it in Hebrew to one who writes Hebrew`() async throws {
        let bot = try await bot { _ in throw Outage("model", "down") }
        try await bot.run {
            try await bot.receive(.sample("שלום לך"))
            #expect(
                await eventually { bot.provider.texts.first?.hasPrefix("שירות הבינה המלאכותית לא זמין כרגע.") == true })
        }
    }

    @Test func `a watcher sees what is not for us, adds jobs, and its failure harms nobody`() async throws {
        let seen = Recorder<String>()
        let bot = try await BotUnderTest {
            $0.watchers = [
                TestWatcher { _ in throw Defect("broken") },
                TestWatcher { [Errand(name: $0.text)] },
            ]
            $0.jobs = [
                TestHandler<Errand> { errand, _ in
                    seen.add(errand.name)
                    return .done
                }
            ]
        }
        try await bot.run {
            try await bot.receive(.sample("overheard", group: "g"))
            #expect(await eventually { seen.values == ["overheard"] })
            #expect(bot.provider.sendings.isEmpty)
            try await bot.receive(.sample("hello"))
            #expect(await bot.sent("re: hello"))
            #expect(await eventually { seen.count == 2 })
        }
    }

    @Test func `a dialogue is given to the next turn, kept while it goes on, and closed when it ends`() async throws {
        let states = Recorder<String?>()
        let bot = try await bot { turn in
            states.add(turn.dialogue?.state)
            if turn.text == "end" { return [.verbatim("ended")] }
            return Answer(
                dialogue: Dialogue(
                    feature: "test", state: "\"\(turn.text)\"", expiresAt: turn.receivedAt.adding(.seconds(60))))
        }
        try await bot.run {
            for (index, word) in ["a", "b", "end", "c"].enumerated() {
                try await bot.receive(.sample(word, at: .monday.adding(.seconds(index))))
                #expect(await bot.isQuiet())
            }
            try await bot.receive(.sample("too late", at: .monday.adding(.seconds(120))))
            #expect(await bot.isQuiet())
        }
        #expect(states.values == [nil, "\"a\"", "\"b\"", nil, nil])
    }

    @Test func `an answer without words is an answer`() async throws {
        let bot = try await bot { _ in [] }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.inboxStates() == ["answered"])
        #expect(try await bot.outboxStates() == [])
    }

    @Test func `a long answer is cut into three messages with a notice in the member's language`() async throws {
        let long = String(repeating: "מילה ", count: 5_000)
        let bot = try await bot { _ in [.verbatim(long)] }
        try await bot.run {
            try await bot.receive(.sample("ספר לי סיפור"))
            #expect(await eventually { bot.provider.texts.count == 3 })
        }
        #expect(bot.provider.texts.allSatisfy { $0.utf16.count <= 4_096 })
        #expect(bot.provider.texts[2].hasSuffix("(התשובה הייתה ארוכה יותר ונחתכה כאן. אפשר לבקש ממני להמשיך.)"))
    }

    @Test func `rows go on after the greatest in use, also when the clock was set back`() async throws {
        let bot = try await bot { _ in [.verbatim("hi")] }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await bot.sent("hi"))
        }
        let last = try await BotCore.lastRow(in: bot.database)
        #expect(last > 0)
        let later = try await BotUnderTest(over: bot.database.real, at: .monday.addingTimeInterval(-86_400))
        #expect(later.ids.next(at: later.time.now) > last)
        try await later.run {
            try await later.receive(.sample("again", at: later.time.now))
            #expect(await later.sent("re: again"))
        }
        #expect(try await BotCore.lastRow(in: later.database) > last)
    }
}
