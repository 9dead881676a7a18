import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

/// Edits and revocations: who may change whose messages.
@Suite struct MessageChangeTests {
    private func edit(fromMe: Bool, participant: String = "") -> (inout WAMessage) -> Void {
        { message in
            message.edited.message.protocolMessage.kind = .messageEdit
            message.edited.message.protocolMessage.key.id = "M"
            message.edited.message.protocolMessage.key.fromMe = fromMe
            message.edited.message.protocolMessage.key.participant = participant
            message.edited.message.protocolMessage.editedMessage.conversation = "better"
        }
    }

    private func revoke(fromMe: Bool, participant: String = "") -> (inout WAMessage) -> Void {
        { message in
            message.protocolMessage.kind = .revoke
            message.protocolMessage.key.id = "M"
            message.protocolMessage.key.fromMe = fromMe
            message.protocolMessage.key.participant = participant
        }
    }

    @Test func `an edit names the sender's own message`() throws {
        let message = try ReceivedMessage.read(edit(fromMe: true))
        guard case .edit(let edit)? = message?.content else {
            Issue.record("no edit")
            return
        }
        #expect(edit.target == MessageReference(id: "M", chat: People.dana, sender: People.dana, isFromMe: false))
        #expect(edit.content == .text(TextContent("better")))
        #expect(message?.content.text == "better")
    }

    @Test func `nobody edits what another wrote`() throws {
        #expect(try ReceivedMessage.read(edit(fromMe: false))?.content == .other(field: "protocol_message"))
        let inGroup = MessageHeader.fromDana(in: People.group)
        let forged = try ReceivedMessage.read(inGroup, edit(fromMe: false, participant: People.omer.description))
        #expect(forged?.content == .other(field: "protocol_message"))
    }

    @Test func `an edit of an edit is none`() throws {
        let message = try ReceivedMessage.read {
            $0.protocolMessage.kind = .messageEdit
            $0.protocolMessage.key.id = "M"
            $0.protocolMessage.key.fromMe = true
            edit(fromMe: true)(&$0.protocolMessage.editedMessage)
        }
        #expect(message?.content == .other(field: "protocol_message"))
    }

    @Test func `in a group a revocation says whether its sender wrote the message`() throws {
        let header = MessageHeader.fromDana(in: People.group)
        let own = try ReceivedMessage.read(header, revoke(fromMe: true))
        #expect(
            own?.content
                == .revoke(
                    Revocation(
                        MessageReference(id: "M", chat: People.group, sender: People.dana, isFromMe: false))))
        let other = try ReceivedMessage.read(header, revoke(fromMe: false, participant: People.me.description))
        #expect(
            other?.content
                == .revoke(
                    Revocation(
                        MessageReference(id: "M", chat: People.group, sender: People.me, isFromMe: true),
                        isByAnother: true)))
    }

    @Test func `in a direct chat nobody revokes what the other wrote`() throws {
        #expect(try ReceivedMessage.read(revoke(fromMe: false))?.content == .other(field: "protocol_message"))
    }

    @Test func `a key is read from its sender's point of view`() throws {
        let key = WAMessageKey.with {
            $0.id = "M"
            $0.remoteJid = People.group.description
        }
        let fromDana = MessageReference(key, in: .fromDana())
        #expect(fromDana == MessageReference(id: "M", chat: People.dana, sender: People.me, isFromMe: true))
        let fromMe = MessageReference(key, in: .fromMe())
        #expect(fromMe == MessageReference(id: "M", chat: People.dana, sender: People.dana, isFromMe: false))
        #expect(MessageReference(key, in: .fromDana(in: People.group)) == nil)
        #expect(MessageReference(.with { $0.id = String(repeating: "A", count: 129) }, in: .fromDana()) == nil)
    }
}
