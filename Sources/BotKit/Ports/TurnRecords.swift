public import Foundation

/// What became of a message that came in.
public struct TurnRecord: Sendable, Hashable {
    /// How far the answer has come.
    public struct Replies: Sendable, Hashable {
        /// How many parts of it are still on their way.
        public var waiting = 0
        /// How many wait for the member to write again.
        public var parked = 0
        /// How many went out.
        public var sent = 0
        /// Why a part of it was given up, as a code.
        public var problem: String?

        public init(waiting: Int = 0, parked: Int = 0, sent: Int = 0, problem: String? = nil) {
            self.waiting = waiting
            self.parked = parked
            self.sent = sent
            self.problem = problem
        }
    }

    public var message: MessageID
    public var chat: ChatID
    public var member: MemberID
    public var receivedAt: Date
    /// Whether it still waits for its answer.
    public var isOpen: Bool
    /// `nil` while it waits, and when it is from before reasons were noted.
    public var verdict: TurnVerdict?
    public var closedAt: Date?
    /// A short word that the log has, too.
    public var reference: String
    /// How many messages in a row were answered together.
    public var count: Int
    public var replies: Replies

    public init(
        message: MessageID, chat: ChatID, member: MemberID, receivedAt: Date, isOpen: Bool = false,
        verdict: TurnVerdict?, closedAt: Date? = nil, reference: String = "", count: Int = 1, replies: Replies = .init()
    ) {
        self.message = message
        self.chat = chat
        self.member = member
        self.receivedAt = receivedAt
        self.isOpen = isOpen
        self.verdict = verdict
        self.closedAt = closedAt
        self.reference = reference
        self.count = count
        self.replies = replies
    }
}

/// Tells what became of messages.
public protocol TurnRecords: Sendable {
    /// What became of a message; when it is one of ours, of the message that it answers.
    /// - Returns: `nil` when there is none, or when nobody asked for what we said.
    /// - Throws: `DatabaseError`.
    func record(of message: MessageID, in chat: ChatID) async throws -> TurnRecord?
    /// What became of the message that a member sent to a chat before the one in `row`, not counting questions of that
    /// kind (`feature`).
    /// - Throws: `DatabaseError`.
    func last(of member: MemberID, in chat: ChatID, before row: Int64, except feature: String) async throws
        -> TurnRecord?
}

/// Tells whether somebody may do something, beyond what a responder asks of everybody who calls it.
public protocol PermissionCheck: Sendable {
    /// Whether the member of a turn has the role for it, or may do it as an admin of the group.
    /// - Throws: `GroupFailure` when the network must say so and does not.
    func holds(_ permission: Permission, _ turn: Turn) async throws -> Bool
}
