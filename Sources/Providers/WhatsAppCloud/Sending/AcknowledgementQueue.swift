import BotKit
import Foundation
import WhatsAppCloud

/// Says that messages were read and that an answer is written: in the background, at its own pace, dropped first.
struct AcknowledgementQueue: Sendable {
    /// What is told of one message.
    struct Item: Sendable {
        let message: WhatsAppMessageID
        let typing: Bool
        let queuedAt: Date
    }
    /// Later than this it would only disturb.
    private static let patience: TimeInterval = 10
    /// How many calls may run at once.
    private static let concurrency = 4
    /// Meta takes this of messages of the last 30 days.
    private static let oldest: TimeInterval = 30 * 86_400

    let graph: GraphClient
    let state: AccountState
    let pace: NumberPacer.Settings
    let time: any TimeSource
    let metrics: CloudMetrics
    private let queue = AsyncStream<Item>.makeStream(bufferingPolicy: .bufferingNewest(64))

    /// Lines one up; returns at once.
    func add(_ message: InboundMessage, typing: Bool) {
        let now = time.now
        guard !message.isGroup, now.timeIntervalSince(message.sentAt) < Self.oldest, state.stop == nil else { return }
        let id = WhatsAppMessageID(rawValue: message.id.rawValue)
        if case .dropped = queue.continuation.yield(Item(message: id, typing: typing, queuedAt: now)) {
            metrics.acknowledgementDropped()
        }
    }

    /// Works until it is cancelled.
    func run() async throws {
        var pacer = NumberPacer(settings: pace)
        try await withThrowingTaskGroup(of: ErrorRemedy?.self) { group in
            var running = 0
            for await item in queue.stream {
                while running >= Self.concurrency, let remedy = try await group.next() {
                    running -= 1
                    if remedy == .slowNumber { pacer.refused(at: time.now) }
                }
                while isTimely(item), let free = pacer.take(at: time.now) { try await time.sleep(until: free) }
                guard isTimely(item) else {
                    metrics.acknowledgementDropped()
                    continue
                }
                running += 1
                group.addTask { await tell(item) }
            }
        }
    }

    private func isTimely(_ item: Item) -> Bool {
        time.now.timeIntervalSince(item.queuedAt) < Self.patience && state.stop == nil
    }

    /// - Returns: what a failure asks for; nobody waits for this, so it is not repeated.
    private func tell(_ item: Item) async -> ErrorRemedy? {
        do {
            try await graph.markRead(item.message, typing: item.typing)
            return nil
        } catch {
            metrics.acknowledgementDropped()
            return error.remedy
        }
    }
}
