public import Foundation

/// Something that happened in or to a group of ours.
public struct GroupEvent: Sendable, Equatable {
    /// A member as the event names one.
    public struct Participant: Sendable, Equatable {
        /// The member's number.
        public let number: WhatsAppUserNumber?
        /// The member's id towards our portfolio.
        public let userID: BusinessScopedUserID?
        /// Why the change failed for this member.
        public let errors: [ReportedError]

        init?(_ json: JSON) {
            number = WhatsAppUserNumber(json["wa_id"]) ?? WhatsAppUserNumber(json["input"])
            userID = BusinessScopedUserID(json["user_id"])
            errors = ReportedError.list(json["errors"])
            if number == nil && userID == nil { return nil }
        }
    }

    /// Such as `group_create` or `group_participants_add`.
    public let type: String?
    /// The group; absent when it could not be made.
    public let groupID: WhatsAppGroupID?
    /// The request of ours that this answers.
    public let requestID: String?
    /// The link that invites members; comes only here.
    public let inviteLink: String?
    /// The group's name.
    public let subject: String?
    /// Who came.
    public let added: [Participant]
    /// Who went.
    public let removed: [Participant]
    /// For whom it failed.
    public let failed: [Participant]
    /// Why it failed as a whole.
    public let errors: [ReportedError]
    /// When.
    public let timestamp: Date?

    init?(_ json: JSON) {
        guard json.isObject else { return nil }
        type = json["type"]?.text
        groupID = WhatsAppGroupID(json["group_id"])
        requestID = json["request_id"]?.identifier
        inviteLink = json["invite_link"]?.text
        subject = json["subject"]?.text
        added = (json["added_participants"]?.elements ?? []).compactMap(Participant.init)
        removed = (json["removed_participants"]?.elements ?? []).compactMap(Participant.init)
        failed = (json["failed_participants"]?.elements ?? []).compactMap(Participant.init)
        errors = ReportedError.list(json["errors"])
        timestamp = Date(unixSeconds: json["timestamp"])
    }
}

/// Something that happened to a call.
public struct CallEvent: Sendable, Equatable {
    /// The call's id.
    public let id: String?
    /// `connect`, `terminate`, or a status such as `RINGING`, `ACCEPTED`, `REJECTED`.
    public let event: String?
    /// Who calls.
    public let from: WhatsAppUserNumber?
    /// Who is called.
    public let to: WhatsAppUserNumber?
    /// The caller's id towards our portfolio.
    public let fromUserID: BusinessScopedUserID?
    /// `USER_INITIATED` or `BUSINESS_INITIATED`.
    public let direction: String?
    /// The session description (SDP) that comes with `connect`.
    public let sessionDescription: String?
    /// When.
    public let timestamp: Date?

    init?(_ json: JSON) {
        guard json.isObject else { return nil }
        id = json["id"]?.identifier
        event = (json["event"] ?? json["status"])?.text
        from = WhatsAppUserNumber(json["from"])
        to = WhatsAppUserNumber(json["to"]) ?? WhatsAppUserNumber(json["recipient_id"])
        fromUserID = BusinessScopedUserID(json["from_user_id"])
        direction = json["direction"]?.text
        sessionDescription = json["session"]?["sdp"]?.text
        timestamp = Date(unixSeconds: json["timestamp"])
    }
}
