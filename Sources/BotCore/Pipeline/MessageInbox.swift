public import BotKit
import Foundation

/// Where networks hand over what came in: stored first, then lined up.
public struct MessageInbox: Inbox {
    let store: InboxStore
    let lanes: ChatLanes
    let outbox: OutboxSender
    let metrics: PipelineMetrics

    public func receive(_ messages: [InboundMessage], writes: [SQL]) async throws {
        try await receive(messages, writes: writes, visited: [])
    }

    public func receive(_ messages: [InboundMessage], writes: [SQL], visited: [ChatID]) async throws {
        let numbered = store.numbered(messages)
        let rows = numbered.map(\.row)
        // The lanes hear of the rows before the store has them: whoever reads the table meanwhile leaves them to us.
        guard await lanes.expect(rows) else {
            throw Outage("inbox", "too many messages wait for an answer", retryAfter: .seconds(10))
        }
        let chats = Array(Set(messages.lazy.filter { !$0.isGroup }.map(\.chat)).union(visited))
        let unparking = outbox.unparking(chats)
        let (new, changes): ([StoredMessage], [Int])
        do {
            // After `writes`, which may move what is parked for the same person in another chat to this one.
            let add = { try await store.add(numbered, writes: writes + unparking) }
            // What comes without messages is news of what was sent.
            (new, changes) = messages.isEmpty ? try await add() : try await metrics.time(.receive, add)
        } catch {
            await lanes.forget(rows)
            throw error
        }
        // From here on nothing may throw: the messages are ours.
        if outbox.limits.strangers < .max { await outbox.noteHeard(Set(messages.lazy.map(\.chat))) }
        await lanes.submit(new, of: rows)
        if new.count < messages.count { metrics.duplicates(messages.count - new.count) }
        let reopened = zip(chats, changes.suffix(chats.count)).filter { $0.1 > 0 }.map(\.0)
        await outbox.membersWrote(in: chats, reopened: Set(reopened))
    }

    public func keeping(_ messages: [InboundMessage]) throws -> [SQL] {
        try InboxStore.inserts(of: store.numbered(messages), isKept: true)
    }

    public func message(_ id: MessageID, in chat: ChatID) async throws -> InboundMessage? {
        try await store.message(id, in: chat)
    }
}
