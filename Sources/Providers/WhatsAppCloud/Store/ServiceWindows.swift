import BotKit
import Foundation
import Synchronization
import WhatsAppCloud

/// When each member wrote last, which decides whether we may write freely.
final class ServiceWindows: Sendable {
    private static let capacity = 20_000
    private let database: any Database
    /// The newest message of each chat, as far as this process saw it.
    private let recent = Mutex<[ChatID: Date]>([:])

    init(database: any Database) { self.database = database }

    /// The statement that stores when a member wrote.
    static func note(_ chat: ChatID, of member: MemberID, at time: Date) -> SQL {
        """
        INSERT INTO cloud_chat (chat, member, last_inbound_at) VALUES (\(chat), \(member), \(time))
        ON CONFLICT (chat) DO UPDATE SET last_inbound_at = excluded.last_inbound_at
        WHERE cloud_chat.last_inbound_at IS NULL OR cloud_chat.last_inbound_at < excluded.last_inbound_at
        """
    }

    /// The statement by which two chats that turn out to be one person's know the newer of their times.
    static func join(_ old: ChatID, with new: ChatID) -> SQL {
        """
        UPDATE cloud_chat SET
            last_inbound_at = (SELECT MAX(last_inbound_at) FROM cloud_chat WHERE chat IN (\(old), \(new))),
            template_at = (SELECT MAX(template_at) FROM cloud_chat WHERE chat IN (\(old), \(new)))
        WHERE chat IN (\(old), \(new))
        """
    }

    /// Remembers what was stored.
    func remember(_ times: [ChatID: Date]) {
        recent.withLock { recent in
            if recent.count + times.count > Self.capacity { recent.removeAll() }
            recent.merge(times) { max($0, $1) }
        }
    }

    /// Forgets chats that were erased.
    func forget(_ chats: [ChatID]) { recent.withLock { recent in for chat in chats { recent[chat] = nil } } }

    /// Whether more than a template may be sent to `chat`.
    func isOpen(_ chat: ChatID, at now: Date) async throws -> Bool {
        if ServiceWindow.isOpen(lastInboundAt: recent.withLock({ $0[chat] }), at: now) { return true }
        let rows = try await database.rows("SELECT last_inbound_at FROM cloud_chat WHERE chat = \(chat)")
        guard let last = try rows.first?.optionalDate("last_inbound_at") else { return false }
        remember([chat: last])
        return ServiceWindow.isOpen(lastInboundAt: last, at: now)
    }

    /// Takes the right to send the template to `chat`, which is there once in 24 hours.
    func claimTemplate(for chat: ChatID, of member: MemberID, at now: Date) async throws -> Bool {
        let day = now.addingTimeInterval(-86_400)
        return try await database.run(
            """
            INSERT INTO cloud_chat (chat, member, template_at) VALUES (\(chat), \(member), \(now))
            ON CONFLICT (chat) DO UPDATE SET template_at = excluded.template_at
            WHERE cloud_chat.template_at IS NULL OR cloud_chat.template_at <= \(day)
            """) > 0
    }

    /// Gives the right back, when the template surely did not go out.
    func releaseTemplate(for chat: ChatID) async throws {
        try await database.run("UPDATE cloud_chat SET template_at = NULL WHERE chat = \(chat)")
    }
}
