import WhatsAppWire

/// A message we sent, kept to answer who could not read it.
struct SentMessage {
    static let version: UInt8 = 1
    /// How long it is kept, in seconds; the server delivers for two weeks, and most retries come within seconds.
    static let lifetime: Int64 = 14 * 86_400

    let chat: JID
    /// Seconds since 1970.
    let sentAt: Int64
    /// The `Message` as it was before encryption.
    let message: [UInt8]

    init(chat: JID, sentAt: Int64, message: [UInt8]) {
        self.chat = chat
        self.sentAt = sentAt
        self.message = message
    }

    /// A byte of version, 8 of time, 1 of the length of the chat's name, the name, the message.
    var serialized: [UInt8] {
        let name = Array(chat.description.utf8.prefix(255))
        let time = (0..<8).map { UInt8(truncatingIfNeeded: sentAt >> (56 - 8 * Int64($0))) }
        return [Self.version] + time + [UInt8(name.count)] + name + message
    }

    init?(serialized bytes: [UInt8]) {
        guard let sentAt = Self.sentAt(in: bytes) else { return nil }
        self.sentAt = sentAt
        let end = 10 + Int(bytes[9])
        guard bytes.count >= end, let chat = JID(String(decoding: bytes[10..<end], as: UTF8.self)) else { return nil }
        self.chat = chat
        message = Array(bytes[end...])
    }
}
