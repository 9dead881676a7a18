import BotKit
import Crypto
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import WhatsAppEmulator

/// The bot as it runs, and whatsmeow, the Go library by others, hold a conversation over the emulated servers.
@Suite(.serialized, .timeLimit(.minutes(15))) struct BotInteropTests {
    @Test func `the bot and a whatsmeow client hold a conversation`() async throws {
        try await BotMeeting.open { meeting in
            try await texts(meeting)
            let bystanders = try await changes(meeting)
            let files = try await files(meeting)
            try await group(meeting)
            try await damage(meeting)
            try await absence(meeting)
            try await secondDevice(meeting)
            try await nothingLost(meeting)
            try await unlinking(meeting)
            try await kept(meeting, bystanders, files)
        }
    }

    /// Each text is answered, quoted, and marked as read; what Dana quotes reaches the model.
    private func texts(_ meeting: BotMeeting) async throws {
        let first = try await meeting.write("hello")
        let answer = try await meeting.answer(to: first)
        #expect(answer.text == "echo: hello" && answer.quotedText == "hello")
        try await meeting.dana.wait("receipt") { $0.ids == [first] && $0.type == "read" }
        for turn in 1...4 { try await meeting.ask("turn \(turn)") }
        let reply = try await meeting.dana.perform("reply", ["id": answer.id ?? "", "text": "why that?"])
        try await meeting.answer(to: reply)
        let asked = try #require(meeting.model.questions.last?.last?.text)
        #expect(asked.contains("your earlier message") && asked.contains("echo: hello") && asked.contains("why that?"))
    }

    /// Reactions, edits, revocations and polls of Dana's need no answer but are taken; the bot's notice becomes its
    /// answer by an edit.
    /// - Returns: what the bot is to have taken without answering.
    private func changes(_ meeting: BotMeeting) async throws -> [(id: String, kind: String)] {
        let dana = meeting.dana
        let (chat, own) = (BotMeeting.bot, BotMeeting.dana)
        let answer = try await meeting.ask("something to change")
        let question = try #require(answer.quoted)
        let reaction = try await dana.perform(
            "react", ["chat": answer.chat ?? "", "sender": answer.sender ?? "", "id": answer.id ?? "", "emoji": "👍"])
        let edit = try await dana.perform("edit", ["chat": chat, "id": question, "text": "something changed"])
        let revoke = try await dana.perform("revoke", ["chat": chat, "sender": own, "id": question])

        try await meeting.write("wait 8000")
        let notice = try await dana.wait("message") { $0.text?.hasPrefix("Still working") == true }
        let last = try await dana.wait("message") { $0.target == notice.id && $0.edited != nil }
        #expect(last.edited == "echo: wait 8000")

        let poll = try await dana.perform(
            "poll", ["to": chat, "question": "When?", "options": ["now", "later"]])
        #expect(try await meeting.answer(to: poll).text?.contains("can't read this kind") == true)
        return [(reaction, "reaction"), (edit, "edit"), (revoke, "revoke")]
    }

    /// The model sees the picture as it was; the bot says that it cannot listen.
    /// - Returns: the files by the ids of their messages.
    private func files(_ meeting: BotMeeting) async throws -> [String: Data] {
        let picture =
            try #require(
                Data(
                    base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                        + "awAAAABJRU5ErkJggg==")) + Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 13) })
        let image = try await meeting.dana.perform(
            "image", ["to": BotMeeting.bot, "base64_data": picture.base64EncodedString()])
        // First comes that it takes work, then the answer.
        _ = try await meeting.dana.wait("message") { $0.quoted == image && $0.text?.hasPrefix("echo: ") == true }
        #expect(meeting.model.images == [picture])

        let sound = Data((0..<30_000).map { UInt8(truncatingIfNeeded: $0 &* 17 &+ $0 >> 8) })
        let voice = try await meeting.dana.perform(
            "voice", ["to": BotMeeting.bot, "base64_data": sound.base64EncodedString()])
        #expect(try await meeting.answer(to: voice).text?.contains("can't read this kind") == true)
        return [image: picture, voice: sound]
    }

    /// Three members: the bot, whatsmeow, and a phone. The bot answers who speaks to it, and nobody else.
    private func group(_ meeting: BotMeeting) async throws {
        let (dana, phones) = (meeting.dana, meeting.phones)
        let group = try await dana.perform("group", ["name": "Lab", "members": [BotMeeting.bot, BotMeeting.noa]])
        let start = meeting.model.questions.count
        try await meeting.write("just among us", to: group)
        let id = try await meeting.write("!gpt by command", to: group)
        let answer = try await meeting.answer(to: id)
        #expect(answer.chat == group && answer.text?.hasSuffix("by command") == true)
        let accounts = try await phones.get("/accounts").items ?? []
        let bot = try #require(accounts.first { $0["jid"]?.text?.hasPrefix(BotMeeting.bot) == true }?["lid"]?.text)
        let mention = try await dana.perform(
            "mention", ["to": group, "text": "@\(bot.prefix { $0 != "@" }) by name", "jid": bot])
        #expect(try await meeting.answer(to: mention).text?.hasSuffix("by name") == true)
        let reply = try await dana.perform("reply", ["id": answer.id ?? "", "text": "by a quote"])
        #expect(try await meeting.answer(to: reply).text?.hasSuffix("by a quote") == true)

        try await phones.post(
            "/phone/send", ["account": .string(BotMeeting.noa), "to": .string(group), "text": "!gpt from noa"])
        try await meeting.until("noa's phone shows the answers") {
            let texts = try await phones.control.texts(of: BotMeeting.noa)
            return ["by command", "by name", "by a quote", "from noa"].allSatisfy { words in
                texts.contains { $0.hasPrefix("echo: ") && $0.hasSuffix(words) }
            }
        }
        try await dana.wait("message") { $0.chat == group && $0.text?.hasSuffix("from noa") == true }
        #expect(meeting.model.questions.count == start + 4)
    }

    /// What is damaged on its way, to the bot or to Dana, is asked for again, and comes.
    private func damage(_ meeting: BotMeeting) async throws {
        for count in 1...2 {
            try await meeting.phones.post(
                "/corrupt", ["jid": BotMeeting.device(of: BotMeeting.bot), "count": .integer(count)])
            let answer = try await meeting.ask("damaged for the bot \(count)")
            meeting.noteDamaged(try #require(answer.quoted))
            try await meeting.phones.post(
                "/corrupt", ["jid": BotMeeting.device(of: BotMeeting.dana), "count": .integer(count)])
            let back = try #require(try await meeting.ask("damaged for dana \(count)").id)
            meeting.noteDamaged(back)
            #expect(meeting.unreadable.count { $0 == back } == count)
        }
    }

    /// Either is away, or its connection ends; what was said meanwhile is answered and comes.
    private func absence(_ meeting: BotMeeting) async throws {
        try await meeting.stopBot()
        var ids: [String] = []
        for number in 1...3 { ids.append(try await meeting.write("while the bot is away \(number)")) }
        try meeting.startBot()
        for (number, id) in ids.enumerated() {
            #expect(try await meeting.answer(to: id).text == "echo: while the bot is away \(number + 1)")
        }

        try await meeting.stopDana()
        try await meeting.phones.write("from dana's phone")
        try await meeting.phones.shows("echo: from dana's phone")
        try meeting.startDana()
        try await meeting.dana.text("from dana's phone")
        try await meeting.dana.text("echo: from dana's phone")
        try await meeting.dana.wait("caught-up")

        try await meeting.phones.post("/drop", ["jid": BotMeeting.device(of: BotMeeting.bot), "code": "503"])
        try await meeting.ask("after the bot's 503")
        let start = meeting.dana.count
        try await meeting.phones.post("/drop", ["jid": BotMeeting.device(of: BotMeeting.dana), "code": "503"])
        try await meeting.dana.wait("online", since: start)
        try await meeting.ask("after dana's 503")
    }

    /// Another device of the bot's account, which is whatsmeow, sees what the bot says, and is not answered itself.
    private func secondDevice(_ meeting: BotMeeting) async throws {
        let second = try WhatsmeowPeer("bot2", in: meeting.folder)
        try await meeting.phones.scan(try await second.wait("qr").text ?? "")
        try await second.wait("online")
        try await meeting.ask("to an old list")
        let answer = try await meeting.ask("to both")
        #expect(try await second.message(answer.id ?? "").own == true)
        let start = meeting.model.questions.count
        let typed = try await second.perform("text", ["to": BotMeeting.dana, "text": "the owner writes"])
        #expect(try await meeting.dana.message(typed).text == "the owner writes")
        try await meeting.ask("and on")
        #expect(meeting.model.questions.count == start + 1)
        #expect(second.unreadable.isEmpty)
        try await meeting.phones.post("/unlink", ["jid": BotMeeting.device(of: BotMeeting.bot, 2)])
        try await second.wait("unlinked")
        try await meeting.ask("to one again")
    }

    /// Everything is acknowledged, nothing was refused, no key was used twice, and nothing was unreadable to anybody
    /// but what was damaged.
    private func nothingLost(_ meeting: BotMeeting) async throws {
        let control = meeting.phones.control
        try await meeting.until("all to be acknowledged") { try await control.isAllAcknowledged() }
        #expect(try await control.faults() == [])
        #expect(try await control.log("could NOT") == [])
        #expect(try await control.hollowStanzas(of: BotMeeting.bot) == [])
        #expect(try await control.askedAgain() == meeting.damaged)
        #expect(Set(meeting.unreadable).isSubset(of: meeting.damaged))
        #expect(!(meeting.bot.errors + meeting.bot.lines.joined()).contains("a message cannot be read"))
    }

    /// The phone unlinks the bot: its operator is told, and the program goes on until it is stopped.
    private func unlinking(_ meeting: BotMeeting) async throws {
        try await meeting.phones.post("/unlink", ["jid": BotMeeting.device(of: BotMeeting.bot)])
        try await meeting.until("the operator is told") {
            (meeting.bot.errors + meeting.bot.lines.joined()).contains("unlinked_401")
        }
        #expect(meeting.bot.isRunning)
        try await meeting.stopBot()
    }

    /// What is left in the database: everything came once, what needed no answer has none, and files have their hashes.
    private func kept(
        _ meeting: BotMeeting, _ bystanders: [(id: String, kind: String)], _ files: [String: Data]
    ) async throws {
        let database = try SQLiteDatabase.open(meeting.home.data.appending(path: "martlet.sqlite"))
        let rows = try await database.rows("SELECT message_id, state, payload FROM inbox")
        let states = try Dictionary(grouping: rows) { try $0.text("message_id") }
        #expect(states.values.allSatisfy { $0.count == 1 })
        for (id, kind) in bystanders {
            let row = try #require(states[id]?.first, "\(kind)")
            #expect(try row.text("state") == "ignored" && row.text("payload").contains("\"\(kind)\""), "\(row)")
        }
        for (id, bytes) in files {
            let payload = try #require(states[id]?.first).text("payload")
            let message = try JSONDecoder().decode(InboundMessage.self, from: Data(payload.utf8))
            #expect(message.media?.sha256 == Data(SHA256.hash(data: bytes)).base64EncodedString())
        }
        #expect(try rows.allSatisfy { try $0.text("state") != "received" && $0.text("state") != "failed" })
        let waiting = try await database.rows("SELECT COUNT(*) AS count FROM outbox WHERE state <> 'done'")
        #expect(try waiting[0].int("count") == 0)
        try await database.close()
    }
}
