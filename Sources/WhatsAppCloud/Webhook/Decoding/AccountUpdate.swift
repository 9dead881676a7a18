/// An event that is about no single message: of the account, a template, a number, a group, a call.
public struct AccountUpdate: Sendable, Equatable {
    /// What an operator, or the bot, has to do about an event.
    public enum Severity: Sendable, Equatable {
        /// Tell the operator, and send nothing more from this account until someone looked.
        case stopSending
        /// Tell the operator.
        case alert
        /// Write it down.
        case info
        /// Nothing.
        case ignored
    }

    /// The webhook field, such as `account_update`.
    public let field: String
    /// The event's own name, such as `ACCOUNT_RESTRICTION`; `nil` if the field has none.
    public let event: String?
    /// What the event says, by field.
    public let details: AccountDetails
    /// What to do.
    public let severity: Severity

    init(_ field: String, _ value: JSON) {
        self.field = field
        event = (value["event"] ?? value["decision"] ?? value["alert_type"])?.text
        details = AccountDetails(field, value)
        severity = Severity(field, event, details)
    }
}

extension AccountUpdate.Severity {
    fileprivate init(_ field: String, _ event: String?, _ details: AccountDetails) {
        switch field {
        case "account_update": self = Self.ofAccount(event ?? "", details)
        case "account_review_update": self = event == "APPROVED" ? .info : .alert
        case "account_alerts", "phone_number_name_update", "security", "business_username_update": self = .alert
        case "message_template_status_update": self = event == "APPROVED" ? .info : .alert
        case "message_template_quality_update", "template_category_update": self = .alert
        case "phone_number_quality_update":
            self = ["DOWNGRADE", "FLAGGED"].contains(event) ? .alert : .info
        case "message_template_components_update", "business_capability_update", "user_preferences",
            "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update",
            "calls":
            self = .info
        default: self = .ignored
        }
    }

    /// Meta, Webhooks, account_update: events that end or cut our right to send, those that do not, and unknown ones.
    private static func ofAccount(_ event: String, _ details: AccountDetails) -> Self {
        guard case .account(let account) = details else { return .alert }
        switch event {
        case "ACCOUNT_VIOLATION", "ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED",
            "PARTNER_APP_UNINSTALLED":
            return .stopSending
        case "DISABLED_UPDATE":
            switch account.banState {
            case "REINSTATE": return .info
            case "SCHEDULE_FOR_DISABLE": return .alert
            default: return .stopSending
            }
        case "ACCOUNT_RESTRICTION":
            let stops = account.restrictions.isEmpty || account.restrictions.contains(where: \.stopsAnswers)
            return stops ? .stopSending : .alert
        case "VERIFIED_ACCOUNT", "ACCOUNT_RECONNECTED", "AD_ACCOUNT_LINKED", "MM_LITE_TERMS_SIGNED",
            "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "PARTNER_ADDED", "PARTNER_APP_INSTALLED":
            return .info
        default:
            return .alert
        }
    }
}
