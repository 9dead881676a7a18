/// Something that somebody may have to answer for later: who did what, and what came of it.
public struct AuditEntry: Sendable, Hashable {
    /// What can be audited. The words are stored and never change once shipped.
    public enum Action: String, Sendable, Codable, CaseIterable {
        case roleChange = "RBAC_ROLE_CHANGE"
        case permissionAllowed = "RBAC_ALLOWED"
        case permissionDenied = "RBAC_DENIED"
        case configurationUpdate = "CONFIG_UPDATE"
        case sessionCreated = "ADMIN_SESSION_CREATED"
        case sessionRefused = "ADMIN_SESSION_EXPIRED_OR_INVALID"
        case sessionEnded = "ADMIN_SESSION_ENDED"
        case accessChange = "ACCESS_CHANGE"
        case retentionChange = "RETENTION_POLICY_CREATED"
        case consentChange = "CONSENT_CHANGED"
        case export = "DATA_EXPORTED"
        case wipe = "DATA_WIPED"
        case broadcast = "BROADCAST_SENT"
        case auditRead = "AUDIT_READ"
        case workCancelled = "WORK_CANCELLED"
        case requestRefused = "WEBHOOK_REFUSED"
        case accountChange = "ACCOUNT_CHANGE"
    }
    /// What came of it.
    public enum Outcome: String, Sendable, Codable { case done, denied, failed }
    /// Who did it, or to whom it was done.
    public enum Party: Sendable, Hashable {
        case member(MemberID)
        /// Somebody who is known by number alone.
        case number(PhoneNumber)
        /// Somebody who is known by a network's id alone.
        case id(NetworkID)
        case chat(ChatID)
        /// Whoever sits at the machine.
        case terminal
        /// The program, by itself.
        case program
        /// Somebody who did not say who they are, or did not prove it.
        case unknown
    }

    public var action: Action
    public var outcome: Outcome
    /// To whom it was done, if to somebody.
    public var subject: Party?
    /// What else is worth knowing, by short words; no secrets, no message texts, no numbers of people.
    public var details: [String: String]

    public init(
        _ action: Action, _ outcome: Outcome = .done, of subject: Party? = nil, details: [String: String] = [:]
    ) {
        self.action = action
        self.outcome = outcome
        self.subject = subject
        self.details = details
    }
}
