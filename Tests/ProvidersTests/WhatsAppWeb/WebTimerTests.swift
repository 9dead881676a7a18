import BotKit
import Foundation
import StoreSQLite
import SwiftProtobuf
import TestKit
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator

/// After how long messages of a chat disappear: what shows it, and what does not.
@Suite(.timeLimit(.minutes(5))) struct WebTimerTests {
    private func stored(_ rig: WebRig) async throws -> [Int64?] {
        try await rig.database.rows("SELECT timer FROM web_chat").map { try $0.optionalInt("timer") }
    }

    private func hear(
        _ rig: WebRig, type: String = "text", _ fill: @Sendable (inout WAMessage) -> Void
    ) async throws -> BotKit.MessageID {
        var message = WAMessage()
        fill(&message)
        let id = try await rig.send(message, type: type)
        _ = try await rig.message("it") { $0.id == id }
        return id
    }

    private func set(_ seconds: UInt32, _ rig: WebRig, as number: String, to chat: String) async throws {
        var message = WAMessage()
        message.protocolMessage.kind = .ephemeralSetting
        message.protocolMessage.ephemeralExpiration = seconds
        try await rig.send(message, as: number, to: chat)
    }

    @Sendable private func text(_ message: inout WAMessage) {
        message.extendedText.text = "hello"
        message.extendedText.contextInfo.expiration = 86_400
    }

    @Test func `a timer outlives messages that say nothing of it`() async throws {
        try await WebRig.running { rig, provider, _ in
            let first = try await hear(rig, text)
            #expect(try await stored(rig) == [86_400])
            let reaction = try await hear(rig, type: "reaction") { message in
                message.reaction.key.id = first.rawValue
                message.reaction.key.fromMe = true
                message.reaction.text = "👍"
            }
            _ = try await hear(rig) { $0.conversation = "without context" }
            let revoked = try await hear(rig) { message in
                message.protocolMessage.kind = .revoke
                message.protocolMessage.key.id = first.rawValue
                message.protocolMessage.key.fromMe = true
            }
            #expect(try await stored(rig) == [86_400] && reaction != revoked)
            let chat = try #require(rig.inbox.new.first).chat
            #expect(try await provider.chats.entry(of: chat)?.timer == 86_400)
            // One whose context has no timer says that there is none.
            _ = try await hear(rig) { message in
                message.extendedText.text = "in answer"
                message.extendedText.contextInfo.stanzaID = first.rawValue
            }
            #expect(try await stored(rig) == [nil])
            _ = try await hear(rig, text)
            #expect(try await stored(rig) == [86_400])
        }
    }

    @Test func `a timer that somebody sets counts, whichever side it is`() async throws {
        try await WebRig.running { rig, provider, _ in
            try await set(86_400, rig, as: WebRig.dana, to: WebRig.bot)
            _ = try await hear(rig) { $0.conversation = "hello" }
            // Who never wrote has no row, and the message alone makes none.
            let chat = try #require(rig.inbox.new.first).chat
            let (dana, bot) = (WebRig.dana, WebRig.bot)
            let changes: [(seconds: Int, sender: String, reader: String)] = [
                (604_800, dana, bot), (0, dana, bot), (86_400, bot, dana), (0, bot, dana),
            ]
            for change in changes {
                try await set(UInt32(change.seconds), rig, as: change.sender, to: change.reader)
                let expected = change.seconds > 0 ? Int64(change.seconds) : nil
                let isStored = try await eventually { try await stored(rig) == [expected] }
                #expect(isStored, "\(change.seconds) by \(change.sender)")
                let timer = try await provider.chats.entry(of: chat)?.timer
                #expect(timer == (change.seconds > 0 ? change.seconds : nil))
            }
        }
    }

    @Test func `a write that failed is made again, and one that is under way is not forgotten`() async throws {
        try await WebRig.linked { rig in
            let book = WebChatBook(database: rig.database)
            let chat = ChatID(account: WebRig.account, name: "360423099894953@lid")
            let member = MemberID(address: .lid("360423099894953"))
            func note(_ seconds: Int) async throws -> SQL? {
                try await book.note(chat, of: member, news: .init(timerSeconds: seconds), at: Date())
            }
            let first = try #require(try await note(86_400))
            // Nothing was stored: it is asked for again.
            #expect(try await note(86_400) != nil)
            try await rig.database.run(first)
            #expect(try await note(86_400) == nil)
            // Two in one transaction: back to what is stored still needs a statement.
            let away = try #require(try await note(0))
            let back = try #require(try await note(86_400))
            try await rig.database.transaction([away, back])
            #expect(try await stored(rig) == [86_400])
            #expect(try await note(86_400) == nil)
            try await rig.database.run(try #require(try await note(0)))
            #expect(try await note(0) == nil)
            #expect(try await note(86_400) != nil)
        }
    }
}
