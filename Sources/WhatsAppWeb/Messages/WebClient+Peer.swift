import SwiftProtobuf
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// Sends a message to the own phone that no person sees.
    func sendToOwnPhone(_ message: WAMessage) async throws {
        guard let account = credentials?.account else { throw WebError(.notLinked, "no account is linked") }
        let phone = account.lid.withoutDevice
        let plaintext: [UInt8] = try message.serializedBytes()
        let parts = try await withSessions([phone.signalAddress], with: { [phone] }) {
            try await encrypt([(phone, plaintext)])
        }
        guard let part = parts.first else { throw WebError(.unknownUser, "the phone has no keys") }
        var content = [
            Node("meta", ["appdata": "default"]),
            Node("enc", ["v": "2", "type": .text(part.kind.rawValue)], bytes: part.bytes),
        ]
        if part.kind == .prekey { content.append(Node("device-identity", bytes: account.deviceIdentity)) }
        let ack = try await deliver(
            Node(
                "message",
                [
                    "id": .text(makeMessageID()), "to": .jid(account.phoneNumber.withoutDevice), "category": "peer",
                    "push_priority": "high", "type": "text",
                ], content))
        if let status = ack.text("error").flatMap({ Int($0) }) {
            throw WebError(.refused, status: status, "the server refused a message to the own phone")
        }
    }
}
