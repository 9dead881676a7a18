public import Foundation

/// What was decided in a chat about what is kept of it.
public struct PrivacyChoice: Sendable, Hashable {
    /// Whether more than the running conversation may be kept.
    public enum Consent: String, Sendable, CaseIterable { case given, declined }

    /// For how long the chat is kept; with `isOwn` the chat chose that.
    public var days: Int
    public var isOwn: Bool
    /// `nil` when nobody decided.
    public var consent: Consent?
    /// After how many hours of silence the chat is removed that nobody consented for; 0 is never.
    public var runningHours: Int
    /// Whether it was asked for.
    public var isAsked: Bool

    public init(days: Int, isOwn: Bool, consent: Consent?, runningHours: Int, isAsked: Bool = false) {
        self.days = days
        self.isOwn = isOwn
        self.consent = consent
        self.runningHours = runningHours
        self.isAsked = isAsked
    }

    /// Whether somebody could allow more than what is kept, and nobody has decided.
    public var isOpen: Bool { consent == nil && runningHours > 0 }
}

/// What a wipe takes.
public enum WipeRange: String, Sendable, Codable, CaseIterable {
    /// All that is stored about a member, in every chat.
    case person
    /// What is stored about a member in one group.
    case part
    /// All that is stored about a group.
    case group
}

/// A wipe that was asked for and has to be confirmed.
public struct WipeQuestion: Sendable {
    /// What confirms it, by the same member in the same chat, for ten minutes.
    public var code: String
    /// How many rows there are.
    public var rows: Int
    public var writes: [SQL]

    public init(code: String, rows: Int, writes: [SQL]) {
        self.code = code
        self.rows = rows
        self.writes = writes
    }
}

/// What came of asking for an export.
public enum ExportRequest: Sendable {
    case accepted(job: any Job, writes: [SQL])
    case underWay
    case tooSoon(nextAt: Date)
}

/// What members decide about what is stored of them. What changes it are statements, which take effect with an answer.
public protocol PrivacyBook: Sendable {
    func choice(of chat: ChatID) async throws -> PrivacyChoice
    /// Keeps a chat for so many days, 1 to 365.
    func keeping(_ chat: ChatID, days: Int, at time: Date) -> [SQL]
    func noting(_ consent: PrivacyChoice.Consent, in chat: ChatID, at time: Date) -> [SQL]
    /// Asks whether the chat may be kept, in a group its admins, and notes that this was done.
    func asking(_ choice: PrivacyChoice, in turn: Turn) -> Answer
    func requestingExport(for turn: Turn) async throws -> ExportRequest
    func askingWipe(of range: WipeRange, for turn: Turn) async throws -> WipeQuestion
    /// Begins a wipe that was asked for.
    /// - Returns: `nil` when the member was asked no such thing here, or too long ago.
    func confirmingWipe(of range: WipeRange, by code: String, for turn: Turn) async throws
        -> (job: any Job, writes: [SQL])?
    /// Forgets that a wipe was asked for.
    func droppingWipe(for turn: Turn) -> [SQL]
}
