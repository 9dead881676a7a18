import BotKit
import Foundation
import Logging
import StoreSQLite
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWeb
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator

/// What a linked account keeps of somebody for itself goes when they are erased, and nothing that they write is lost.
@Suite(.timeLimit(.minutes(5))) struct WebForgettingTests {
    private func reply(_ text: String, to chat: ChatID, _ provider: WhatsAppWebProvider) async throws
        -> BotKit.MessageID
    {
        try await provider.send(
            BotKit.OutgoingMessage(
                row: 1, chat: chat, messageID: provider.makeMessageID(),
                reply: RenderedReply(content: .text(text), quotes: nil), attempt: 0))
    }

    /// The names of what is stored about a number, by either address.
    private func names(of number: String, _ rig: WebRig) async throws -> [String] {
        let addresses = try await rig.addresses(of: number)
        return try await rig.database.rows("SELECT kind, name FROM web_entry ORDER BY kind, name").map {
            try "\($0.text("kind")) \($0.text("name"))"
        }.filter { $0.contains(addresses.phone.user) || $0.contains(addresses.lid.user) }
    }

    private func heard(_ text: String, _ rig: WebRig) async throws -> InboundMessage {
        try await rig.message(text) { $0.text == text }
    }

    @Test func `ratchets, addresses, tokens and copies go, those of others stay, and all that comes is read`()
        async throws
    {
        try await WebRig.running { rig, provider, _ in
            let made = try await rig.post(
                "/phone/group",
                [
                    "account": .string(WebRig.omer), "subject": "Lab",
                    "participants": [.string(WebRig.bot), .string(WebRig.dana)],
                ])
            let group = try #require(made["jid"]?.text)
            try await rig.say("from dana")
            try await rig.say("from omer", as: WebRig.omer)
            try await rig.say("dana to all", to: group)
            try await rig.say("omer to all", as: WebRig.omer, to: group)
            let dana = try await heard("from dana", rig)
            let omer = try await heard("from omer", rig)
            let inGroup = try await heard("dana to all", rig)
            _ = try await heard("omer to all", rig)
            let toDana = try await reply("to dana", to: dana.chat, provider)
            let toOmer = try await reply("to omer", to: omer.chat, provider)
            let toAll = try await reply("to all, about dana", to: inGroup.chat, provider)
            let others = try await reply("to all, about omer", to: inGroup.chat, provider)
            for text in ["to dana", "to all, about dana", "to all, about omer"] {
                #expect(
                    try await eventually { try await rig.mail(of: WebRig.dana).contains { $0.words == text } })
            }
            for number in [WebRig.dana, WebRig.omer] {
                #expect(
                    try await eventually {
                        let names = try await names(of: number, rig)
                        return ["session", "senderKey", "alias", "connection token-issued"].allSatisfy { kind in
                            names.contains { $0.hasPrefix(kind) }
                        }
                    })
            }
            let omers = try await names(of: WebRig.omer, rig)

            // As after an erasure: their rows are gone.
            for id in [toDana, toAll] { rig.reports.disown(id) }
            try await provider.forget([dana.sender.id], in: [dana.chat])
            #expect(try await names(of: WebRig.dana, rig) == [])
            #expect(try await names(of: WebRig.omer, rig) == omers)
            let copies = try await rig.database.rows("SELECT name FROM web_entry WHERE kind = 'sentMessage'")
            #expect(try Set(copies.map { try $0.text("name") }) == [toOmer.rawValue, others.rawValue])
            #expect(provider.recent.entry(inGroup.id, in: inGroup.chat) == nil)
            #expect(provider.recent.entry(dana.id, in: dana.chat) == nil)
            #expect(provider.recent.entry(omer.id, in: omer.chat) != nil)

            // Her phone uses the sessions that it has.
            try await rig.say("again")
            try await rig.say("again to all", to: group)
            try await rig.say("once more")
            for text in ["again", "again to all", "once more"] {
                let message = try await heard(text, rig)
                #expect(message.sender.id == dana.sender.id)
                _ = try await reply("re: \(text)", to: message.chat, provider)
                #expect(
                    try await eventually {
                        try await rig.mail(of: WebRig.dana).contains { $0.words == "re: \(text)" }
                    })
            }
            #expect(rig.inbox.new.count { $0.text == "again" } == 1)
            for sign in ["REFUSED", "UNHANDLED", "REUSED", "could NOT"] { #expect(try await rig.log(sign).isEmpty) }
        }
    }

    @Test func `what a companion of theirs writes next is read as well`() async throws {
        try await WebRig.running { rig, provider, _ in
            let server = try #require(URL(string: "ws://127.0.0.1:\(rig.ports.plain)/ws/chat"))
            let companion = WebClient(
                settings: WebSettings(server: server, root: rig.emulator.rootKey), store: MemoryStore(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await companion.run() }
                for await notice in companion.notices {
                    if case .qr(let text, _) = notice {
                        try await rig.post("/qr/scan", ["qr": .string(text), "account": .string(WebRig.dana)])
                    }
                    if case .connection(.online) = notice { break }
                }
                try await companion.send(.init(.text("from the desk")), to: .phoneNumber(WebRig.bot))
                let first = try await heard("from the desk", rig)
                _ = try await reply("to the desk", to: first.chat, provider)
                try await provider.forget([first.sender.id], in: [first.chat])
                #expect(try await names(of: WebRig.dana, rig) == [])
                try await companion.send(.init(.text("still here")), to: .phoneNumber(WebRig.bot))
                #expect(try await heard("still here", rig).sender.id == first.sender.id)
                try await rig.say("and on the phone")
                _ = try await heard("and on the phone", rig)
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
            for sign in ["REFUSED", "UNHANDLED", "REUSED", "could NOT"] { #expect(try await rig.log(sign).isEmpty) }
        }
    }

    @Test func `copies of replies whose rows were removed go by themselves`() async throws {
        try await WebRig.running { rig, provider, _ in
            try await rig.say("hello")
            let chat = try await heard("hello", rig).chat
            let old = try await reply("old", to: chat, provider)
            let new = try await reply("new", to: chat, provider)
            rig.reports.disown(old)
            try await provider.forgetOldReplies()
            let copies = try await rig.database.rows("SELECT name FROM web_entry WHERE kind = 'sentMessage'")
            #expect(try copies.map { try $0.text("name") } == [new.rawValue])
        }
    }
}

extension WebRig.Seen {
    fileprivate var words: String {
        message.hasConversation ? message.conversation : message.extendedText.text
    }
}
