public import Foundation

/// What became of one message that we sent.
public struct StatusUpdate: Sendable, Equatable {
    /// How far the message came; the network's list is open.
    public enum Status: Sendable, Hashable {
        /// It left Meta's servers.
        case sent
        /// It is on the user's device; `read` may come without it.
        case delivered
        /// The user saw it.
        case read
        /// The user played it (voice notes).
        case played
        /// It did not arrive; `errors` says why.
        case failed
        /// Anything else, such as `deleted` or `warning`.
        case other(String)

        /// The network's word.
        public var word: String {
            switch self {
            case .sent: "sent"
            case .delivered: "delivered"
            case .read: "read"
            case .played: "played"
            case .failed: "failed"
            case .other(let word): word
            }
        }

        /// Reads the network's word.
        public init(word: String) {
            switch word {
            case "sent": self = .sent
            case "delivered": self = .delivered
            case "read": self = .read
            case "played": self = .played
            case "failed": self = .failed
            default: self = .other(word)
            }
        }
    }

    /// What Meta charges for.
    public struct Pricing: Sendable, Equatable {
        /// Whether it costs money; `nil` if it was not said.
        public let isBillable: Bool?
        /// Such as `PMP` (per message).
        public let model: String?
        /// Such as `regular`, `free_customer_service`.
        public let type: String?
        /// Such as `utility`, `service`, `general_purpose_ai`; an open list.
        public let category: String?
    }

    /// The conversation that older API versions charged for.
    public struct Conversation: Sendable, Equatable {
        /// Its id.
        public let id: String?
        /// Who or what opened it.
        public let origin: String?
        /// When it ends.
        public let expiresAt: Date?
    }

    /// The id of our message. May come before the answer to our send is stored: then match by `callbackData`.
    public let id: WhatsAppMessageID
    /// How far it came.
    public let status: Status
    /// When that happened, to the second.
    public let timestamp: Date
    /// Whom it was sent to; for a group the group's id.
    public let recipientID: String?
    /// The same, as the user's id.
    public let recipientUserID: BusinessScopedUserID?
    /// Whether it was sent to a group.
    public let isGroup: Bool
    /// The member of the group that this status is about.
    public let participantID: WhatsAppUserNumber?
    /// The same, as the member's id.
    public let participantUserID: BusinessScopedUserID?
    /// What we put into the send as `biz_opaque_callback_data`.
    public let callbackData: String?
    /// What it costs; on `sent` and on one of `delivered` and `read`.
    public let pricing: Pricing?
    /// Left out since API version 24.
    public let conversation: Conversation?
    /// Why it failed.
    public let errors: [ReportedError]
    /// What the network knows about the recipient; never on `failed`.
    public let contact: Contact?

    init?(_ json: JSON, contacts: ContactBook, sentAt: Date?) {
        guard let id = WhatsAppMessageID(json["id"]), let word = json["status"]?.text,
            let timestamp = Date(unixSeconds: json["timestamp"]) ?? sentAt
        else { return nil }
        self.id = id
        self.timestamp = timestamp
        status = Status(word: word.lowercased())
        recipientID = json["recipient_id"]?.identifier
        recipientUserID = BusinessScopedUserID(json["recipient_user_id"])
        isGroup = json["recipient_type"]?.text == "group"
        participantID = WhatsAppUserNumber(json["recipient_participant_id"])
        participantUserID = BusinessScopedUserID(json["recipient_participant_user_id"])
        callbackData = json["biz_opaque_callback_data"]?.text
        pricing = json["pricing"].flatMap(Pricing.init)
        conversation = json["conversation"].flatMap(Conversation.init)
        errors = ReportedError.list(json["errors"])
        contact = contacts.contact(
            number: isGroup ? participantID : recipientID.map(WhatsAppUserNumber.init(rawValue:)),
            userID: isGroup ? participantUserID : recipientUserID, parentUserID: nil)
    }
}

extension StatusUpdate.Pricing {
    fileprivate init?(_ json: JSON) {
        guard json.isObject else { return nil }
        isBillable = json["billable"]?.bool
        model = json["pricing_model"]?.text
        type = json["type"]?.text
        category = json["category"]?.text
    }
}

extension StatusUpdate.Conversation {
    fileprivate init?(_ json: JSON) {
        guard json.isObject else { return nil }
        id = json["id"]?.identifier
        origin = json["origin"]?["type"]?.text
        expiresAt = Date(unixSeconds: json["expiration_timestamp"])
    }
}
