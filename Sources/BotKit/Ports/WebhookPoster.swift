/// Posts something to an address of the operator's, once.
public protocol WebhookPoster: Sendable {
    /// Follows no redirect, waits for a bounded time, and reads nothing of the answer but its status.
    /// - Returns: the status of the answer.
    /// - Throws: `Outage` when there is no answer; it names neither the address nor what was sent.
    func post(_ body: [UInt8], to address: String, headers: [String: String]) async throws -> Int
}
