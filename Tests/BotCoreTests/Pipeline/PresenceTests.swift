import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct PresenceTests {
    let door = Door()

    private func bot(takesTime: Bool = true, still: Int = 17, typing: Int? = 23) async throws -> BotUnderTest {
        try await BotUnderTest { [door] in
            $0.abilities.typingLasts = typing.map { .seconds($0) }
            $0.settings = ["STILL_WORKING_SECONDS": "\(still)"]
            $0.responders = [
                Answerer(takesTime: takesTime) { _ in
                    try await door.pass()
                    return [.verbatim("done")]
                }
            ]
        }
    }

    @Test func `shows that it types, again before that fades, and no more once it has answered`() async throws {
        let bot = try await bot(still: 0)
        door.shut()
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.provider.acknowledgements.count == 1 && door.waiting == 1 })
            for count in 2...4 {
                #expect(await eventually { bot.time.wakeTimes.contains(bot.time.now.adding(.seconds(18))) })
                bot.time.advance(by: .seconds(18))
                #expect(await eventually { bot.provider.acknowledgements.count == count })
            }
            door.open()
            #expect(await bot.sent("done"))
            await bot.pass(.seconds(100))
        }
        #expect(bot.provider.acknowledgements.count == 4)
        #expect(bot.provider.acknowledgements.allSatisfy { $0.typing })
    }

    @Test func `the sign of typing comes again when the notice went out, and not beside it`() async throws {
        let bot = try await bot(still: 20, typing: 25)
        door.shut()
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.provider.acknowledgements.count == 1 && door.waiting == 1 })
            bot.provider.door.shut()
            #expect(await eventually { bot.time.wakeTimes.contains(bot.time.now.adding(.seconds(20))) })
            bot.time.advance(by: .seconds(20))
            #expect(await eventually { bot.provider.door.waiting == 1 })
            #expect(await eventually { !bot.time.wakeTimes.isEmpty })
            bot.time.advance(by: .milliseconds(500))
            #expect(await eventually { !bot.time.wakeTimes.isEmpty })
            #expect(bot.provider.acknowledgements.count == 1)
            bot.provider.door.open()
            #expect(await bot.sent("Still working on it…"))
            #expect(
                await eventually {
                    bot.time.advance(by: .milliseconds(500))
                    return bot.provider.acknowledgements.count == 2
                })
            #expect(await eventually { bot.time.wakeTimes.contains { $0 > bot.time.now.adding(.seconds(10)) } })
            bot.time.advance(by: .seconds(20))
            #expect(await eventually { bot.provider.acknowledgements.count == 3 })
            door.open()
            #expect(await bot.sent("Still working on it…", "done"))
        }
    }

    @Test func `what takes no time is marked as read, without typing`() async throws {
        let bot = try await bot(takesTime: false)
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await bot.sent("done"))
        }
        #expect(bot.provider.acknowledgements.map(\.typing) == [false])
    }

    @Test func `what is not answered is not marked as read`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await bot.receive(.sample(group: "g"))
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.acknowledgements.isEmpty)
    }

    @Test func `says once that it is still working, before the answer`() async throws {
        let bot = try await bot(typing: nil)
        door.shut()
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.time.wakeTimes.contains(bot.time.now.adding(.seconds(17))) })
            bot.time.advance(by: .seconds(17))
            #expect(await bot.sent("Still working on it…"))
            bot.time.advance(by: .seconds(200))
            door.open()
            #expect(await bot.sent("Still working on it…", "done"))
        }
    }

    @Test func `after a restart in the middle it does not say so again`() async throws {
        let first = try await bot(typing: nil)
        door.shut()
        try await first.runAndKill {
            try await first.receive(.sample())
            #expect(await eventually { first.time.wakeTimes.contains(first.time.now.adding(.seconds(17))) })
            first.time.advance(by: .seconds(17))
            #expect(await first.sent("Still working on it…"))
        }
        let still = try await BotUnderTest(over: first.database.real) { [door] in
            $0.settings = ["STILL_WORKING_SECONDS": "17"]
            $0.responders = [
                Answerer(takesTime: true) { _ in
                    try await door.pass()
                    return [.verbatim("done")]
                }
            ]
        }
        try await still.run {
            #expect(await eventually { still.time.wakeTimes.contains(still.time.now.adding(.seconds(17))) })
            still.time.advance(by: .seconds(17))
            door.open()
            #expect(await eventually { still.provider.texts.last == "done" })
        }
        #expect(try await still.count("SELECT COUNT(*) AS n FROM outbox") == 2)
    }

    @Test func `a quick answer says nothing else`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await bot.sent("done"))
            await bot.pass(.seconds(100))
        }
        #expect(bot.provider.texts == ["done"])
    }

    @Test func `the answer is made while the network is still hearing that it is being made`() async throws {
        let bot = try await bot(still: 0)
        door.shut()
        bot.provider.acknowledgementDoor.shut()
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { door.waiting == 1 && bot.provider.acknowledgementDoor.waiting == 1 })
            door.open()
            #expect(await bot.sent("done"))
        }
    }
}
