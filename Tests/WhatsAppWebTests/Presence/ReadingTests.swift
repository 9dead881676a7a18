import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

struct ReadingTests {
    private static let now = Date(timeIntervalSince1970: 1_000)
    private static let group = JID.group("120363000000000001")

    private func message(_ id: String, _ sender: JID = .lid("101"), isFromMe: Bool = false) -> MessageReference {
        MessageReference(id: id, chat: Self.group, sender: sender, isFromMe: isFromMe)
    }

    @Test func `one receipt names all messages, and the sender in a group`() throws {
        let node = try Node(readingOf: [message("A"), message("B"), message("C")], "read", at: Self.now)
        #expect(node.text("id") == "A" && node.text("t") == "1000")
        #expect(try node.jid("to") == Self.group)
        #expect(try node.jid("participant") == .lid("101"))
        #expect(node.child("list")?.children("item").map { $0.text("id") } == ["B", "C"])
    }

    @Test func `one message of a direct chat needs no list and no sender`() throws {
        let direct = MessageReference(id: "A", chat: .lid("101"), sender: .lid("101"), isFromMe: false)
        let node = try Node(readingOf: [direct], "read-self", at: Self.now)
        #expect(node.content == .empty && node.attributes["participant"] == nil)
    }

    @Test func `messages of several senders, or our own, have no common receipt`() {
        for messages in [[], [message("A"), message("B", .lid("102"))], [message("A", isFromMe: true)]] {
            #expect(throws: WebError.self) { try Node(readingOf: messages, "read", at: Self.now) }
        }
    }

    @Test func `recording is writing by voice`() {
        #expect(Node(TypingState.recording) == Node("composing", ["media": "audio"]))
        #expect(Node(TypingState.paused).tag == "paused")
    }
}
