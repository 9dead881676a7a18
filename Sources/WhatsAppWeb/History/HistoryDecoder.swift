import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// Makes parts of the fields of a history, one after the other.
struct HistoryDecoder {
    private let ownAddresses: [JID]
    private let limits: HistoryReader.Limits
    private var reader = ProtobufReader()

    private var isInChat = false
    /// The open chat; nil until its id came, or if it has none.
    private var chat: JID?
    /// The fields of the open chat that are no messages, as they came.
    private var chatFields: [UInt8] = []
    private var messages: [ReceivedMessage] = []
    private var messageBytes = 0
    private var pushNames: [JID: String] = [:]
    private var aliases: [JID: JID] = [:]
    private var progress: Int?
    private var leftOut = 0
    private var ready: [HistoryPart] = []

    /// Numbers of the fields of a `HistorySync` that are wanted.
    private enum Top {
        static let conversation = 2, progress = 6, pushName = 7, alias = 15, nonce = 16, tokenSalt = 19
        static let wanted: Set<Int> = [pushName, alias, nonce, tokenSalt]
    }

    /// Numbers of the fields of a `Conversation` that have a meaning here.
    private enum Chat {
        static let id = 1, message = 2
        /// Members of groups are asked for elsewhere.
        static let members = 20
    }

    init(ownAddresses: [JID], limits: HistoryReader.Limits) {
        self.ownAddresses = ownAddresses
        self.limits = limits
        let longest = limits.field
        reader.treatment = { depth, number, length in
            if depth == 0, number == Top.conversation { return .enter }
            if depth == 0, !Top.wanted.contains(number) { return .skip }
            if depth == 1, number == Chat.members { return .skip }
            // What is no message adds up while the chat is open.
            if depth == 1, number != Chat.message, length > 1 << 14 { return .skip }
            return length > longest ? .skip : .read
        }
    }

    /// Takes bytes that came out of the compressed ones.
    mutating func append(_ bytes: UnsafeRawBufferPointer) { reader.append(bytes) }

    /// The next part; nil if more bytes are needed first.
    mutating func next() throws(WebError) -> HistoryPart? {
        while ready.isEmpty {
            guard let field = try reader.next() else { return nil }
            if isInChat { takeChat(field) } else { take(field) }
        }
        return ready.removeFirst()
    }

    /// Ends the history.
    /// - Returns: the last parts.
    mutating func finish() throws(WebError) -> [HistoryPart] {
        try reader.finish()
        endPairs()
        defer { ready = [] }
        return ready + [.end(progress: progress, leftOut: leftOut)]
    }

    // MARK: fields of the history

    private mutating func take(_ field: ProtobufReader.Field) {
        switch (field.number, field.value) {
        case (Top.conversation, .begins):
            isInChat = true
            chat = nil
            chatFields = []
        case (Top.progress, .number(let percent)): progress = Int(min(percent, 100))
        case (Top.pushName, .bytes(let bytes)): takePushName(bytes)
        case (Top.alias, .bytes(let bytes)): takeAlias(bytes)
        case (Top.nonce, .bytes(let bytes)): ready.append(.companionNonce(String(decoding: bytes, as: UTF8.self)))
        case (Top.tokenSalt, .bytes(let bytes)): ready.append(.tokenSalt(bytes))
        case (let number, .skipped): if Top.wanted.contains(number) { leftOut += 1 }
        default: break
        }
    }

    private mutating func takePushName(_ bytes: [UInt8]) {
        guard let entry = try? WAPushName(serializedBytes: bytes), let user = JID(entry.id), user.isUser,
            // Phones send a dash for users without a name.
            !entry.name.isEmpty, entry.name != "-"
        else { return }
        pushNames[user.withoutDevice] = entry.name
        if pushNames.count >= Self.pairsTogether { endPairs() }
    }

    private mutating func takeAlias(_ bytes: [UInt8]) {
        guard let entry = try? WAPhoneNumberToLIDMapping(serializedBytes: bytes), let lid = JID(entry.lidJid),
            let phone = JID(entry.phoneNumberJid), lid.isLID, phone.isPhoneNumber
        else { return }
        aliases[lid.withoutDevice] = phone.withoutDevice
        if aliases.count >= Self.pairsTogether { endPairs() }
    }

    /// So many names or pairs of addresses are given together.
    private static let pairsTogether = 256

    private mutating func endPairs() {
        if !pushNames.isEmpty { ready.append(.pushNames(pushNames)) }
        if !aliases.isEmpty { ready.append(.aliases(aliases)) }
        pushNames = [:]
        aliases = [:]
    }

    // MARK: fields of a chat

    private mutating func takeChat(_ field: ProtobufReader.Field) {
        switch (field.number, field.value) {
        case (Top.conversation, .ends): endChat()
        case (Chat.id, .bytes(let bytes)):
            chat = JID(String(decoding: bytes, as: UTF8.self))?.withoutDevice
            keep(field)
        case (Chat.message, .bytes(let bytes)): takeMessage(bytes)
        case (let number, .skipped): if number != Chat.members { leftOut += 1 }
        default: keep(field)
        }
    }

    private mutating func takeMessage(_ bytes: [UInt8]) {
        guard let chat, let entry = try? WAHistorySyncMessage(serializedBytes: bytes) else {
            leftOut += 1
            return
        }
        guard let message = ReceivedMessage(entry.message, in: chat, ownAddresses: ownAddresses) else { return }
        messages.append(message)
        messageBytes += bytes.count
        if messages.count >= limits.batchCount || messageBytes >= limits.batchBytes { endBatch(chat) }
    }

    private mutating func endBatch(_ chat: JID) {
        guard !messages.isEmpty else { return }
        ready.append(.messages(chat: chat, messages))
        messages = []
        messageBytes = 0
    }

    private mutating func endChat() {
        isInChat = false
        guard let chat else { return }
        endBatch(chat)
        if let conversation = try? WAConversation(serializedBytes: chatFields) {
            ready.append(.chat(HistoryChat(conversation, chat: chat)))
        } else {
            leftOut += 1
        }
        self.chat = nil
        chatFields = []
    }

    /// Keeps a field of the chat for its end.
    private mutating func keep(_ field: ProtobufReader.Field) {
        guard chatFields.count < limits.field else {
            leftOut += 1
            return
        }
        switch field.value {
        case .number(let number):
            appendVarint(UInt64(field.number) << 3)
            appendVarint(number)
        case .bytes(let bytes):
            appendVarint(UInt64(field.number) << 3 | 2)
            appendVarint(UInt64(bytes.count))
            chatFields += bytes
        default: break
        }
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            chatFields.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        chatFields.append(UInt8(rest))
    }
}
