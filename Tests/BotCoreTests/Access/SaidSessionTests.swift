import BotKit
import Foundation
import StoreSQLite
import Synchronization
import TestKit
import Testing

@testable import BotCore

/// What stands behind `--session`: a token in its place, a token where others read it, and words that are none.
@Suite(.timeLimit(.minutes(1))) struct SaidSessionTests {
    private static let group = ChatID(account: "test:bot", name: "g")

    private func bot(_ heard: Recorder<String> = Recorder(), _ settings: [String: String] = [:]) async throws -> (
        BotUnderTest, SampleGroups
    ) {
        let groups = SampleGroups([:])
        let bot = try await BotUnderTest {
            $0.settings = ["OWNER_PHONE_NUMBERS": "15550000009"].merging(settings) { $1 }
            $0.responders = [
                TestCommand(words: ["grave"], needs: .giveRoles) { turn, words in
                    heard.add("grave:\(words):\(turn.session ?? "-")")
                    return [.verbatim("done")]
                },
                TestCommand(words: ["gpt"]) { turn, words in
                    heard.add("gpt:\(words):\(turn.session ?? "-")")
                    return [.verbatim("said")]
                },
            ]
        }
        bot.provider.set(groups)
        return (bot, groups)
    }

    private func owner(_ text: String, id: MessageID? = nil, group: String? = nil) -> InboundMessage {
        .sample(text, id: id, from: "owner", phone: "15550000009", group: group)
    }

    private func open(_ bot: BotUnderTest) async throws -> String {
        let sessions = AdminSessionStore(database: bot.database, settings: try BotUnderTest.settings().access)
        let (token, writes) = sessions.opening(for: .sample(from: "owner", role: .owner))
        try await bot.database.transaction(writes)
        return token
    }

    private func actions(_ bot: BotUnderTest) async throws -> [String] {
        try await bot.database.rows("SELECT action FROM audit_entry ORDER BY sequence").map { try $0.text("action") }
    }

    @Test func `a token that is said in a group ends its session, and the message goes`() async throws {
        let heard = Recorder<String>()
        let (bot, groups) = try await bot(heard)
        let token = try await open(bot)
        try await bot.run {
            try await bot.receive(owner("!grave x --session \(token)", id: "1", group: "g"))
            #expect(await bot.isQuiet())
            #expect(groups.deleted.withLock { $0 } == ["1"])
            #expect(bot.provider.texts.count == 1 && bot.provider.texts[0].contains("deleted that message"))
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE payload LIKE \("%\(token)%")") == 0)
            // A quote would show it again.
            #expect(bot.provider.accepted.first?.message.reply.quotes == nil)
            try await bot.receive(owner("!grave x --session \(token)"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.last?.hasPrefix("Invalid or expired") == true)
        }
        #expect(heard.values.isEmpty)
        #expect(
            try await actions(bot) == [
                "ADMIN_SESSION_ENDED", "ADMIN_SESSION_EXPIRED_OR_INVALID", "ADMIN_SESSION_EXPIRED_OR_INVALID",
            ])
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM admin_session") == 0)
        let refusals = try await bot.database.rows("SELECT refusal FROM inbox ORDER BY id")
        #expect(try refusals.map { try $0.text("refusal") } == ["session_in_group", "session_invalid"])
    }

    @Test func `where the network does not delete it, and whoever says it, the session ends all the same`() async throws
    {
        let (bot, groups) = try await bot()
        groups.failure.withLock { $0 = GroupFailure(.notAllowed, "no admin") }
        let token = try await open(bot)
        try await bot.run {
            try await bot.receive(.sample("!gpt look: --session \(token)", from: "omer", group: "g"))
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.count == 1 && bot.provider.texts[0].contains("Please delete your message"))
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM admin_session") == 0)
    }

    @Test func `words behind --session stay where no session is asked for, and a token never does`() async throws {
        let heard = Recorder<String>()
        let (bot, _) = try await bot(heard)
        let token = try await open(bot)
        try await bot.run {
            for text in [
                "!gpt explain --session flags", "!gpt explain --session \(token)", "!grave a --session \(token) b",
                "!grave a --session guess",
            ] {
                try await bot.receive(owner(text))
                #expect(await bot.isQuiet())
            }
        }
        #expect(
            heard.values.map { $0.split(separator: " ").joined(separator: " ") } == [
                "gpt:explain --session flags:-", "gpt:explain:\(token)", "grave:a b:\(token)",
            ])
        #expect(try await bot.count("SELECT failures AS n FROM admin_lock") == 1)
    }

    @Test func `the token of an open session is stored nowhere as it was said, and no answer is made of it`()
        async throws
    {
        let heard = Recorder<String>()
        let (bot, _) = try await bot(heard)
        let token = try await open(bot)
        try await bot.run {
            for text in [
                "!gpt what is \(token.uppercased())", "!grave a --session \(token)", "look: \(token), \(token)!",
                "!gpt \(UUID().uuidString)",
            ] {
                try await bot.receive(owner(text))
                #expect(await bot.isQuiet())
            }
        }
        #expect(heard.values.prefix(2) == ["gpt:what is ***:-", "grave:a:\(token)"])
        let stored = try await bot.database.rows("SELECT payload FROM inbox ORDER BY id").map { try $0.text("payload") }
        #expect(!stored.joined().lowercased().contains(token))
        #expect(stored[2].contains("look: ***, ***!"))
        // What opens nothing is the member's own affair, and where nobody else reads along the session goes on.
        #expect(heard.values[2].count > 40)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM admin_session") == 1)
    }

    /// Messages that nobody answers, whatever they say.
    private enum Unheard: CaseIterable { case groupsOff, old, edit }

    @Test(arguments: Unheard.allCases)
    private func `a token ends in a group where it is said, also in a message that is not answered`(_ kind: Unheard)
        async throws
    {
        let (bot, groups) = try await bot(Recorder(), kind == .groupsOff ? ["GROUPCHATS_ENABLED": "false"] : [:])
        let token = try await open(bot)
        var message = owner("!grave x --session \(token)", id: "1", group: "g")
        if kind == .old { message.sentAt = .monday.addingTimeInterval(-7_200) }
        if kind == .edit { message.content = .edit(of: "0", text: message.text ?? "") }
        try await bot.run {
            try await bot.receive(message)
            #expect(await bot.isQuiet())
            #expect(bot.provider.sendings.isEmpty && groups.deleted.withLock { $0 } == [kind == .edit ? "0" : "1"])
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE payload LIKE \("%\(token)%")") == 0)
            try await bot.receive(owner("!grave x --session \(token)"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.last?.hasPrefix("Invalid or expired") == true)
        }
        #expect(try await actions(bot).prefix(2) == ["ADMIN_SESSION_ENDED", "ADMIN_SESSION_EXPIRED_OR_INVALID"])
        let reasons = try await bot.database.rows("SELECT reason, step FROM inbox ORDER BY id")
        let words: [Unheard: TurnReason] = [.groupsOff: .groupsOff, .old: .tooOld, .edit: .kind]
        #expect(try reasons[0].text("reason") == words[kind]?.rawValue && reasons[0].text("step") == "open")
    }

    @Test func `what strangers attempt where nobody is answered is in the audit, and talk is not`() async throws {
        let (bot, _) = try await bot(Recorder(), ["GROUPCHATS_ENABLED": "false"])
        var old = InboundMessage.sample("!grave old", from: "omer")
        old.sentAt = .monday.addingTimeInterval(-172_800)
        let edit = InboundMessage.sample("", from: "omer", content: .edit(of: "0", text: "!grave edited"))
        try await bot.run {
            try await bot.receive(
                .sample("!grave x", from: "omer", group: "g"), .sample("!gpt hello", from: "omer", group: "g"),
                .sample("hello", from: "omer", group: "g"), old, edit)
            #expect(await bot.isQuiet())
            #expect(bot.provider.sendings.isEmpty)
        }
        let details = try await bot.database.rows("SELECT details FROM audit_entry ORDER BY sequence").map {
            try $0.text("details")
        }
        #expect(details.count == 3)
        for reason in [TurnReason.groupsOff, .tooOld, .kind] {
            #expect(details.count { $0.contains("\"reason\":\"\(reason.rawValue)\"") } == 1, "\(details)")
        }
    }

    @Test func `where the store fails, a message that is not answered is looked at again, and nobody reads of it`()
        async throws
    {
        let (bot, _) = try await bot(Recorder(), ["GROUPCHATS_ENABLED": "false"])
        let token = try await open(bot)
        bot.database.fail("admin_session", with: .unreachable("cut"))
        try await bot.run {
            try await bot.receive(owner("!grave x --session \(token)", id: "1", group: "g"))
            await bot.pass(.seconds(60), in: 6)
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.sendings.isEmpty)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM admin_session") == 0)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE payload LIKE \("%\(token)%")") == 0)
    }

    @Test func `a token that opens nothing is refused as ever in a group`() async throws {
        let (bot, groups) = try await bot()
        try await bot.run {
            try await bot.receive(owner("!grave x --session \(UUID().uuidString.lowercased())", group: "g"))
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == ["This command works only in a direct chat with me."])
        #expect(groups.deleted.withLock { $0 }.isEmpty)
    }
}
