import BotKit
import Foundation

/// Replies that take the place of an earlier one.
///
/// The form is chosen anew with each attempt, so it needs no state of its own. The id stays: where we choose it, an
/// edit that may have gone out and a message under the same id are one message to the network.
extension OutboxSender {
    /// The message that a reply shall change now; `nil` when it is a message of its own.
    func editTarget(of item: OutboxItem, through provider: any MessageProvider) async throws -> MessageID? {
        guard let row = item.reply.replaces, let window = provider.abilities.editWindow else { return nil }
        return try await store.editable(row, in: item.chat, since: time.now.adding(.zero - window))
    }

    /// The network refused to change the earlier message: the reply goes out as one of its own.
    func sendAnew(_ item: OutboxItem, problem: String) async {
        var item = item
        item.reply.replaces = nil
        item.state = .queued
        replaceHead(with: item)
        let (row, reply) = (item.row, item.reply)
        _ = await storeOrPause(item.chat) { try await self.store.rewrite(row, to: reply, problem: problem) }
    }
}

extension OutboxStore {
    /// The row that was stored under `key`.
    func row(underKey key: String) async throws -> Int64? {
        try await database.rows("SELECT id FROM outbox WHERE unique_key = \(key)").first?.int("id")
    }

    /// What the network calls the message of `row`, if it took it, and the message is not from before `oldest`.
    func editable(_ row: Int64, in chat: ChatID, since oldest: Date) async throws -> MessageID? {
        try await database.rows(
            """
            SELECT network_id FROM outbox
            WHERE id = \(row) AND chat = \(chat) AND state = 'done' AND created_at >= \(oldest)
            """
        ).first?.optionalText("network_id").map { MessageID(rawValue: $0) }
    }

    /// Lines an item up again in another form.
    func rewrite(_ row: Int64, to reply: RenderedReply, problem: String) async throws {
        let payload = try OutboxStore.payload(reply)
        try await database.run(
            """
            UPDATE outbox SET payload = \(payload), state = 'queued', problem = \(problem)
            WHERE id = \(row) AND state IN ('queued', 'sending')
            """)
    }
}
