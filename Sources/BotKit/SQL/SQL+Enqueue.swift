public import Foundation

extension SQL {
    /// Stores a job, so that it belongs to the transaction that makes it necessary.
    /// - Parameter key: a second job of the kind with the same key, while the first waits, is not stored.
    public static func enqueue(
        _ job: some Job, id: Int64, at time: Date, priority: Int = 0, key: String? = nil
    ) throws -> SQL {
        let payload = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
        return """
            INSERT INTO job (id, kind, payload, unique_key, priority, run_at, state, attempts, created_at)
            VALUES (\(id), \(type(of: job).kind), \(payload), \(key), \(priority), \(time), 'waiting', 0, \(time))
            ON CONFLICT DO NOTHING
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
