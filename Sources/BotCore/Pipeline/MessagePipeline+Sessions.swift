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

    /// Messages of which no turn comes, such as old ones, edits, and those of groups where no group is answered: a
    /// token that they show ends as ever, and what they attempt is in the audit. Nothing is answered.
    func look(at messages: [StoredMessage], turnedAwayFor reason: TurnReason, _ line: inout TurnLine) async throws {
        let heard = messages.map(\.withWordsOfEdit)
        guard reason != .ownMessage, heard.contains(where: mayMatter) else { return }
        let before = line
        do {
            var turn = try await opener.reopen(heard)
            line.turn = turn
            try await hideTokens(in: &turn, &line)
            try await note(turn, turnedAwayFor: reason.rawValue, &line)
        } catch is Silence {
            line = before
        } catch is Refusal {
            // Its words are for those who are answered.
        } catch {
            // The turn is tried again, and nobody reads an apology.
            line = before
            throw error
        }
        line.step = .open
    }

    /// Whether its words could be a command, or a token among them.
    private func mayMatter(_ stored: StoredMessage) -> Bool {
        guard let text = stored.message.text else { return false }
        let said = stored.message.isGroup ? text.withoutMentions(of: opener.settings.names) : text
        return text.mayHoldToken || router.isCall(said)
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

extension StoredMessage {
    /// The same as if what it was edited to had been said in the message that was edited.
    fileprivate var withWordsOfEdit: StoredMessage {
        guard case .edit(let edited, let text) = message.content else { return self }
        var message = message
        message.id = edited
        message.content = .text(text)
        return StoredMessage(
            row: row, message: message, overtakes: overtakes, deaths: deaths, isCounted: isCounted)
    }
}

extension Refusal {
    /// The word for a token that was said in a group.
    static let sessionInGroup = "session_in_group"
}
