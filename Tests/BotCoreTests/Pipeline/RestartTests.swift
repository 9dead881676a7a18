import BotKit
import Foundation
import Logging
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// A message that ends the process must not do so for ever; one that was only there must not be given up for it.
@Suite(.timeLimit(.minutes(1))) struct RestartTests {
    private let store: SQLiteDatabase
    private let begun = Recorder<String>()
    private let door = Door()

    init() throws { store = try SQLiteDatabase.temporary() }

    /// A bot whose answers wait at the door, at least those to texts that begin with `slow`.
    private func bot(after life: Int, slow: String = "") async throws -> BotUnderTest {
        try await BotUnderTest(over: store, at: .monday.adding(.seconds(life))) {
            $0.responders = [
                Answerer { [begun, door] turn in
                    begun.add(turn.text)
                    if turn.text.hasPrefix(slow) { try await door.pass() }
                    return [.verbatim(turn.text)]
                }
            ]
        }
    }

    private func times(_ text: String) -> Int { begun.values.count { $0 == text } }

    /// Ends lives, as a kill would, once the turn of `text` has begun in them.
    private func kill(_ lives: ClosedRange<Int>, whenBegun text: String, slow: String = "") async throws {
        door.shut()
        for life in lives {
            let count = times(text)
            let bot = try await bot(after: life, slow: slow)
            // A process that is killed takes nothing back.
            bot.database.fail("restarts - 1", times: 1_000)
            try await bot.runAndKill {
                #expect(await eventually { times(text) > count })
            }
        }
        door.open()
    }

    @Test func `gives up a message that ended the process too often, with an alert`() async throws {
        let first = try await bot(after: 0)
        try await first.receive(.sample("poison"))
        try await kill(1...20, whenBegun: "poison")
        let last = try await bot(after: 21)
        try await last.receive(.sample("new", from: "omer", at: .monday.adding(.seconds(21))))
        try await last.run { #expect(await eventually { last.provider.texts.count == 2 }) }
        #expect(last.provider.texts[0].hasPrefix("Something went wrong on my side"))
        #expect(last.provider.texts[1] == "new")
        #expect(try await last.inboxStates() == ["failed", "answered"])
        #expect(last.log.alerts == ["message_given_up"])
        #expect(last.log.alertsOfOneHiddenChat)
    }

    @Test func `never gives up what only waited while the process was killed`() async throws {
        let first = try await bot(after: 0)
        for (index, text) in ["poison", "second", "third"].enumerated() {
            // Not within a burst: each has a turn of its own.
            try await first.receive(.sample(text, at: .monday.adding(.seconds(index))))
        }
        try await kill(1...20, whenBegun: "poison")
        let last = try await bot(after: 21)
        try await last.run { #expect(await eventually { last.provider.texts.count == 3 }) }
        #expect(last.provider.texts.dropFirst() == ["second", "third"])
        #expect(try await last.inboxStates() == ["failed", "answered", "answered"])
    }

    @Test func `never gives up what is answered beside the one that ends the process`() async throws {
        let people = ["a", "omer", "peter", "zoe"]
        let first = try await bot(after: 0)
        for person in people { try await first.receive(.sample(person, from: person)) }
        try await first.receive(.sample("poison", from: "dana"))
        // A few lives in which all turns run side by side; from then on each of them runs alone.
        try await kill(1...3, whenBegun: "poison")
        try await kill(4...20, whenBegun: "poison", slow: "poison")
        let last = try await bot(after: 21)
        try await last.run { #expect(await last.isQuiet()) }
        #expect(try await last.inboxStates() == ["answered", "answered", "answered", "answered", "failed"])
        #expect(last.log.alerts == ["message_given_up"])
    }

    @Test func `what several kills met is answered one after the other, and only that`() async throws {
        let first = try await bot(after: 0)
        for person in ["a", "b", "c"] { try await first.receive(.sample(person, from: person)) }
        try await store.run("UPDATE inbox SET restarts = 3")
        try await first.receive(.sample("fresh", from: "d"))
        door.shut()
        let last = try await bot(after: 1)
        try await last.run {
            #expect(await eventually { door.waiting == 2 })
            #expect(await eventually { begun.values.contains("fresh") })
            #expect(begun.count == 2)
            door.open()
            #expect(await eventually { last.provider.texts.count == 4 })
            #expect(await last.isQuiet())
        }
    }

    @Test func `a turn that a shutdown interrupts is no death`() async throws {
        let first = try await bot(after: 0)
        try await first.receive(.sample("slow"))
        door.shut()
        for life in 1...25 {
            let bot = try await bot(after: life)
            try await bot.runAndKill { #expect(await eventually { begun.count == life }) }
        }
        door.open()
        let last = try await bot(after: 26)
        try await last.run { #expect(await last.sent("slow")) }
        #expect(try await last.inboxStates() == ["answered"])
    }

    @Test func `a store that cannot be read for long is no death either`() async throws {
        let first = try await bot(after: 0)
        try await first.receive(.sample("hello"))
        let bot = try await bot(after: 1)
        bot.database.fail("LEFT JOIN chat_setting", times: 30, with: .busy)
        try await bot.run {
            for _ in 1...31 { await bot.pass(.seconds(40)) }
            #expect(await bot.sent("hello"))
        }
        #expect(try await bot.count("SELECT restarts AS n FROM inbox") <= 1)
    }

    @Test func `costs nothing while the process lives`() async throws {
        let bot = try await bot(after: 0)
        try await bot.run {
            for text in ["1", "2"] { try await bot.receive(.sample(text, from: text)) }
            #expect(await eventually { bot.provider.texts.count == 2 })
        }
        #expect(bot.database.count("restarts + 1") == 0)
    }

    @Test func `waits at the start for a store that fails`() async throws {
        let first = try await bot(after: 0)
        try await first.receive(.sample("hello"))
        let bot = try await bot(after: 1)
        bot.database.fail("GROUP BY chat", times: 2, with: .busy)
        bot.database.fail("FROM schedule", times: 2, with: .busy)
        try await bot.run {
            #expect(await eventually { bot.log.entries.contains { $0.level == .warning } })
            #expect(
                await eventually {
                    bot.time.advance(by: .seconds(2))
                    return bot.provider.texts == ["hello"]
                })
        }
    }
}
