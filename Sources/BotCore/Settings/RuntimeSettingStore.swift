public import BotKit
public import Foundation

/// Keeps what is set while the bot runs.
public struct RuntimeSettingStore: SettingBook {
    private let database: any Database
    private let ids: RowIDs

    public init(database: any Database, ids: RowIDs) {
        self.database = database
        self.ids = ids
    }

    /// All that is set for a member in a chat. Each part of the query is a look into the primary key.
    func values(for member: MemberID, in chat: ChatID) async throws -> RuntimeValues {
        let account = chat.account
        let rows = try await database.rows(
            """
            SELECT 0 AS scope, name, value FROM runtime_setting WHERE account = '' AND chat = '' AND member = ''
            UNION ALL SELECT 1, name, value FROM runtime_setting
                WHERE account = \(account) AND chat = '' AND member = ''
            UNION ALL SELECT 2, name, value FROM runtime_setting
                WHERE account = '' AND chat = \(chat) AND member = ''
            UNION ALL SELECT 3, name, value FROM runtime_setting
                WHERE account = '' AND chat = '' AND member = \(member)
            """)
        var values = RuntimeValues()
        for row in rows {
            let scope = SettingScope.allCases[min(3, max(0, Int(try row.int("scope"))))]
            values.add(.init(scope, try row.text("value")), to: try row.text("name"))
        }
        return values
    }

    public func values(at place: SettingPlace) async throws -> [String: String] {
        let rows = try await database.rows("SELECT name, value FROM runtime_setting WHERE \(condition(place))")
        return try rows.reduce(into: [:]) { $0[try $1.text("name")] = try $1.text("value") }
    }

    public func setting(_ name: String, to value: String?, at place: SettingPlace, at time: Date) -> [SQL] {
        let (account, chat, member) = columns(place)
        let remembering: SQL = """
            INSERT INTO runtime_setting_change (id, account, chat, member, name, before, after, created_at)
            VALUES (\(ids.next(at: time)), \(account), \(chat), \(member), \(name),
                (SELECT value FROM runtime_setting WHERE \(condition(place)) AND name = \(name)), \(value), \(time))
            """
        return [remembering, change(name, to: value, at: place, at: time)]
    }

    public func lastChange(at place: SettingPlace) async throws -> SettingChange? {
        try await database.rows(
            """
            SELECT id, name, before, after FROM runtime_setting_change
            WHERE \(condition(place)) AND is_undone = 0 ORDER BY id DESC LIMIT 1
            """
        ).first.map { row in
            SettingChange(
                id: try row.int("id"), place: place, name: try row.text("name"),
                before: try row.optionalText("before"), after: try row.optionalText("after"))
        }
    }

    public func undoing(_ last: SettingChange, at time: Date) -> [SQL] {
        [
            "UPDATE runtime_setting_change SET is_undone = 1 WHERE id = \(last.id)",
            change(last.name, to: last.before, at: last.place, at: time),
        ]
    }

    private func change(_ name: String, to value: String?, at place: SettingPlace, at time: Date) -> SQL {
        guard let value else { return "DELETE FROM runtime_setting WHERE \(condition(place)) AND name = \(name)" }
        let (account, chat, member) = columns(place)
        return """
            INSERT INTO runtime_setting (account, chat, member, name, value, changed_at)
            VALUES (\(account), \(chat), \(member), \(name), \(value), \(time))
            ON CONFLICT (account, chat, member, name)
                DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
            """
    }

    private func condition(_ place: SettingPlace) -> SQL {
        let (account, chat, member) = columns(place)
        return "account = \(account) AND chat = \(chat) AND member = \(member)"
    }

    private func columns(_ place: SettingPlace) -> (account: String, chat: String, member: String) {
        (place.account?.rawValue ?? "", place.chat?.rawValue ?? "", place.member?.rawValue ?? "")
    }
}
