import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

/// People and chats that do not exist.
enum People {
    static let me = JID.lid("799454487762298")
    static let myPhone = JID.phoneNumber("15550000001")
    static let dana = JID.lid("360423099894953")
    static let danaPhone = JID.phoneNumber("15550000002")
    static let omer = JID.lid("111222333444555")
    static let group = JID.group("120363774285870057")
    static let own = [myPhone, me]
}

extension MessageHeader {
    /// A message of Dana's in the direct chat.
    static func fromDana(id: String = "3EB0AA", in chat: JID = People.dana) -> MessageHeader {
        MessageHeader(
            id: id, chat: chat, sender: People.dana, senderAlias: People.danaPhone, pushName: "Dana",
            sentAt: Date(timeIntervalSince1970: 1_800_000_000), ownAddresses: People.own)
    }

    /// A message of our own, from another device.
    static func fromMe(id: String = "3EB0BB", in chat: JID = People.dana) -> MessageHeader {
        MessageHeader(
            id: id, chat: chat, sender: People.me, senderAlias: People.myPhone, isFromMe: true,
            sentAt: Date(timeIntervalSince1970: 1_800_000_000), ownAddresses: People.own)
    }
}

extension ReceivedMessage {
    /// What Dana's message in the direct chat says.
    static func read(_ fill: (inout WAMessage) -> Void) throws -> ReceivedMessage? { try read(.fromDana(), fill) }

    /// What a message says.
    static func read(
        _ header: MessageHeader, _ fill: (inout WAMessage) -> Void
    ) throws -> ReceivedMessage? {
        var message = WAMessage()
        fill(&message)
        return try ReceivedMessage(header: header, bytes: message.serializedBytes())
    }
}

extension MediaReference {
    /// A file that nobody has.
    static func sample(_ kind: MediaKind = .image, byteCount: Int? = 20) throws -> MediaReference {
        let media = MediaReference(
            kind: kind, directPath: "/v/t62.7118-24/1_n.enc?ccb=11-4", url: "https://mmg.whatsapp.net/v/1",
            key: [UInt8](repeating: 1, count: 32), sha256: [UInt8](repeating: 2, count: 32),
            encryptedSHA256: [UInt8](repeating: 3, count: 32), byteCount: byteCount,
            keyCreatedAt: Date(timeIntervalSince1970: 1_800_000_000), mimeType: "image/jpeg")
        guard let media else { throw WebError(.invalid, "the sample is wrong") }
        return media
    }
}
