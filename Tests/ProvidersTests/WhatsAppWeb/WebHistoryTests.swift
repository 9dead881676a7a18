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
@testable import WhatsAppWeb

/// What members wrote before the account was linked: stored when the owner wants it, and never answered.
@Suite(.timeLimit(.minutes(5))) struct WebHistoryTests {
    private let wanted = ["WHATSAPP_WEB_HISTORY": "on"]

    /// Has members, and the owner, write a day ago and just now.
    @Sendable private func write(_ rig: WebRig) async throws {
        try await rig.post("/options", ["clock_offset": -86_400])
        try await rig.say("long ago")
        try await rig.say("from the owner", as: WebRig.bot, to: WebRig.dana)
        let made = try await rig.post(
            "/phone/group",
            [
                "account": .string(WebRig.omer), "subject": "Lab",
                "participants": [.string(WebRig.bot), .string(WebRig.dana)],
            ])
        try await rig.say("in the group", as: WebRig.omer, to: try #require(made["jid"]?.text))
        try await rig.post("/options", ["clock_offset": 0])
        try await rig.say("just before")
    }

    private func stored(_ rig: WebRig, as state: String = "stored") async throws -> [InboundMessage] {
        try await rig.database.rows("SELECT payload FROM inbox WHERE state = \(state) ORDER BY id").map {
            try JSONDecoder().decode(InboundMessage.self, from: Data(try $0.text("payload").utf8))
        }
    }

    private func run(_ rig: WebRig, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let provider = try #require(try await rig.network.providers().first)
        try await RunningProvider.running(provider) { _ in
            #expect(await eventually { provider.isConnected })
            try await body()
        }
        provider.store.close()
    }

    @Test func `it is stored as it was, and not taken for something new`() async throws {
        try await WebRig.linked(wanted, before: write) { rig in
            try await run(rig) {
                #expect(try await eventually { try await stored(rig).count == 2 })
                let id = try await rig.say("now")
                let now = try await rig.message("it") { $0.id == id }
                let old = try await stored(rig)
                #expect(Set(old.map(\.text)) == ["long ago", "in the group"])
                let direct = try #require(old.first { !$0.isGroup })
                #expect(direct.chat == now.chat && direct.sender.id == now.sender.id)
                #expect(direct.sentAt < now.sentAt.addingTimeInterval(-80_000))
                let group = try #require(old.first { $0.isGroup })
                #expect(group.sender.name == "Omer" && group.chat.name.hasSuffix("@g.us"))
                #expect(try await stored(rig, as: "received").map(\.text) == ["now"])
            }
            // Nobody is written to because of what they wrote to the owner.
            #expect(try await rig.database.rows("SELECT chat FROM web_chat").count == 1)
            // All of it was read to the end.
            #expect(try await rig.database.rows("SELECT name FROM web_entry WHERE kind = 'history'").isEmpty)
        }
    }

    @Test func `what is too large for memory lies in the folder of this process for files under way`() async throws {
        try await WebRig.linked(wanted) { rig in
            let line = try await rig.network.open(account: WebRig.account)
            defer { line.store.close() }
            let file = line.client.settings.temporaryFile()
            #expect(file.deletingLastPathComponent().path == rig.files.url.path)
            #expect(rig.files.url.lastPathComponent == "martlet-\(getpid())")
        }
    }

    @Test func `without a wish for it nothing is fetched`() async throws {
        try await WebRig.linked(before: write) { rig in
            try await run(rig) {
                let id = try await rig.say("now")
                _ = try await rig.message("it") { $0.id == id }
            }
            #expect(try await stored(rig).isEmpty)
            #expect(try await rig.log("media delete").isEmpty)
            #expect(try await rig.database.rows("SELECT name FROM web_entry WHERE kind = 'history'").isEmpty)
        }
    }

    @Test func `what was offered and not read is taken up after a restart, and what is damaged is left`() async throws {
        try await WebRig.linked(wanted) { rig in
            let dana = try await rig.addresses(of: WebRig.dana).lid
            var history = WAHistorySync()
            var conversation = WAConversation()
            conversation.id = dana.description
            var item = WAHistorySyncMessage()
            item.message.key.remoteJid = dana.description
            item.message.key.id = "3AOLD"
            item.message.messageTimestamp = UInt64(Date().timeIntervalSince1970) - 90_000
            item.message.message.conversation = "left over"
            conversation.messages = [item]
            history.conversations = [conversation]
            let good = try offer(try Deflater.deflate(history.serializedBytes()))
            let bad = try offer([1, 2, 3])
            let line = try await rig.network.open(account: WebRig.account)
            try await line.store.commit(
                [.put(StoreKey(.history, "1BAD"), bad), .put(StoreKey(.history, "2GOOD"), good)], events: [])
            line.store.close()
            try await run(rig) {
                let isStored = try await eventually { try await stored(rig).compactMap(\.text) == ["left over"] }
                let isDone = try await eventually {
                    try await rig.database.rows("SELECT name FROM web_entry WHERE kind = 'history'").isEmpty
                }
                #expect(isStored && isDone)
            }
        }
    }

    private func offer(_ payload: [UInt8]) throws -> [UInt8] {
        var notification = WAHistorySyncNotification()
        notification.syncType = .recent
        notification.inlinePayload = Data(payload)
        return try notification.serializedBytes()
    }
}
