import WhatsAppProto

/// Somebody's address, to be kept in an address book.
public struct ContactCard: Sendable, Hashable {
    public var name: String
    /// The vCard, as text.
    public var vcard: String

    public init(name: String, vcard: String) {
        self.name = name
        self.vcard = vcard
    }

    init(_ message: WAContactMessage) { self.init(name: message.displayName, vcard: message.vcard) }
}
