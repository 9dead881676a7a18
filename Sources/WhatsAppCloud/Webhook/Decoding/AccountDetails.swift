public import Foundation

/// What an account event says, by its webhook field; every word in it is one of an open list of Meta's.
public enum AccountDetails: Sendable, Equatable {
    /// A template was approved, rejected, paused, …, or its quality, category or text changed.
    case template(TemplateEvent)
    /// Something happened to the whole account.
    case account(AccountEvent)
    /// The limits of the business changed.
    case capability(maxDailyConversations: Int?, maxNumbers: Int?)
    /// The limit or the throughput of a number changed.
    case numberQuality(currentLimit: String?)
    /// A display name was decided on.
    case numberName(requestedName: String?, reason: String?)
    /// Users want, or no longer want, marketing messages.
    case preferences([MarketingPreference])
    /// Things happened in groups.
    case groups([GroupEvent])
    /// Calls came, ended, or changed.
    case calls([CallEvent])
    /// The field says no more than its event, or is new to us: see the raw text.
    case other(description: String?)

    init(_ field: String, _ value: JSON) {
        switch field {
        case "message_template_status_update", "message_template_quality_update", "template_category_update",
            "message_template_components_update":
            self = .template(TemplateEvent(value))
        case "account_update":
            self = .account(AccountEvent(value))
        case "business_capability_update":
            let daily = value["max_daily_conversations_per_business"] ?? value["max_daily_conversation_per_phone"]
            self = .capability(
                maxDailyConversations: daily?.integer, maxNumbers: value["max_phone_numbers_per_business"]?.integer)
        case "phone_number_quality_update":
            let limit = value["current_limit"] ?? value["max_daily_conversations_per_business"]
            self = .numberQuality(currentLimit: limit?.identifier)
        case "phone_number_name_update":
            let name = value["requested_verified_name"]?.text
            self = .numberName(requestedName: name, reason: value["rejection_reason"]?.text)
        case "user_preferences":
            let list = value["user_preferences"]?.elements ?? [value]
            self = .preferences(list.compactMap(MarketingPreference.init))
        case "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update":
            self = .groups((value["groups"]?.elements ?? []).compactMap(GroupEvent.init))
        case "calls":
            let events = (value["calls"]?.elements ?? []) + (value["statuses"]?.elements ?? [])
            self = .calls(events.compactMap(CallEvent.init))
        default:
            let description = value["alert_description"] ?? value["description"] ?? value["message"]
            self = .other(description: description?.text)
        }
    }
}

/// What happened to a message template.
public struct TemplateEvent: Sendable, Equatable {
    /// The template's id, digits.
    public let id: String?
    /// The template's name.
    public let name: String?
    /// Its language, such as `en_US`.
    public let language: String?
    /// Why it was rejected, paused or disabled.
    public let reason: String?
    /// More of the reason.
    public let explanation: String?
    /// Its quality (`GREEN`, `YELLOW`, `RED`) or category (it decides the price) before.
    public let previous: String?
    /// Its quality or category from now on.
    public let new: String?

    init(_ value: JSON) {
        id = value["message_template_id"]?.identifier
        name = value["message_template_name"]?.text
        language = value["message_template_language"]?.text
        reason = value["reason"]?.text
        let info = value["rejection_info"] ?? value["other_info"]
        explanation = (info?["reason"] ?? info?["description"] ?? info?["title"])?.text
        previous = (value["previous_quality_score"] ?? value["previous_category"])?.text
        new = (value["new_quality_score"] ?? value["new_category"])?.text
    }
}

/// What happened to the account.
public struct AccountEvent: Sendable, Equatable {
    /// One thing that the account may not do.
    public struct Restriction: Sendable, Equatable {
        /// Such as `RESTRICTED_BIZ_INITIATED_MESSAGING`.
        public let type: String
        /// When it ends.
        public let expiresAt: Date?
        /// What the business can do about it.
        public let remediation: String?
        /// Whether people who wrote may not be answered; to begin conversations is another right.
        public var stopsAnswers: Bool {
            type.hasSuffix("MESSAGING") && !type.contains("BIZ_INITIATED") && !type.contains("BUSINESS_INITIATED")
        }
    }

    /// What it may not do.
    public let restrictions: [Restriction]
    /// `DISABLE`, `SCHEDULE_FOR_DISABLE` or `REINSTATE`.
    public let banState: String?
    /// When, in Meta's words.
    public let banDate: String?
    /// Which rule was broken.
    public let violationType: String?

    /// When people who wrote may be answered again, if restrictions keep us from it and all of them have an end.
    public var answersStopUntil: Date? {
        let stopping = restrictions.filter(\.stopsAnswers)
        let ends = stopping.compactMap(\.expiresAt)
        return ends.count == stopping.count ? ends.max() : nil
    }

    init(_ value: JSON) {
        restrictions = (value["restriction_info"]?.elements ?? []).compactMap { restriction in
            guard let type = restriction["restriction_type"]?.text else { return nil }
            return Restriction(
                type: type, expiresAt: Date(unixSeconds: restriction["expiration"]),
                remediation: restriction["remediation"]?.text)
        }
        banState = (value["ban_info"]?["waba_ban_state"])?.text
        banDate = value["ban_info"]?["waba_ban_date"]?.identifier
        violationType = value["violation_info"]?["violation_type"]?.text
    }
}

/// A user's word about marketing messages; a `stop` is binding.
public struct MarketingPreference: Sendable, Equatable {
    /// The user's number.
    public let number: WhatsAppUserNumber?
    /// The user's id towards our portfolio.
    public let userID: BusinessScopedUserID?
    /// Always `marketing_messages` so far.
    public let category: String?
    /// Whether the user opted out; anything that is not clearly a yes counts as a no.
    public let isStop: Bool
    /// When.
    public let timestamp: Date?

    init?(_ json: JSON) {
        guard let value = json["value"]?.text?.lowercased() else { return nil }
        number = WhatsAppUserNumber(json["wa_id"])
        userID = BusinessScopedUserID(json["user_id"])
        category = json["category"]?.text
        isStop = value != "resume" && value != "signup"
        timestamp = Date(unixSeconds: json["timestamp"])
    }
}
