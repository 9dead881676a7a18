import BotKit
import Foundation
import Logging
public import WhatsAppWeb

/// What a linked account must remember, in the bot's own database: one transaction stores the ratchets and what the
/// messages they opened mean to the bot.
///
/// It holds the account: while it is there, no other store can be opened for it (`close` gives it up earlier).
public struct DatabaseWebStore: WebStore {
    let name: String
    let database: any Database
    let entries: WebEntryTable
    let witness: WebWitness
    let count: RatchetCount
    let inbox: any Inbox
    let reports: any DeliveryReports
    let time: any TimeSource
    let read: @Sendable ([WebEvent]) async throws -> WebDelivery

    public func load(_ keys: [StoreKey]) async throws -> [StoreKey: [UInt8]] { try await entries.load(keys) }

    public func list(_ kind: StoreKind, after name: String?, limit: Int) async throws -> [StoreEntry] {
        try await entries.list(kind, after: name, limit: limit)
    }

    /// - Throws: `Outage` or `DatabaseError` when nothing was stored; also when all was, but the witness or the reports
    ///   of what was sent failed: then the server says it again.
    public func commit(_ changes: [StoreChange], events: [WebEvent]) async throws {
        let delivery = events.isEmpty ? WebDelivery() : try await read(events)
        var writes = try entries.statements(for: changes)
        writes += WebAccounts.writes(for: events, of: name, at: time.now)
        writes += delivery.writes
        if !delivery.history.isEmpty { writes += try inbox.keeping(delivery.history) }
        if changes.contains(where: \.movesRatchets) {
            writes.append(Self.raise(name))
            let number = try await count.count {
                try await store(delivery.messages, writes)
            } orAsk: {
                try await Self.number(of: name, in: database)
            }
            // Before anything leaves that was encrypted with what is stored now.
            try witness.note(number)
        } else {
            try await store(delivery.messages, writes)
        }
        for report in delivery.reports {
            try await reports.report(report)
            delivery.whenReported(report)
        }
    }

    /// Gives up the account, so that another store can be opened for it. Commits of ratchets fail from then on.
    public func close() { witness.close() }

    private func store(_ messages: [InboundMessage], _ writes: [SQL]) async throws {
        if !messages.isEmpty {
            try await inbox.receive(messages, writes: writes)
        } else if !writes.isEmpty {
            try await database.transaction(writes)
        }
    }
}

extension DatabaseWebStore {
    /// The statement that counts a commit of ratchets; an account that was removed meanwhile stores nothing any more.
    static func raise(_ name: String) -> SQL {
        let raise: SQL = "UPDATE web_account SET ratchet_commits = ratchet_commits + 1 WHERE name = \(name)"
        return raise.requiring(rows: 1)
    }

    static func number(of name: String, in database: any Database) async throws -> Int64 {
        let rows = try await database.rows("SELECT ratchet_commits FROM web_account WHERE name = \(name)")
        guard let row = rows.first else { throw DatabaseError.conflict }
        return try row.int("ratchet_commits")
    }
}

extension StoreChange {
    /// Whether a copy of the database from before it could use a key a second time.
    fileprivate var movesRatchets: Bool {
        let kind =
            switch self {
            case .put(let key, _), .delete(let key): key.kind
            case .deleteAll(let kind, _): kind
            }
        return kind == .session || kind == .senderKey
    }
}
