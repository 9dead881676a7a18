import BotKit
import Logging

extension MessagePipeline {
    /// Sees to it that the token of an open session is read by nobody but us: what is stored of the messages is masked,
    /// and so is what the answer is made of, such as a question to a model. The session itself goes on where nobody
    /// else reads along.
    func hideTokens(in turn: inout Turn, _ line: inout TurnLine) async throws {
        let tokens = try await openTokens(in: turn)
        guard let first = tokens.first else { return }
        for token in tokens {
            line.masks.append(
                """
                UPDATE inbox SET payload = REPLACE(payload, \(token.said), \(Self.mask))
                WHERE id IN (\(list: line.rows))
                """)
            turn.text = turn.text.replacing(token.said, with: Self.mask)
            let quoted = turn.quoted?.text?.replacing(token.said, with: Self.mask)
            turn.quoted?.text = quoted
        }
        line.turn = turn
        if turn.chat.isGroup { try await endSession(of: first.owner, by: first.said, saidIn: turn, &line) }
    }

    private static let mask = "***"

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

    /// The tokens of open sessions among what was said or quoted, wherever they stand, as they were written.
    private func openTokens(in turn: Turn) async throws -> [(said: String, owner: MemberID)] {
        var words: Set<String> = []
        // In a group a quote shows nothing that was not said there before.
        let quoted = turn.chat.isGroup ? nil : turn.quoted?.text
        for text in turn.messages.compactMap(\.text) + [quoted].compactMap(\.self) where text.mayHoldToken {
            let form = /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/
            words.formUnion(text.matches(of: form).prefix(8).map { String($0.0) })
        }
        var tokens: [(said: String, owner: MemberID)] = []
        for word in words.sorted() {
            guard let owner = try await access.sessions.holder(of: word.lowercased(), at: turn.receivedAt) else {
                continue
            }
            tokens.append((word, owner))
        }
        return tokens
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

extension String {
    /// Whether a token could stand in it: nearly no text has as many hyphens.
    fileprivate var mayHoldToken: Bool {
        utf8.count >= 36 && utf8.count(where: { $0 == UInt8(ascii: "-") }) >= 4
    }
}
