import BotKit
import Foundation
import Synchronization

/// Remembers where owners write, and so where they can be written to.
final class AlertContacts: Watcher {
    /// Where an owner reads.
    struct Contact: Sendable, Hashable {
        let chat: ChatID
        let language: Language
    }
    private struct Known {
        let language: Language
        let at: Date
    }
    /// A note is renewed after so long.
    private static let renewal = Duration.seconds(3_600)
    private static let limit = 20

    private let database: any Database
    private let ledger: AccessLedger
    private let known = Mutex<[ChatID: Known]>([:])

    init(database: any Database, ledger: AccessLedger) {
        self.database = database
        self.ledger = ledger
    }

    func see(_ turn: Turn) async throws -> [any Job] {
        guard turn.member.role == .owner, !turn.chat.isGroup else { return [] }
        let (chat, now) = (turn.chat.id, turn.receivedAt)
        let isNoted = known.withLock { known in
            guard let known = known[chat] else { return false }
            return known.language == turn.language && known.at <= now && now < known.at.adding(Self.renewal)
        }
        guard !isNoted else { return [] }
        try await database.run(
            """
            INSERT INTO alert_contact (chat, member, phone, network_id, language, written_at)
            VALUES (\(chat), \(turn.member.id), \(turn.member.phone?.digits), \(turn.message.sender.networkID?.text), \
            \(turn.language), \(now))
            ON CONFLICT (chat) DO UPDATE SET member = excluded.member, phone = excluded.phone,
                network_id = excluded.network_id, language = excluded.language, written_at = excluded.written_at
            """)
        known.withLock { $0[chat] = Known(language: turn.language, at: now) }
        return []
    }

    /// The chats of those who are owners now, and of nobody who writes under a number of theirs.
    func all(at now: Date) async throws -> [Contact] {
        let rows = try await database.rows(
            "SELECT * FROM alert_contact ORDER BY written_at DESC LIMIT \(Int64(Self.limit))")
        var contacts: [Contact] = []
        for row in rows {
            let phone = try row.optionalText("phone").flatMap { PhoneNumber($0) }
            let sender = InboundMessage.Sender(
                id: try row.id("member"), phone: phone,
                networkID: try row.optionalText("network_id").flatMap { NetworkID($0) })
            let chat: ChatID = try row.id("chat")
            let standing = try await ledger.standing(of: sender, in: chat, hasRules: true, at: now, isNow: false)
            guard standing.role == .owner else { continue }
            if try await ledger.isInDoubt(.member(sender.id)) { continue }
            if let phone, try await ledger.isInDoubt(.number(phone)) { continue }
            contacts.append(Contact(chat: chat, language: Language(rawValue: try row.text("language"))))
        }
        return contacts
    }
}
