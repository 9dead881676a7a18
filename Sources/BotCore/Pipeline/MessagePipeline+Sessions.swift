import BotKit
import Logging

extension MessagePipeline {
    /// A token that was said in a group is everybody's: its session ends at once, whoever said it, and the message is
    /// deleted where the network lets us.
    func endSession(saidBeforeOthersIn turn: Turn, _ line: inout TurnLine) async throws {
        guard turn.chat.isGroup, let (token, owner) = try await openToken(in: turn) else { return }
        line.step = .authorize
        let ended = AuditEntry(.sessionEnded, of: .member(owner), details: ["reason": Refusal.sessionInGroup])
        try await audit.commit(
            [access.sessions.ending(token)],
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

    /// The first token of an open session among what was said, wherever it stands.
    private func openToken(in turn: Turn) async throws -> (token: String, owner: MemberID)? {
        var words = [turn.session].compactMap(\.self)
        for text in turn.messages.compactMap(\.text) where text.utf8.count >= 36 {
            let form = /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/
            words += text.matches(of: form).prefix(8).map { $0.0.lowercased() }
        }
        for word in Set(words) {
            if let owner = try await access.sessions.holder(of: word, at: turn.receivedAt) { return (word, owner) }
        }
        return nil
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
