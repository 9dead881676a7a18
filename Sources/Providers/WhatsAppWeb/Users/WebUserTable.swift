import BotKit
import Foundation
import WhatsAppWire

/// The table of people who wrote.
struct WebUserTable: Sendable {
    let database: any Database

    /// The rows of those names and numbers.
    func users(named members: [MemberID], phones: [String]) async throws -> [WebUser] {
        guard !members.isEmpty || !phones.isEmpty else { return [] }
        return try await database.rows(
            """
            SELECT member, phone, name, seen_at FROM web_user
            WHERE member IN (\(list: members)) OR phone IN (\(list: phones))
            """
        ).compactMap { row in
            guard let address = try row.id("member", as: MemberID.self).address else { return nil }
            return WebUser(
                address: address, phone: try row.optionalText("phone"), name: try row.optionalText("name"),
                seenAt: try row.date("seen_at"))
        }
    }

    static func store(_ user: WebUser) -> SQL {
        """
        INSERT INTO web_user (member, phone, name, seen_at)
        VALUES (\(user.member), \(user.phone), \(user.name), \(user.seenAt))
        ON CONFLICT (member) DO UPDATE SET phone = excluded.phone, name = excluded.name, seen_at = excluded.seen_at
        """
    }

    /// Takes a number from everybody but `user`: it passed on to them.
    static func takePhone(for user: WebUser) -> SQL {
        "UPDATE web_user SET phone = NULL WHERE phone = \(user.phone) AND member <> \(user.member)"
    }

    static func remove(_ user: WebUser) -> SQL { "DELETE FROM web_user WHERE member = \(user.member)" }
}
