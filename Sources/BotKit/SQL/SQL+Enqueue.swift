public import Foundation

/// Whose job it is.
public struct JobOwner: Sendable, Hashable {
    public var member: MemberID
    public var chat: ChatID

    public init(_ member: MemberID, in chat: ChatID) {
        self.member = member
        self.chat = chat
    }
}

extension SQL {
    /// Stores a job, so that it belongs to the transaction that makes it necessary.
    /// - Parameters:
    ///   - key: a second job of the kind with the same key, while the first waits, is not stored.
    ///   - owner: whose job it is: it goes when the member has everything erased, and heavy work is shared out by it.
    public static func enqueue(
        _ job: some Job, id: Int64, at time: Date, priority: Int = 0, key: String? = nil, of owner: JobOwner? = nil
    ) throws -> SQL {
        let payload = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
        let kind = type(of: job)
        let place: SQL = kind.isHeavy ? heavyPlace(of: owner?.member) : "0"
        return """
            INSERT INTO job (id, kind, payload, unique_key, priority, run_at, state, attempts, created_at, is_heavy,
                place, member, chat)
            VALUES (\(id), \(kind.kind), \(payload), \(key), \(priority), \(time), 'waiting', 0, \(time),
                \(kind.isHeavy), \(place), \(owner?.member), \(owner?.chat))
            ON CONFLICT DO NOTHING
            """
    }

    /// The place in the line of heavy work that a new piece of `member` gets. The line goes by rounds: a piece belongs
    /// to the round after the member's last, or after the one that is being done. Within a round, those come first who
    /// have nothing else in the line. So everybody's first comes before what others brought at once, and whatever comes
    /// later, a piece is overtaken by those of one round alone.
    public static func heavyPlace(of member: MemberID?) -> SQL {
        let active: SQL = "FROM job WHERE is_heavy = 1 AND state IN ('waiting', 'running')"
        let own: SQL = "(SELECT MAX(place) \(active) AND member = \(member))"
        return """
            (\(sqlite: "MAX", postgres: "GREATEST")(COALESCE(\(own), 0), COALESCE(
                (SELECT MAX(place) \(active) AND state = 'running'), (SELECT MIN(place) \(active)), 0)) / 2 + 1) * 2
                + CASE WHEN \(own) IS NULL THEN 0 ELSE 1 END
            """
    }

    /// Stores what a call to a paid service used.
    public static func recordUsage(_ usage: Usage, id: Int64, by member: MemberID, in chat: ChatID, at time: Date)
        -> SQL
    {
        """
        INSERT INTO usage_record (id, member, chat, operation, model, host, input_tokens, cached_tokens, output_tokens,
            reasoning_tokens, is_estimate, cost_nano_usd, created_at)
        VALUES (\(id), \(member), \(chat), \(usage.operation), \(usage.model), \(usage.host), \(usage.inputTokens),
            \(usage.cachedTokens), \(usage.outputTokens), \(usage.reasoningTokens), \(usage.isEstimate),
            \(usage.costNanoUSD), \(time))
        """
    }
}
