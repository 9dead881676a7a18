public import WhatsAppWire

/// What the server says of a phone number or user.
public struct UserInfo: Sendable, Hashable {
    /// As it was asked for.
    public var asked: JID
    /// Whether the number is on WhatsApp.
    public var isOnWhatsApp: Bool
    /// The hidden id.
    public var lid: JID?
    /// What the user writes about themselves; nil when we may not see it.
    public var about: String?
    /// Changes with the picture; nil when there is none, or we may not see it.
    public var pictureID: String?
}

/// Where a profile picture is.
public struct ProfilePicture: Sendable, Hashable {
    public var id: String
    /// A plain address that is good for some days.
    public var url: String
}

/// The users that the account has blocked.
public struct BlockList: Sendable, Hashable {
    public var users: [JID]

    /// - Parameter answer: with a `<list>`.
    init(_ answer: Node) {
        users = (answer.child("list")?.children("item") ?? []).prefix(10_000).flatMap { $0.jids("jid").prefix(1) }
    }
}
