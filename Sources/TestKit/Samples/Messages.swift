public import BotKit
public import Foundation

extension InboundMessage {
    /// A text that a person writes to the bot. A direct chat bears the person's name, a group its own.
    /// - Parameter id: by default a new one with each call.
    public static func sample(
        _ text: String = "hello", id: MessageID? = nil, from person: String = "dana", phone: String? = nil,
        group: String? = nil, at time: Date = .monday, receivedAt: Date? = nil, quotes: MessageID? = nil,
        mentionsBot: Bool = false, content: Content? = nil, account: AccountID = "test:bot"
    ) -> InboundMessage {
        InboundMessage(
            id: id ?? MessageID(rawValue: "in-\(UUID().uuidString)"),
            chat: ChatID(account: account, name: group ?? person), isGroup: group != nil,
            sender: .init(
                id: MemberID(provider: account.provider, name: person), name: person.capitalized,
                phone: phone.flatMap { PhoneNumber($0) }),
            sentAt: time, receivedAt: receivedAt ?? time, content: content ?? .text(text), quotes: quotes,
            mentionsBot: mentionsBot)
    }
}

extension Media {
    /// An image that lies at `reference`.
    public static func sample(_ reference: String = "image-1", kind: Kind = .image, caption: String? = nil) -> Media {
        Media(kind: kind, reference: reference, mimeType: "image/jpeg", caption: caption)
    }
}

extension Turn {
    /// A turn in which a person says `text`.
    public static func sample(
        _ text: String = "hello", from person: String = "dana", role: Role = .user, group: String? = nil,
        addressing: Addressing? = nil, activation: Activation = .mention, language: Language = .english,
        quoted: QuotedMessage? = nil, choice: String? = nil, content: InboundMessage.Content? = nil, id: Int64 = 1,
        at time: Date = .monday, stoppedAnswer: Bool = false
    ) -> Turn {
        let message = InboundMessage.sample(text, from: person, group: group, at: time, content: content)
        return Turn(
            id: id, messages: [message],
            member: Member(id: message.sender.id, name: message.sender.name, phone: message.sender.phone, role: role),
            chat: Chat(id: message.chat, isGroup: group != nil, activation: activation), language: language,
            addressing: addressing ?? (group == nil ? .direct : .mention), text: message.text ?? "", quoted: quoted,
            choice: choice, receivedAt: time, stoppedAnswer: stoppedAnswer)
    }
}

extension ChatID {
    /// The direct chat with a person of the samples.
    public static func sample(_ name: String = "dana") -> ChatID { ChatID(account: "test:bot", name: name) }
}

extension MemberID {
    /// A person of the samples.
    public static func sample(_ name: String = "dana") -> MemberID { MemberID(provider: "test", name: name) }
}
