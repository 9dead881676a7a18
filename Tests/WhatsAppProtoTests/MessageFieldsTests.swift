import SwiftProtobuf
import Testing
import WhatsAppProto

@Suite struct MessageFieldsTests {
    @Test func `the field numbers of a quoted text are WhatsApp's`() throws {
        var message = WAMessage()
        message.extendedText.text = "hi"
        message.extendedText.contextInfo.stanzaID = "A"
        message.extendedText.contextInfo.mentionedJids = ["1@lid"]
        // field 6 { field 1 "hi"; field 17 { field 1 "A"; field 15 "1@lid" } }
        #expect(
            try message.serializedBytes() as [UInt8]
                == [0x32, 17, 0x0A, 2, 0x68, 0x69, 0x8A, 0x01, 10, 0x0A, 1, 0x41, 0x7A, 5] + Array("1@lid".utf8))
    }

    @Test func `unknown fields survive a round trip, also inside envelopes`() throws {
        // A message with field 3000 inside an edited message (58 { 1 { … } }), and field 3001 beside it.
        let inner: [UInt8] = [0xC2, 0xBB, 0x01, 3, 1, 2, 3]
        let wrapped: [UInt8] = [0x0A, UInt8(inner.count)] + inner
        let bytes: [UInt8] = [0xD2, 0x03, UInt8(wrapped.count)] + wrapped + [0xC8, 0xBB, 0x01, 7]
        let message = try WAMessage(serializedBytes: bytes)
        #expect(message.hasEdited)
        #expect(try message.serializedBytes() as [UInt8] == bytes)
    }

    @Test func `an opaque message keeps its fields`() throws {
        let bytes: [UInt8] = [0x82, 0x01, 4, 0x0A, 2, 0x68, 0x69]
        let message = try WAMessage(serializedBytes: bytes)
        #expect(message.hasSendPayment)
        #expect(try message.serializedBytes() as [UInt8] == bytes)
    }

    @Test func `an absent or unknown kind is no revocation`() throws {
        #expect(try WAProtocolMessage(serializedBytes: [] as [UInt8]).kind == .unknown)
        let strange = try WAProtocolMessage(serializedBytes: [0x10, 99] as [UInt8])
        #expect(strange.kind == .unknown)
        #expect(!strange.hasKind)
        #expect(try strange.serializedBytes() as [UInt8] == [0x10, 99])
        #expect(try WAProtocolMessage(serializedBytes: [0x10, 0] as [UInt8]).kind == .revoke)
        #expect(try WAHistorySync(serializedBytes: [] as [UInt8]).syncType == .unknown)
    }

    @Test func `presence is known`() throws {
        let reaction = try WAReactionMessage(serializedBytes: [0x12, 0] as [UInt8])
        #expect(reaction.hasText)
        #expect(reaction.text.isEmpty)
        #expect(!reaction.hasKey)
    }
}
