import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct ChatLanesTests {
    @Test func `answers the messages of a chat in order`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            for number in 1...20 { try await bot.receive(.sample("\(number)", at: .monday.adding(.seconds(number)))) }
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == (1...20).map { "re: \($0)" })
    }

    @Test func `answers many chats side by side`() async throws {
        let (door, gauge) = (Door(), Gauge())
        door.shut()
        let bot = try await BotUnderTest {
            $0.responders = [
                Answerer { turn in
                    gauge.enter()
                    try await door.pass()
                    gauge.leave()
                    return [.verbatim(turn.text)]
                }
            ]
        }
        try await bot.run {
            for person in 1...10 {
                try await bot.receive(.sample("first", from: "p\(person)"))
                try await bot.receive(.sample("second", from: "p\(person)", at: .monday.adding(.seconds(5))))
            }
            #expect(await eventually { door.waiting == 10 })
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(gauge.most == 10)
        for person in 1...10 { #expect(bot.provider.texts(in: .sample("p\(person)")) == ["first", "second"]) }
    }

    @Test func `a chat that never rests does not keep others waiting`() async throws {
        let door = Door()
        door.shut()
        let order = Recorder<String>()
        let bot = try await BotUnderTest {
            $0.settings = ["CHAT_LANES": "1"]
            $0.responders = [
                Answerer { turn in
                    try await door.pass()
                    order.add(turn.text)
                    return []
                }
            ]
        }
        try await bot.run {
            for number in 1...5 {
                try await bot.receive(.sample("busy \(number)", from: "busy", at: .monday.adding(.seconds(number))))
            }
            try await bot.receive(.sample("patient", from: "patient"))
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(order.values.firstIndex(of: "patient") ?? 9 <= 1)
        #expect(order.values.filter { $0 != "patient" } == (1...5).map { "busy \($0)" })
    }

    @Test func `puts messages that came in the wrong order into the order in which they were sent`() async throws {
        let door = Door()
        door.shut()
        let bot = try await BotUnderTest {
            $0.responders = [Answerer.echo(behind: door)]
        }
        try await bot.run {
            try await bot.receive(.sample("0"))
            #expect(await eventually { door.waiting == 1 })
            for number in [3, 1, 2] {
                try await bot.receive(.sample("\(number)", at: .monday.adding(.seconds(60 * number))))
            }
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == ["0", "1", "2", "3"])
    }

    @Test func `a message that comes twice is answered once`() async throws {
        let bot = try await BotUnderTest()
        let message = InboundMessage.sample("hello")
        try await bot.run {
            try await bot.receive(message, message)
            try await bot.receive(message)
            #expect(await bot.isQuiet())
            try await bot.receive(message)
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == ["re: hello"])
    }

    // MARK: - Bursts

    private func settling(_ change: @Sendable (inout BotUnderTest.Options) -> Void = { _ in }) async throws
        -> BotUnderTest
    {
        try await BotUnderTest {
            $0.settings = ["SETTLE_MILLISECONDS": "400"]
            change(&$0)
        }
    }

    @Test func `a burst is not joined beyond the length that is answered`() async throws {
        let bot = try await settling { $0.settings["MAX_MESSAGE_LENGTH"] = "20" }
        try await bot.run {
            for word in ["123456789", "abcdefghij", "k"] { try await bot.receive(.sample(word, at: bot.time.now)) }
            await bot.pass(.milliseconds(400))
            #expect(await bot.sent("re: 123456789\nabcdefghij", "re: k"))
        }
        #expect(try await bot.inboxStates() == ["answered", "answered", "answered"])
    }

    @Test func `joins a burst of texts into one turn`() async throws {
        let bot = try await settling()
        try await bot.run {
            for word in ["one", "two", "three"] {
                try await bot.receive(.sample(word, at: bot.time.now))
                await bot.pass(.milliseconds(300))
                #expect(bot.provider.sendings.isEmpty)
            }
            await bot.pass(.milliseconds(100))
            #expect(await bot.sent("re: one\ntwo\nthree"))
        }
        #expect(try await bot.inboxStates() == ["answered", "answered", "answered"])
        // The answer quotes the last of them.
        let last = try #require(bot.provider.accepted.first?.message.reply.quotes)
        let row = try await bot.database.rows("SELECT message_id FROM inbox ORDER BY id DESC LIMIT 1")[0]
        #expect(try row.text("message_id") == last.rawValue)
    }

    @Test func `waits no longer than ten times the window`() async throws {
        let bot = try await settling()
        try await bot.run {
            for number in 1...14 {
                try await bot.receive(.sample("\(number)", at: bot.time.now))
                await bot.pass(.milliseconds(300))
            }
            #expect(await eventually { bot.provider.texts.count == 1 })
            #expect(bot.provider.texts.first?.hasPrefix("re: 1\n2\n3") == true)
        }
    }

    @Test func `a window of 0 answers each text at once, even those that waited`() async throws {
        let door = Door()
        door.shut()
        let bot = try await BotUnderTest {
            $0.responders = [Answerer.echo(behind: door)]
        }
        try await bot.run {
            for word in ["one", "two", "three"] { try await bot.receive(.sample(word)) }
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == ["one", "two", "three"])
    }

    @Test func `joins no command, no quotation, no other member, and nothing sent much later`() async throws {
        let bot = try await settling {
            $0.responders = [TestCommand(words: ["now"]) { _, rest in [.verbatim("now \(rest)")] }, Answerer.echo]
            $0.settings["GROUP_ACTIVATION"] = "always"
        }
        try await bot.run {
            let later = Date.monday.adding(.seconds(1_800))
            bot.time.advance(by: .seconds(1_800))
            try await bot.receive(
                .sample("long ago", group: "g", receivedAt: later), .sample("a", group: "g", at: later),
                .sample("!now b", group: "g", at: later), .sample("c", group: "g", at: later),
                .sample("d", group: "g", at: later, quotes: "x"), .sample("e", group: "g", at: later),
                .sample("f", from: "omer", group: "g", at: later))
            await bot.pass(.seconds(1))
            #expect(
                await bot.sent("re: long ago", "re: a", "now b", "re: c", "re: d", "re: e", "re: f"))
        }
    }

    @Test func `a text that calls a command by a word of its own begins a turn`() async throws {
        struct Hey: Command {
            let words: Set<String> = ["hey"]
            let usage = Text.no
            func isCalled(by text: String) -> Bool { text.hasPrefix("hey ") }
            func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
                [.verbatim("hey: \(turn.text)")]
            }
        }
        let bot = try await settling { $0.responders = [Hey(), Answerer.echo] }
        try await bot.run {
            try await bot.receive(.sample("hmm"), .sample("hey bot"))
            await bot.pass(.seconds(1))
            #expect(await bot.sent("re: hmm", "hey: hey bot"))
        }
    }

    // MARK: - Stop

    private func stoppable(_ door: Door) -> [any Responder] {
        [
            TestCommand.stop,
            Answerer(takesTime: true) { turn in
                try await door.pass()
                return [.verbatim("re: \(turn.text)")]
            },
        ]
    }

    @Test func `a stop word overtakes what waits and ends the running answer`() async throws {
        let door = Door()
        door.shut()
        let responders = stoppable(door)
        let bot = try await BotUnderTest { $0.responders = responders }
        try await bot.run {
            try await bot.receive(.sample("long question"))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("next question", at: .monday.adding(.seconds(60))))
            try await bot.receive(.sample("!stop", at: .monday.adding(.seconds(120))))
            #expect(await bot.sent("stopped"))
            door.open()
            #expect(await bot.sent("stopped", "re: next question"))
            try await bot.receive(.sample("!stop", at: .monday.adding(.seconds(180))))
            #expect(await bot.sent("stopped", "re: next question", "nothing to stop"))
        }
        #expect(try await bot.inboxStates() == ["stopped", "answered", "answered", "answered"])
    }

    @Test func `a stop word ends a question that waits for its turn, but not what others wait for`() async throws {
        let bot = try await BotUnderTest {
            $0.responders = [TestCommand.stop, Answerer.echo]
            $0.settings = ["SETTLE_MILLISECONDS": "400"]
        }
        try await bot.run {
            try await bot.receive(
                .sample("question"), .sample("!stop", at: .monday.adding(.milliseconds(150))),
                .sample("another", at: .monday.adding(.seconds(5))))
            #expect(await eventually { bot.provider.texts == ["stopped"] })
            await bot.pass(.seconds(6))
            #expect(await bot.sent("stopped", "re: another"))
            try await bot.receive(
                .sample("ours", group: "g", at: bot.time.now, mentionsBot: true),
                .sample("!stop", from: "omer", group: "g", at: bot.time.now))
            await bot.pass(.seconds(5))
            #expect(await eventually { bot.provider.texts(in: .sample("g")) == ["re: ours", "nothing to stop"] })
        }
        #expect(try await bot.inboxStates() == ["stopped", "answered", "answered", "answered", "answered"])
    }

    @Test(arguments: ["!stop", "@martlet !stop"])
    func `in a group everybody may stop the answer`(_ word: String) async throws {
        let door = Door()
        door.shut()
        let responders = stoppable(door)
        let bot = try await BotUnderTest { $0.responders = responders }
        try await bot.run {
            try await bot.receive(.sample("question", group: "g", mentionsBot: true))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("!stop", from: "omer", group: "g", at: .monday.adding(.seconds(1))))
            #expect(await eventually { bot.provider.texts(in: .sample("g")) == ["stopped"] })
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.inboxStates() == ["stopped", "answered"])
    }

    @Test(arguments: ["false", "true"])
    func `who writes too much may stop their own answer, without a word, and none of a group`(_ isListed: String)
        async throws
    {
        let door = Door()
        door.shut()
        let responders = stoppable(door)
        let bot = try await BotUnderTest {
            $0.responders = responders
            $0.settings = [
                "FLOOD_LIMIT": "3", "WHITELISTED_PHONE_NUMBERS": "15550000101,15550000102",
                "WHITELISTED_ENABLED": isListed,
            ]
        }
        let phone = "15550000101"
        try await bot.run {
            try await bot.receive(.sample("question", phone: phone))
            #expect(await eventually { door.waiting == 1 })
            for _ in 1...3 { try await bot.receive(.sample("!stop", phone: phone, group: "other")) }
            #expect(
                await eventually { bot.provider.texts(in: .sample("other")).last?.hasPrefix("That was too") == true })
            try await bot.receive(.sample("@martlet q", from: "omer", phone: "15550000102", group: "g"))
            #expect(await eventually { door.waiting == 2 })
            try await bot.receive(.sample("!stop", phone: phone, group: "g"))
            try await bot.receive(.sample("!stop", phone: phone))
            #expect(await eventually { door.waiting == 1 })
            door.open()
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts(in: .sample("g")) == ["re: q"])
            #expect(bot.provider.texts(in: .sample()) == [])
        }
    }

    @Test func `who is not answered stops nothing`() async throws {
        let door = Door()
        door.shut()
        let responders = stoppable(door)
        let list = ["WHITELISTED_ENABLED": "true", "WHITELISTED_PHONE_NUMBERS": "15550000101"]
        let bot = try await BotUnderTest {
            $0.responders = responders
            $0.settings = list
        }
        try await bot.run {
            let dana = "15550000101"
            try await bot.receive(.sample("question", phone: dana, group: "g", mentionsBot: true))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(
                .sample("!stop", from: "omer", phone: "15550000102", group: "g", at: .monday.adding(.seconds(1))))
            try await bot.receive(.sample("hi", phone: dana))
            #expect(await eventually { door.waiting == 2 })
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts(in: .sample("g")) == ["re: question"])
    }
}
