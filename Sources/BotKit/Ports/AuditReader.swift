public import Foundation

/// An entry of the audit for people to read.
public struct AuditRecord: Sendable, Hashable {
    /// Its place in the chain, from 1.
    public var sequence: Int64
    public var time: Date
    /// A keyed hash stands for a person; `terminal` and `martlet` for themselves.
    public var actor: String
    public var action: String
    public var outcome: String
    /// To whom it was done; empty when to nobody.
    public var subject: String
    /// What ties it to a reply and the log.
    public var reference: String
    /// JSON of ASCII alone.
    public var details: String

    public init(
        sequence: Int64, time: Date, actor: String, action: String, outcome: String, subject: String,
        reference: String, details: String
    ) {
        self.sequence = sequence
        self.time = time
        self.actor = actor
        self.action = action
        self.outcome = outcome
        self.subject = subject
        self.reference = reference
        self.details = details
    }
}

/// Gives what the audit holds.
public protocol AuditReader: Sendable {
    /// The newest entries, newest first, at most 1,000.
    /// - Parameters:
    ///   - action: only those of this action.
    ///   - person: only those that this member did, or that were done to this member.
    func last(_ limit: Int, of action: AuditEntry.Action?, about person: MemberID?) async throws -> [AuditRecord]
}
