public import Foundation

/// The heavy work that waits or runs.
public protocol WorkQueue: Sendable {
    /// The first `limit` pieces, in the order in which they began and will begin, and how many there are altogether.
    /// - Throws: `DatabaseError`.
    func work(limit: Int) async throws -> WorkInQueue
    /// Ends what a member asked for in a chat; what runs of it ends at once.
    /// - Throws: `DatabaseError`.
    func cancel(of member: MemberID, in chat: ChatID) async throws -> CancelledWork
    /// Ends one piece; its member is told so.
    /// - Throws: `DatabaseError`.
    func cancel(reference: String) async throws -> CancelledWork
}

/// What waits and runs.
public struct WorkInQueue: Sendable {
    /// One piece of heavy work.
    public struct Piece: Sendable, Hashable {
        /// The reference of the turn that asked for it.
        public var reference: String
        public var isRunning: Bool
        public var askedAt: Date
        /// How often it failed.
        public var failures: Int

        public init(reference: String, isRunning: Bool, askedAt: Date, failures: Int) {
            self.reference = reference
            self.isRunning = isRunning
            self.askedAt = askedAt
            self.failures = failures
        }
    }

    public var pieces: [Piece]
    public var running: Int
    public var waiting: Int
    /// How many members it belongs to.
    public var members: Int

    public init(pieces: [Piece], running: Int, waiting: Int, members: Int) {
        self.pieces = pieces
        self.running = running
        self.waiting = waiting
        self.members = members
    }
}

/// Heavy work that was stopped; it is out of the queue once `writes` are stored.
public struct CancelledWork: Sendable {
    public var count: Int
    public var writes: [SQL]

    public init(count: Int, writes: [SQL]) {
        self.count = count
        self.writes = writes
    }
}
