import BotKit
import Logging

extension MessagePipeline {
    /// Sees to it that the token of an open session is read by nobody but us: what is stored of the messages is masked,
    /// and so is what the answer is made of, such as a question to a model. The session itself goes on where nobody
    /// else reads along.
    func hideTokens(in turn: inout Turn, _ line: inout TurnLine) async throws {
        let found = try await tokens.hide(in: &turn)
        guard let first = found.first else { return }
        for token in found {
            line.masks.append(
                """
                UPDATE inbox SET payload = REPLACE(payload, \(token.said), \(SaidTokens.mask))
                WHERE id IN (\(list: line.rows))
                """)
        }
        line.turn = turn
        if turn.chat.isGroup { try await endSession(of: first.owner, by: first.said, saidIn: turn, &line) }
    }

    /// A token that was said in a group is everybody's: its session ends at once, whoever said it, and the message is
    /// deleted where the network lets us.
    private func endSession(of owner: MemberID, by token: String, saidIn turn: Turn, _ line: inout TurnLine)
        async throws
    {
        line.step = .authorize
        let ended = AuditEntry(.sessionEnded, of: .member(owner), details: ["reason": Refusal.sessionInGroup])
        try await audit.commit(
            [access.sessions.ending(token.lowercased())],
            recording: [
                AuditLog.Event(ended, by: .member(turn.member.id), in: turn.chat.id, reference: line.reference)
            ])
        let isDeleted = await deleteForAll(turn)
        line.permissions.append(
            AuditEntry(
                .sessionRefused, .denied, of: .member(owner),
                details: ["reason": Refusal.sessionInGroup, "deleted": "\(isDeleted)"]))
        throw Refusal(isDeleted ? .sessionSaidAndDeleted : .sessionSaid, reason: Refusal.sessionInGroup)
    }

    private func deleteForAll(_ turn: Turn) async -> Bool {
        guard let groups = deliveries.directory.provider(of: turn.chat.id)?.groups else { return false }
        do {
            try await groups.delete(turn.message.id, in: turn.chat.id)
            return true
        } catch {
            logger.warning(
                "a message with a token could not be deleted", metadata: ["error": "\(error.safeDescription)"])
            return false
        }
    }
}

extension Refusal {
    /// The word for a token that was said in a group.
    static let sessionInGroup = "session_in_group"
}
