import SwiftProtobuf
import WhatsAppProto

/// Names what a message holds when it has no form here.
enum UnknownField {
    /// What goes with a message and is none.
    private static let companions: Set<Int> = [2, 15, 35]

    /// Names of protobuf fields of `Message`, by number.
    private static let names: [Int: String] = [
        1: "conversation", 3: "image", 4: "contact", 5: "location", 6: "extended_text", 7: "document", 8: "audio",
        9: "video", 10: "call", 11: "chat", 12: "protocol_message", 16: "send_payment", 18: "live_location",
        22: "request_payment", 23: "decline_payment_request", 24: "cancel_payment_request", 26: "sticker",
        28: "group_invite", 30: "product", 31: "device_sent", 37: "view_once", 38: "order", 40: "ephemeral",
        41: "invoice", 44: "payment_invite", 46: "reaction", 47: "sticker_sync", 50: "poll_update",
        51: "keep_in_chat", 54: "request_phone_number", 55: "view_once_v2", 56: "enc_reaction", 58: "edited",
        59: "view_once_v2_extension", 61: "scheduled_call", 63: "pin_in_chat", 65: "scheduled_call_edit",
        69: "call_log", 70: "history_bundle", 71: "enc_comment", 72: "broadcast_call", 76: "enc_event_response",
        77: "comment", 78: "newsletter_admin_invite", 80: "placeholder", 82: "secret_encrypted", 86: "sticker_pack",
        88: "poll_result", 97: "rich_response", 102: "history_notice", 113: "newsletter_follower_invite",
        115: "poll_result_v3", 121: "poll_add_option",
    ]

    /// The name of the field that makes the message what it is; nil if it says nothing to a person.
    static func name(in message: WAMessage) -> String? {
        if message.hasProtocolMessage, isBetweenDevices(message.protocolMessage.kind) { return nil }
        // What was just decoded can be encoded; if not, there is nothing to name.
        guard let bytes: [UInt8] = try? message.serializedBytes() else { return nil }
        var reader = ProtobufReader()
        reader.skipsAll = true
        reader.append(bytes)
        while let field = try? reader.next() {
            guard !companions.contains(field.number) else { continue }
            return names[field.number] ?? "field \(field.number)"
        }
        return nil
    }

    /// Whether it is news for the client itself. What cannot be told is nobody's news.
    private static func isBetweenDevices(_ kind: WAProtocolMessage.Kind) -> Bool {
        switch kind {
        case .revoke, .messageEdit, .ephemeralSetting: false
        default: true
        }
    }
}
