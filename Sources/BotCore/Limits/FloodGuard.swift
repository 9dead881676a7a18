import BotKit

/// Keeps out for a while who sends more messages than any person types; they are told once.
struct FloodGuard: Guard {
    let counters: any Counters
    let limit: Int
    let ban: Duration

    /// - Returns: `nil` when the rule is off.
    init?(_ settings: LimitSettings, counters: any Counters) {
        guard settings.flood < .max else { return nil }
        self.counters = counters
        limit = settings.flood
        ban = settings.floodBan
    }

    func check(_ turn: Turn) async throws {
        // What people of a group say to each other is their affair.
        guard turn.isAddressed, turn.member.role < .owner else { return }
        let rule = FloodRule("messages", for: turn.member.id, limit: limit, in: .seconds(60), ban: ban)
        switch try await counters.note(turn.messages.count, under: rule, at: turn.receivedAt) {
        case .passed: return
        case .banned(isNew: false): throw Silence(.limited)
        case .banned(isNew: true): throw Refusal(.flooded(for: ban), reason: Self.reason)
        }
    }

    static let reason = "flood"
}
