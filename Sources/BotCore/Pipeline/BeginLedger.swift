import BotKit
import Foundation
import Logging

/// Counts how often the turns of messages from before the start begin: one of them may be what ended the process.
struct BeginLedger: Sendable {
    /// How often the turn of a message may begin before a start without coming to an end.
    let limit: Int
    let store: InboxStore
    /// Rows before this one are from before the start.
    let firstRow: Int64
    let logger: Logger
    let alerts: OperatorAlerts

    /// Gives up messages whose turn began too often.
    /// - Parameter end: ends one.
    func giveUp(_ end: (StoredMessage) async throws -> Void) async throws {
        for stored in try await store.begunTooOften(before: firstRow, limit: limit) {
            try await end(stored)
            alerts.raise(
                "message_given_up", "a message whose turn ended the process too often is given up",
                in: stored.message.chat)
        }
    }

    /// Counts the begin of a turn.
    /// - Returns: its messages, with a mark on those that were counted.
    func count(_ messages: [StoredMessage]) async throws -> [StoredMessage] {
        let rows = messages.filter { $0.row < firstRow && !$0.isCounted }.map(\.row)
        guard !rows.isEmpty else { return messages }
        try await store.countBegin(of: rows)
        return messages.map { message in
            var message = message
            message.isCounted = message.row < firstRow
            return message
        }
    }

    /// Takes the count back: the process ends by itself, and not by this turn.
    func takeBack(_ messages: [StoredMessage]) async {
        let rows = messages.filter(\.isCounted).map(\.row)
        guard !rows.isEmpty else { return }
        do { try await store.takeBackBegin(of: rows) } catch {
            logger.warning("an interrupted turn stays counted", metadata: ["error": "\(error.safeDescription)"])
        }
    }
}
