import BotKit

/// Leaves what is said in a chat unanswered while too many replies wait to be sent there: they are sent more slowly
/// than members may write, and a line that only grows ends in dead letters. Nothing that waits is dropped.
struct BacklogLimit: Sendable {
    let outbox: OutboxSender
    let deliveries: DeliveryDesk
    let settings: LimitSettings

    /// - Throws: `Silence`; whoever is met by it first is told, once for each time that the line is full.
    func check(_ turn: Turn, for responder: any Responder) async throws {
        guard settings.waiting < .max, turn.member.role < .owner else { return }
        // Whoever may do more than others may have to end what fills the line.
        guard responder.needs.role == .user, !responder.stopsRunningAnswer else { return }
        guard await outbox.mayHold(settings.waiting, for: turn.chat.id) else { return }
        let waiting = try await outbox.store.waiting(in: turn.chat.id, noticesUnder: Self.prefix)
        guard waiting.count >= settings.waiting else { return }
        if !waiting.hasNotice {
            try await deliveries.say(.text(.tooMuchWaited), for: turn, key: "\(Self.prefix).\(turn.id)")
        }
        throw Silence(.backlog)
    }

    /// How the keys of the notices in the outbox begin.
    static let prefix = "backlog"
}
