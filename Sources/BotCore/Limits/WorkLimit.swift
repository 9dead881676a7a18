import BotKit

/// Holds the answers that cost something to so many for each member, and for all.
struct WorkLimit: Sendable {
    let counters: any Counters
    let settings: LimitSettings

    /// Takes one for the turn.
    /// - Throws: `Refusal` when there is none left; then nothing was taken.
    func take(for turn: Turn) async throws {
        guard turn.member.role < .owner else { return }
        var buckets: [TokenBucket] = []
        if settings.perMember < .max {
            buckets.append(
                TokenBucket("work", of: turn.member.id, limit: settings.perMember, in: settings.perMemberWindow))
        }
        if settings.global < .max {
            buckets.append(TokenBucket("work", of: nil, limit: settings.global, in: settings.globalWindow))
        }
        guard let empty = try await counters.take(from: buckets, at: turn.receivedAt) else { return }
        guard empty.member != nil else {
            throw Refusal(.everybodyAsks(in: settings.globalWindow), reason: "rate_limit_global")
        }
        throw Refusal(.slowDown(for: settings.perMemberWindow), reason: "rate_limit")
    }
}
