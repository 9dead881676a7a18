/// Somebody about whom something can be decided.
public enum Person: Sendable, Hashable {
    /// Whoever has the number, on every network.
    case number(PhoneNumber)
    /// Whoever the network knows by that id, whatever their number is.
    case id(NetworkID)
    /// A member, as we name them.
    case member(MemberID)

    /// Reads a number, a network's id, or a member's name such as `cloud/u12`; `nil` when it is none of them.
    public init?(_ text: some StringProtocol) {
        if let id = NetworkID(text) {
            self = .id(id)
        } else if let number = PhoneNumber(text) {
            self = .number(number)
        } else if text.utf8.count <= 200, text.dropFirst().dropLast().contains("/") {
            self = .member(MemberID(rawValue: String(text)))
        } else {
            return nil
        }
    }

    /// What it is called in the audit.
    public var party: AuditEntry.Party {
        switch self {
        case .number(let number): .number(number)
        case .id(let id): .id(id)
        case .member(let member): .member(member)
        }
    }

    /// As it is read.
    public var text: String {
        switch self {
        case .number(let number): "+\(number.digits)"
        case .id(let id): id.text
        case .member(let member): member.rawValue
        }
    }
}
