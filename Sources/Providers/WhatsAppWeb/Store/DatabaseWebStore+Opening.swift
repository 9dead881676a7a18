public import BotKit
public import Foundation
public import Logging
public import WhatsAppWeb

extension DatabaseWebStore {
    /// Opens the store of an account, which need not be linked yet.
    ///
    /// When the database turns out to be older than what was sent, as after a restored backup, all ratchets are deleted
    /// and an alert is logged: new ones are negotiated, and no key is used twice.
    /// - Parameters:
    ///   - witnessFolder: the folder of the database; `web-NAME.witness` is kept there and is part of no backup.
    ///   - alerting: hears that the database is old, and gives what the log line shall carry.
    ///   - read: what the bot makes of the events of a commit; asked before the transaction.
    /// - Throws: `Misconfiguration` when the name cannot be one, the account is in use, or the stored keys cannot be
    ///   read with this key file; `DatabaseError`.
    public static func open(
        account: AccountID, database: any Database, keyFile: WebKeyFile, witnessFolder: URL, inbox: any Inbox,
        reports: any DeliveryReports, time: any TimeSource, logger: Logger,
        alerting: @Sendable (AccountID) -> Logger.Metadata = { _ in ["alert": "web_database_old"] },
        read: @escaping @Sendable ([WebEvent]) async throws -> WebDelivery
    ) async throws -> DatabaseWebStore {
        let name = account.name
        try WebAccounts.check(name)
        let witness = try WebWitness(of: name, in: witnessFolder)
        let entries = WebEntryTable(
            database: database, account: account, seal: ValueSeal(keyFile, for: account))
        try await database.run(WebAccounts.begin(name))
        let stored = try await number(of: name, in: database)
        let credentials: [UInt8]?
        do {
            credentials = try await entries.load([.credentials])[.credentials]
        } catch is WebError {
            throw Misconfiguration(
                "key file", "\(keyFile) is not the one that the keys of account \(name) are sealed with",
                remedy: "Restore the file from your backup, or run: martlet accounts unlink \(name), and link it again."
            )
        }

        let seen = witness.read()
        var number = stored
        if let credentials {
            if seen.map({ $0 > stored }) ?? true {
                number = Self.fresh(after: [stored, seen ?? 0], at: time.now)
                let changes = try StoreChange.renewingRatchets(of: credentials, at: time.now)
                try await database.transaction(
                    try entries.statements(for: changes) + [Self.set(number, of: name)])
                var metadata = alerting(account)
                metadata["account"] = .own(name)
                logger.critical(
                    """
                    The database is older than what this account has sent, as after a restored backup: its sessions \
                    are begun anew, and messages since then are lost to the bot
                    """, metadata: metadata)
            }
        } else {
            // Higher than that of any earlier linking, whose backups are old copies as well.
            number = Self.fresh(after: [stored, seen ?? 0], at: time.now)
            try await database.run(Self.set(number, of: name))
        }
        try witness.begin(at: number)
        return DatabaseWebStore(
            name: name, database: database, entries: entries, witness: witness, count: RatchetCount(number),
            inbox: inbox, reports: reports, time: time, read: read)
    }

    /// A number above all that were used: commits are fewer than milliseconds.
    private static func fresh(after numbers: [Int64], at now: Date) -> Int64 {
        max(now.milliseconds, (numbers.max() ?? 0) + 1)
    }

    private static func set(_ number: Int64, of name: String) -> SQL {
        let set: SQL = "UPDATE web_account SET ratchet_commits = \(number) WHERE name = \(name)"
        return set.requiring(rows: 1)
    }
}
