import BotKit
import Foundation

/// Replies that a worker stored for a chat wait to be sent.
struct LookAgain: Job {
    static let kind = "core.look"
    var chat: ChatID
}

/// Has the outbox read them.
struct LookAgainHandler: JobHandler {
    let outbox: OutboxSender

    func run(_ work: LookAgain, at time: Date) async throws -> JobOutcome {
        await outbox.lookAgain(in: work.chat)
        return .done
    }
}
