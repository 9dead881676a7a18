import BotKit

/// What those try who are not answered at all: the audit is told when it asks for a role, names a
/// secret or shows a token.
struct AttemptRecord: Sendable {
    let router: Router
    let counters: any Counters
    /// How often it is told of each person in an hour: nobody shall fill it who is not even answered.
    private static let limit = 10

    /// - Returns: `nil` when the turn asks for nothing that others may not do.
    func entry(of turn: Turn, turnedAwayFor reason: String) async throws -> AuditEntry? {
        guard let route = try? router.route(for: turn), route.responder.isWatched || turn.session != nil else {
            return nil
        }
        let hour = Duration.seconds(3_600)
        let rule = FloodRule("attempts", for: turn.member.id, limit: Self.limit, in: hour, ban: hour)
        guard try await counters.note(1, under: rule, at: turn.receivedAt) == .passed else { return nil }
        return AuditEntry(
            .permissionDenied, .denied,
            details: [
                "feature": route.feature, "permission": route.responder.needs.name, "reason": reason,
            ])
    }
}
