/// Whom a message is for.
public enum Recipient: Sendable, Hashable {
    /// A user with a known number: 5 to 15 digits with or without `+`, sent with it. Without the `+` Meta may put the
    /// business's own country code in front.
    case number(String)
    /// A user known by id only. Goes into `recipient`: as `to` it would be accepted and silently lost.
    case user(BusinessScopedUserID)
    /// A group of ours.
    case group(WhatsAppGroupID)

    /// Whether it is a group.
    public var isGroup: Bool {
        if case .group = self { true } else { false }
    }

    /// The members of the frame that name the recipient.
    func members() throws(LimitViolation) -> GraphBody {
        switch self {
        case .number(let number):
            let digits = number.hasPrefix("+") ? number.dropFirst() : number[...]
            guard (5...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw LimitViolation("to", "a phone number of 5...15 digits", actual: "something else")
            }
            return .members(("recipient_type", "individual"), ("to", .string("+" + digits)))
        case .user(let user):
            guard user.isWellFormed else {
                throw LimitViolation("recipient", "a business-scoped user id", actual: "something else")
            }
            return .members(("recipient_type", "individual"), ("recipient", .string(user.rawValue)))
        case .group(let group):
            try Limit.text("to", group.rawValue, 1...256)
            return .members(("recipient_type", "group"), ("to", .string(group.rawValue)))
        }
    }
}
