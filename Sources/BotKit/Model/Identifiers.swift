/// A name for one kind of thing, so that a chat is never passed where a member is meant.
///
/// Its description hides the value: identifiers often hold phone numbers and must not reach a log by accident.
public protocol Identifier: RawRepresentable<String>, Hashable, Sendable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible, SQLBindable
{
    /// Makes the identifier from its stored form.
    init(rawValue: String)
}

extension Identifier {
    /// Makes the identifier from a literal, for tests and constants.
    public init(stringLiteral value: String) { self.init(rawValue: value) }
    /// The kind of identifier without its value.
    public var description: String { "\(Self.self)(…)" }
    /// The stored form, bound as text.
    public var sqlValue: SQLValue { .text(rawValue) }
}

/// A message network that Martlet can speak to, such as `cloud` or `console`.
public struct ProviderID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// One of the bot's own identities on a network, as `provider:name`.
public struct AccountID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Makes the identifier of the account called `name` on `provider`; `name` may be a phone number id.
    public init(provider: ProviderID, name: String) { rawValue = "\(provider.rawValue):\(name)" }
    /// The network that the account lives on.
    public var provider: ProviderID { ProviderID(rawValue: String(rawValue.prefix { $0 != ":" })) }
    /// The account's name on its network.
    public var name: String { String(rawValue.drop { $0 != ":" }.dropFirst()) }
}

/// A conversation, direct or of a group, seen by one account: `provider:account/chat`.
public struct ChatID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Makes the identifier of the chat that `account` knows as `name`.
    public init(account: AccountID, name: String) { rawValue = "\(account.rawValue)/\(name)" }
    /// The account that sees the chat.
    public var account: AccountID { AccountID(rawValue: String(rawValue.prefix { $0 != "/" })) }
    /// The chat's name within its account.
    public var name: String { String(rawValue.drop { $0 != "/" }.dropFirst()) }
}

/// A person who writes to the bot, on one network: `provider/person`.
public struct MemberID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Makes the identifier of the person whom `provider` knows as `name`.
    public init(provider: ProviderID, name: String) { rawValue = "\(provider.rawValue)/\(name)" }
    /// The network that knows the person.
    public var provider: ProviderID { ProviderID(rawValue: String(rawValue.prefix { $0 != "/" })) }
    /// The person's name on its network.
    public var name: String { String(rawValue.drop { $0 != "/" }.dropFirst()) }
}

/// A message's name on its network. Senders choose it, so it is unique only together with its chat and sender.
public struct MessageID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}
