public import BotKit
import Foundation

/// Where networks hand over what came in: stored first, then lined up.
public struct MessageInbox: Inbox {
    let store: InboxStore
    let lanes: ChatLanes
    let outbox: OutboxSender
    let metrics: PipelineMetrics

    public func receive(_ messages: [InboundMessage], writes: [SQL]) async throws {
        // News of what was sent is let in even when the line is full: it is what empties it.
        if !messages.isEmpty, await !lanes.hasRoom {
            throw Outage("inbox", "too many messages wait for an answer", retryAfter: .seconds(10))
        }
        let new = try await store.add(messages, writes: writes)
        if new.count < messages.count { metrics.duplicates(messages.count - new.count) }
        for chat in Set(new.lazy.filter { !$0.message.isGroup }.map(\.message.chat)) {
            try await outbox.memberWrote(in: chat)
        }
        await lanes.submit(new)
    }
}
