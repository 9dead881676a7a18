public import BotKit
import Foundation
import WhatsAppWeb

/// The table of linked accounts.
public struct WebAccounts: Sendable {
    private let database: any Database

    public init(_ database: any Database) { self.database = database }

    /// All accounts in the order of their names, unlinked ones too.
    /// - Throws: `DatabaseError`, as all of these.
    public func all() async throws -> [WebAccount] {
        try await database.rows("SELECT \(Self.columns) FROM web_account ORDER BY name").map(WebAccount.init)
    }

    /// The account called `name`; `nil` when there is none.
    public func account(named name: String) async throws -> WebAccount? {
        try await database.rows("SELECT \(Self.columns) FROM web_account WHERE name = \(name)")
            .first.map(WebAccount.init)
    }

    /// Stores an account, in place of the one with this name.
    /// - Throws: `Misconfiguration` when the name cannot be one; `DatabaseError`.
    public func put(_ account: WebAccount) async throws {
        try Self.check(account.name)
        try await database.run(
            """
            INSERT INTO web_account
                (name, state, reason, phone_number, lid, device_name, platform, linked_at)
            VALUES (\(account.name), \(account.state.rawValue), \(account.reason?.rawValue), \(account.phoneNumber),
                \(account.lid), \(account.deviceName), \(account.platform), \(account.linkedAt))
            ON CONFLICT (name) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                phone_number = excluded.phone_number, lid = excluded.lid, device_name = excluded.device_name,
                platform = excluded.platform, linked_at = excluded.linked_at
            """)
    }

    /// Forgets the account and all its keys, in one transaction. A client that runs on it stores nothing any more.
    public func remove(_ name: String) async throws {
        let account = AccountID(provider: WebAccount.provider, name: name)
        try await database.transaction([
            "DELETE FROM web_entry WHERE account = \(account)", "DELETE FROM web_account WHERE name = \(name)",
        ])
    }

    /// - Throws: `Misconfiguration` when no account may be called so.
    static func check(_ name: String) throws {
        guard WebAccount.isName(name) else {
            throw Misconfiguration(
                "account", "has a name that cannot be one",
                remedy: "Use 1 to 32 of the letters a to z, digits and hyphens.")
        }
    }

    private static let columns: SQL =
        "name, state, reason, phone_number, lid, device_name, platform, linked_at"
}

extension WebAccounts {
    /// The statement that makes the row of an account, if it is not there yet.
    static func begin(_ name: String) -> SQL {
        "INSERT INTO web_account (name, state) VALUES (\(name), 'linking') ON CONFLICT (name) DO NOTHING"
    }

    /// The statements that follow from what happened to the account `name`.
    static func writes(for events: [WebEvent], of name: String, at now: Date) -> [SQL] {
        events.compactMap { event in
            switch event {
            case .linked(let account):
                """
                UPDATE web_account SET state = 'linked', reason = NULL, phone_number = \("\(account.phoneNumber)"),
                    lid = \("\(account.lid)"), platform = \(account.platform), linked_at = \(now)
                WHERE name = \(name)
                """
            case .unlinked(let reason):
                "UPDATE web_account SET state = 'unlinked', reason = \(reason.rawValue) WHERE name = \(name)"
            default: nil
            }
        }
    }
}
