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

/// Which entries of the audit are asked for.
public struct AuditFilter: Sendable, Hashable {
    /// Only those of this action.
    public var action: AuditEntry.Action?
    public var outcome: AuditEntry.Outcome?
    /// Only those that this person did, or that were done to this person, under any name that is known to be theirs.
    public var person: Person?
    /// Only those from this time on.
    public var since: Date?
    /// Only those that stand before this place in the chain.
    public var before: Int64?

    public init(
        action: AuditEntry.Action? = nil, outcome: AuditEntry.Outcome? = nil, person: Person? = nil,
        since: Date? = nil, before: Int64? = nil
    ) {
        self.action = action
        self.outcome = outcome
        self.person = person
        self.since = since
        self.before = before
    }

    /// Reads a day such as `2026-03-01`, which begins at midnight UTC, or a time such as `2026-03-01T09:30:00Z`; `nil`
    /// for anything else.
    public static func time(_ word: some StringProtocol) -> Date? {
        let word = String(word)
        let style = Date.ISO8601FormatStyle()
        let form = word.utf8.count == 10 ? style.year().month().day() : style
        // The 30th of February would be a day in March.
        return (try? form.parse(word)).flatMap { form.format($0) == word ? $0 : nil }
    }
}

/// Gives what the audit holds.
public protocol AuditReader: Sendable {
    /// The newest entries that are asked for, newest first, at most 1,000.
    func last(_ limit: Int, of filter: AuditFilter) async throws -> [AuditRecord]
}
