import BotKit
import Foundation

/// What the user of the console asks for.
enum ConsoleRequest: Sendable, Hashable {
    case message(ConsoleMessage)
    /// Moves the manual clock, in seconds.
    case advance(Double)
    /// What was written cannot be read; the words say what shape is wanted.
    case problem(String)
    case quit
}

/// A message that the played member writes.
struct ConsoleMessage: Sendable, Hashable {
    var id: MessageID
    /// The chat's name within the account: a number, or any name of a group.
    var chat: String
    var isGroup: Bool
    var sender: PhoneNumber
    var senderName: String?
    var content: InboundMessage.Content
    var quotes: MessageID?
    var mentionsBot = false
    /// When it is said to have been written; `nil` means now.
    var sentAt: Date?

    /// An id that no message had before: 16 hexadecimal digits.
    static func newID() -> MessageID {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16, uppercase: true)
        return MessageID(rawValue: String(repeating: "0", count: 16 - digits.count) + digits)
    }

    /// Whether `name` may name a chat: 1 to 128 characters, none of them a control.
    static func isChatName(_ name: String) -> Bool {
        (1...128).contains(name.count) && name.utf8.count <= 1024
            && !name.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    }

    /// The message as a network would deliver it to `account`.
    func delivered(to account: AccountID, at now: Date) -> InboundMessage {
        InboundMessage(
            id: id, chat: ChatID(account: account, name: chat), isGroup: isGroup,
            sender: .init(
                id: MemberID(provider: account.provider, name: sender.digits), name: senderName, phone: sender),
            sentAt: sentAt ?? now, receivedAt: now, content: content, quotes: quotes, mentionsBot: mentionsBot)
    }
}
