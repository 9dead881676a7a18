import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Whom the bot answers, by policy.
@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    private func bot(_ settings: [String: String]) async throws -> BotUnderTest {
        try await BotUnderTest { $0.settings = settings.merging(["OWNER_PHONE_NUMBERS": "15550000009"]) { $1 } }
    }

    private func ledger(_ bot: BotUnderTest) throws -> AccessLedger {
        AccessLedger(database: bot.database, ids: bot.ids, settings: try BotUnderTest.settings().access)
    }

    private func code(in text: String?) throws -> String {
        let match = try #require(text?.firstMatch(of: /code on to whoever runs me: ([A-Z2-9]{8})\./))
        return String(match.1)
    }

    @Test func `a closed bot answers those with a role alone`() async throws {
        let bot = try await bot(["ACCESS_POLICY": "closed"])
        try await bot.database.transaction(
            ledger(bot).admitting(.allowed, .member(.sample("noa")), until: nil, at: .monday))
        try await bot.run {
            try await bot.receive(
                .sample("a", from: "dana"), .sample("b", from: "noa"),
                .sample("c", from: "owner", phone: "15550000009"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == ["re: c"])
        }
    }

    @Test func `an open bot does not answer who is denied or blocked`() async throws {
        let bot = try await bot([:])
        let ledger = try ledger(bot)
        try await bot.database.transaction(
            ledger.admitting(.denied, .member(.sample("dana")), until: nil, at: .monday)
                + ledger.admitting(.blocked, .member(.sample("noa")), until: nil, at: .monday))
        try await bot.run {
            try await bot.receive(.sample("a", from: "dana"), .sample("b", from: "noa"), .sample("c", from: "omer"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == ["re: c"])
        }
    }

    @Test func `who is not known gets a code once, and is let in with it`() async throws {
        let bot = try await bot(["ACCESS_POLICY": "pairing"])
        let ledger = try ledger(bot)
        try await bot.run {
            try await bot.receive(.sample("hello"))
            #expect(await eventually { bot.provider.texts.count == 1 })
            let code = try code(in: bot.provider.texts.first)
            try await bot.receive(.sample("hello?"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.count == 1)
            let request = try #require(try await ledger.request(code.lowercased(), at: bot.time.now))
            #expect(request.member == .sample() && request.chat == .sample())
            try await bot.database.transaction(ledger.approving(request, at: bot.time.now))
            await #expect(throws: DatabaseError.conflict) {
                try await bot.database.transaction(ledger.approving(request, at: bot.time.now))
            }
            try await bot.receive(.sample("thanks"))
            #expect(await eventually { bot.provider.texts.last == "re: thanks" })
            #expect(bot.provider.texts.count == 2)
        }
        #expect(try await bot.inboxStates() == ["refused", "ignored", "answered"])
    }

    @Test func `a code ends with its hour, and three may wait at once`() async throws {
        let bot = try await bot(["ACCESS_POLICY": "pairing"])
        let ledger = try ledger(bot)
        try await bot.run {
            for person in ["a", "b", "c", "d"] {
                try await bot.receive(.sample("hello", from: person))
                #expect(await bot.isQuiet())
            }
            #expect(bot.provider.texts.count == 3)
            let code = try code(in: bot.provider.texts.first)
            #expect(try await ledger.requests(at: bot.time.now).count == 3)
            await bot.pass(.seconds(3_600))
            #expect(try await ledger.request(code, at: bot.time.now) == nil)
            try await bot.receive(.sample("hello", from: "d", at: bot.time.now))
            #expect(await eventually { bot.provider.texts.count == 4 })
        }
    }

    @Test func `in a group nobody gets a code`() async throws {
        let bot = try await bot(["ACCESS_POLICY": "pairing"])
        try await bot.run {
            try await bot.receive(.sample("hello", group: "g", mentionsBot: true))
            #expect(await bot.isQuiet())
            #expect(bot.provider.sendings.isEmpty)
        }
    }

    @Test func `an allowed group decides itself who is in it`() async throws {
        let bot = try await bot(["ACCESS_POLICY": "allowlist", "GROUP_POLICY": "allowlist"])
        let ledger = try ledger(bot)
        try await bot.database.transaction(
            ledger.admitting(.allowed, group: ChatID(account: "test:bot", name: "g"), at: .monday)
                + ledger.admitting(.denied, .member(.sample("noa")), until: nil, at: .monday))
        try await bot.run {
            try await bot.receive(
                .sample("a", group: "g", mentionsBot: true), .sample("b", from: "noa", group: "g", mentionsBot: true),
                .sample("c", group: "h", mentionsBot: true), .sample("d"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == ["re: a"])
        }
    }

    @Test func `an allowed group is not answered where no group is, and no better than closed doors`() async throws {
        for settings in [["GROUP_POLICY": "off"], ["ACCESS_POLICY": "closed"]] {
            let bot = try await bot(settings)
            try await bot.database.transaction(
                ledger(bot).admitting(.allowed, group: ChatID(account: "test:bot", name: "g"), at: .monday))
            try await bot.run {
                try await bot.receive(
                    .sample("a", group: "g", mentionsBot: true), .sample("b", from: "owner", phone: "15550000009"))
                #expect(await bot.isQuiet())
                #expect(bot.provider.texts == ["re: b"])
            }
        }
    }

    @Test func `who has a role is kept out like anybody, but for an owner`() async throws {
        let bot = try await bot([:])
        let ledger = try ledger(bot)
        try await bot.database.transaction(
            ledger.giving(.admin, to: .member(.sample("noa")), at: .monday)
                + ledger.admitting(.denied, .member(.sample("noa")), until: nil, at: .monday)
                + ledger.giving(.owner, to: .member(.sample("dana")), at: .monday)
                + ledger.admitting(.blocked, .member(.sample("dana")), until: nil, at: .monday))
        try await bot.run {
            try await bot.receive(.sample("a", from: "noa"), .sample("b", from: "dana"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == ["re: b"])
        }
    }

    @Test func `whoever runs the bot is told once that a trusted number has changed hands`() async throws {
        let bot = try await bot([:])
        try await bot.run {
            try await bot.receive(.sample("a", from: "owner", phone: "15550000009"))
            try await bot.receive(.sample("b", from: "thief", phone: "15550000009"))
            try await bot.receive(.sample("c", from: "thief", phone: "15550000009"))
            #expect(await bot.isQuiet())
        }
        #expect(bot.log.entries.count { "\($0.message)".contains("that is trusted") } == 1)
    }

    @Test func `a group that is not allowed, or all of them, can be left unanswered`() async throws {
        for policy in ["allowlist", "off"] {
            let bot = try await bot(["GROUP_POLICY": policy])
            try await bot.run {
                try await bot.receive(.sample("a", group: "g", mentionsBot: true), .sample("b"))
                #expect(await bot.isQuiet())
                #expect(bot.provider.texts == ["re: b"])
            }
        }
    }

    @Test func `who is denied does not stop the answer of a group`() async throws {
        let door = Door()
        door.shut()
        let bot = try await BotUnderTest { options in
            options.responders = [TestCommand.stop, Answerer.echo(behind: door)]
        }
        try await bot.database.transaction(
            ledger(bot).admitting(.denied, .member(.sample("noa")), until: nil, at: .monday))
        try await bot.run {
            try await bot.receive(.sample("question", group: "g", mentionsBot: true))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("!stop", from: "noa", group: "g"))
            door.open()
            #expect(await bot.sent("question"))
        }
    }
}
