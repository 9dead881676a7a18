public import BotKit

/// Whose a message is that a network has news of.
extension OutboxSender {
    public func knows(_ message: MessageID, row: Int64?) async throws -> Bool {
        // A row under another name is one of another database, or an attempt of ours that was given up: news of
        // neither counts.
        if let row, let place = try await store.place(ofRow: row) {
            return place.networkID == nil || place.networkID == message
        }
        return try await store.place(withNetworkID: message) != nil
    }
}
