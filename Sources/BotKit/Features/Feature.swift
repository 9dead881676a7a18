public import Foundation

/// Something the bot can do, in one folder. Every member has an empty default.
public protocol Feature: Sendable {
    /// A stable lower-case word; it prefixes migrations, texts and metrics.
    static var name: String { get }
    var responders: [any Responder] { get }
    var guards: [any Guard] { get }
    var watchers: [any Watcher] { get }
    var jobs: [any JobHandler] { get }
    var schedules: [Schedule] { get }
    /// What may be set while the bot runs.
    var runtimeSettings: [RuntimeSettingDescription] { get }
    /// Its tables, oldest step first; the same whatever the settings are.
    static var migrations: [Migration] { get }
    /// What its tables hold about people.
    static var personalData: [PersonalData] { get }
}

extension Feature {
    public var responders: [any Responder] { [] }
    public var guards: [any Guard] { [] }
    public var watchers: [any Watcher] { [] }
    public var jobs: [any JobHandler] { [] }
    public var schedules: [Schedule] { [] }
    public var runtimeSettings: [RuntimeSettingDescription] { [] }
    public static var migrations: [Migration] { [] }
    public static var personalData: [PersonalData] { [] }
}

/// Answers the turns that it accepts; the first in the product's order wins.
public protocol Responder: Sendable {
    var needs: Permission { get }
    /// Whether the member should see that an answer is being written.
    var takesTime: Bool { get }
    /// Whether an answer costs money or much work, so that the limits for it hold.
    var costs: Bool { get }
    /// Whether it overtakes and ends the answer that is being made in its chat.
    var stopsRunningAnswer: Bool { get }
    func accepts(_ turn: Turn) -> Bool
    /// Whether the audit is told when somebody asks for it who is not answered at all.
    var isWatched: Bool { get }
    /// Whether an answer is heavy work, as with a file that must be read, heard or drawn. It then waits in the queue,
    /// and neither it nor its chat holds up others; the member is told so first.
    func isHeavy(_ turn: Turn) -> Bool
    func answer(_ turn: Turn) async throws -> Answer
}

extension Responder {
    public var needs: Permission { .everyone }
    public var takesTime: Bool { false }
    public var costs: Bool { false }
    public var stopsRunningAnswer: Bool { false }
    public var isWatched: Bool { needs.role > .user }
    public func isHeavy(_ turn: Turn) -> Bool { false }
}

/// Passes a turn or throws a `Refusal`.
public protocol Guard: Sendable {
    func check(_ turn: Turn) async throws
}

/// Sees every message, addressed to us or not; what it wants done becomes jobs. It never fails the turn.
public protocol Watcher: Sendable {
    func see(_ turn: Turn) async throws -> [any Job]
}

/// Work that is stored and done later. Its JSON is stored too: fields may be added, never renamed.
public protocol Job: Codable, Sendable {
    /// Stored; never changes once shipped.
    static var kind: String { get }
    /// Whether it is heavy work, of which little is done at once and each member gets a fair share.
    static var isHeavy: Bool { get }
}

extension Job {
    public static var isHeavy: Bool { false }
}

/// Does the jobs of one kind. Throwing an `Outage` means again later.
public protocol JobHandler<Work>: Sendable {
    associatedtype Work: Job
    /// How many of the kind may run at once.
    var concurrency: Int { get }
    func run(_ work: Work, at time: Date) async throws -> JobOutcome
}

extension JobHandler {
    public var concurrency: Int { 4 }
}

/// How a job ended. What it wrote, says and answers for becomes true in the transaction that ends it.
public enum JobOutcome: Sendable {
    case done(deliveries: [Delivery] = [], writes: [SQL] = [], audit: [AuditEntry] = [])
    /// It is not finished and wants to run again.
    case again(after: Duration)
    /// It can never succeed; kept as a dead letter with the reason.
    case giveUp(String)

    public static var done: JobOutcome { .done() }
}

/// Replies to a chat that no message asked for just now.
public struct Delivery: Sendable {
    public var chat: ChatID
    public var language: Language
    public var replies: [Reply]
    /// Whom they are about, in a group: what is about a member goes when the member has it erased.
    public var member: MemberID?

    public init(to chat: ChatID, in language: Language, _ replies: [Reply], about member: MemberID? = nil) {
        self.chat = chat
        self.language = language
        self.replies = replies
        self.member = member
    }
}

/// A job that comes back by the calendar. A run that was missed is made up once.
public struct Schedule: Sendable {
    /// Unique in the product, stored.
    public let name: String
    /// Five fields, UTC: minute, hour, day of month, month, day of week.
    public let cron: String
    public let job: any Job

    public init(_ name: String, cron: String, job: any Job) {
        self.name = name
        self.cron = cron
        self.job = job
    }
}
