public import Foundation

/// Counts what members do: exactly, over restarts, and for all instances that share a store.
///
/// Time is that of the events. A clock that is set back makes nothing last longer, and gives nobody a fresh start.
public protocol Counters: Sendable {
    /// Takes one from each bucket, or from none of them.
    /// - Parameter time: when what is counted happened.
    /// - Returns: `nil` when all had one; else the first bucket that is empty.
    /// - Throws: `DatabaseError`.
    func take(from buckets: [TokenBucket], at time: Date) async throws -> TokenBucket?
    /// Notes messages, and keeps out for a while whoever sent too many of them.
    /// - Parameter count: how many messages came, 1 or more.
    /// - Throws: `DatabaseError`.
    func note(_ count: Int, under rule: FloodRule, at time: Date) async throws -> FloodVerdict
}

/// So many at once, and as many again, evenly, in each window.
public struct TokenBucket: Sendable, Hashable {
    /// Stored; a lower-case word that tells one kind of bucket from the others.
    public var name: String
    /// Whose it is; `nil` for the one that all share.
    public var member: MemberID?
    /// How many it holds, 1 or more.
    public var limit: Int
    /// In which time an empty one is full again.
    public var window: Duration

    public init(_ name: String, of member: MemberID?, limit: Int, in window: Duration) {
        self.name = name
        self.member = member
        self.limit = limit
        self.window = window
    }
}

/// How many messages a member may send in any stretch of time, and for how long who sends more is kept out.
public struct FloodRule: Sendable, Hashable {
    /// Stored; a lower-case word that tells one rule from the others.
    public var name: String
    public var member: MemberID
    /// How many are well, 1 or more.
    public var limit: Int
    public var window: Duration
    public var ban: Duration

    public init(_ name: String, for member: MemberID, limit: Int, in window: Duration, ban: Duration) {
        self.name = name
        self.member = member
        self.limit = limit
        self.window = window
        self.ban = ban
    }
}

/// What a flood rule says of a message.
public enum FloodVerdict: Sendable, Hashable {
    case passed
    /// - Parameter isNew: whether it is this message with which the ban begins.
    case banned(isNew: Bool)
}
