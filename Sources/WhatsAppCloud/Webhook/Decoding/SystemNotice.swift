public import Foundation

/// What the network tells about a user; comes without contacts.
public struct SystemNotice: Sendable, Equatable {
    /// What changed; the network's list is open.
    public enum Kind: Sendable, Equatable {
        /// The user has a new number: re-key the chat, and trust it no longer for permissions.
        case numberChanged
        /// The user has a new id towards our portfolio.
        case userIDChanged
        /// The user's identity key changed (a new device, perhaps another person).
        case identityChanged
        /// Anything else.
        case other(String)
    }

    /// What changed.
    public let kind: Kind
    /// The sentence that the chat shows; holds the user's name or number.
    public let body: String?
    /// The number before.
    public let previousNumber: WhatsAppUserNumber?
    /// The number from now on.
    public let newNumber: WhatsAppUserNumber?
    /// The id from now on.
    public let newUserID: BusinessScopedUserID?
    /// The id towards the parent portfolio from now on.
    public let newParentUserID: BusinessScopedUserID?
    /// The hash of the new identity key.
    public let identityHash: String?
    /// Whether we already acknowledged that identity.
    public let isIdentityAcknowledged: Bool?
    /// When the network noticed the new identity.
    public let identityCreatedAt: Date?

    init?(_ json: JSON?, identity: JSON?) {
        guard let json, json.isObject else { return nil }
        kind = Kind(json["type"]?.text ?? "")
        body = json["body"]?.text
        previousNumber = WhatsAppUserNumber(json["customer"])
        newNumber = WhatsAppUserNumber(json["wa_id"]) ?? WhatsAppUserNumber(json["new_wa_id"])
        newUserID = BusinessScopedUserID(json["user_id"])
        newParentUserID = BusinessScopedUserID(json["parent_user_id"])
        identityHash = identity?["hash"]?.text ?? json["identity"]?.text ?? json["identity"]?["hash"]?.text
        isIdentityAcknowledged = identity?["acknowledged"]?.bool
        identityCreatedAt = Date(unixSeconds: identity?["created_timestamp"])
    }
}

extension SystemNotice.Kind {
    fileprivate init(_ type: String) {
        switch type {
        case "user_changed_number", "customer_changed_number": self = .numberChanged
        case "user_changed_user_id": self = .userIDChanged
        case "customer_identity_changed", "user_identity_changed": self = .identityChanged
        default: self = .other(type)
        }
    }
}
