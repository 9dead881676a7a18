public import BotKit
import Crypto
import Foundation
public import Logging
public import ServiceLifecycle

/// Writes the audit: one chain of entries, however many write it at once, in this process and in others.
///
/// Each entry is inserted only if the entry before it is still the last one. Who was overtaken links anew and tries
/// again. What the entry tells of happens in the same transaction, so neither is true without the other.
public actor AuditLog: Service {
    /// One entry with who did it and where.
    public struct Event: Sendable {
        public var entry: AuditEntry
        public var actor: AuditEntry.Party
        public var chat: ChatID?
        /// What ties it to the reply and the log.
        public var reference: String

        public init(_ entry: AuditEntry, by actor: AuditEntry.Party, in chat: ChatID? = nil, reference: String = "") {
            self.entry = entry
            self.actor = actor
            self.chat = chat
            self.reference = reference
        }
    }
    private struct Head: Equatable {
        var sequence: Int64 = 0
        var hash = AuditLine.genesis
    }
    /// How often an overtaken writer tries again.
    private static let attempts = 1_000

    private let database: any Database
    private let key: AuditKey
    private let pseudonyms: Pseudonyms
    /// How many entries one seal covers at most.
    private let sealEvery: Int64
    private let time: any TimeSource
    private let alerts: OperatorAlerts
    private var head: Head?
    private var sealed: Int64 = 0

    /// - Parameters:
    ///   - sealEvery: how many entries may be written before the last of them is signed.
    ///   - logger: takes alerts.
    public init(
        database: any Database, key: AuditKey, pseudonyms: Pseudonyms, sealEvery: Int, time: any TimeSource,
        logger: Logger
    ) {
        self.init(
            database: database, key: key, pseudonyms: pseudonyms, sealEvery: sealEvery, time: time,
            alerts: OperatorAlerts(pseudonyms: pseudonyms, logger: logger))
    }

    init(
        database: any Database, key: AuditKey, pseudonyms: Pseudonyms, sealEvery: Int, time: any TimeSource,
        alerts: OperatorAlerts
    ) {
        self.database = database
        self.key = key
        self.pseudonyms = pseudonyms
        self.sealEvery = Int64(max(1, sealEvery))
        self.time = time
        self.alerts = alerts
    }

    /// Seals the last entry when the program stops.
    public func run() async throws {
        // Whoever put the old key away knows of it; if nobody did, somebody hides what was done.
        if key.isNew, let head = try? await storedHead(), head.sequence > 0 {
            broken("there are \(head.sequence) entries, but the key that signed them is gone, and a new one was made")
        }
        try? await gracefulShutdown()
        await sealHead()
    }

    /// Runs `statements` and records `events` in one transaction; without events it is a plain transaction.
    /// - Returns: how many rows each of `statements` changed.
    /// - Throws: as `Database.transaction`; then neither the statements took effect nor the events are recorded.
    @discardableResult
    public func commit(_ statements: [SQL], recording events: [Event]) async throws -> [Int] {
        guard !events.isEmpty else { return try await database.transaction(statements) }
        return try await store(statements, recording: events).changes
    }

    /// Records one event.
    /// - Returns: the hash of its entry, 64 hexadecimal digits.
    func record(_ event: Event) async throws -> String { try await store([], recording: [event]).hash }

    private func store(_ statements: [SQL], recording events: [Event]) async throws -> (changes: [Int], hash: String) {
        for attempt in 1... {
            let base = try await currentHead()
            let lines = link(events, after: base)
            // Whoever comes next links to these, without waiting for the disk.
            head = lines.last.map { Head(sequence: $0.line.sequence, hash: $0.hash) }
            let seal = try seal(of: lines)
            let own = lines.map(\.insertion) + (seal.map { [$0.insertion] } ?? [])
            do {
                let changes = try await database.transaction(own + statements)
                if let seal { copy(seal) }
                return (Array(changes.dropFirst(own.count)), lines.last?.hash ?? "")
            } catch DatabaseError.conflict {
                head = nil
                // What overtook it may share a commit that is still under way; this write, of nothing, waits for it.
                try await database.run("DELETE FROM audit_seal WHERE 1 = 0")
                let stored = try await storedHead()
                // Not overtaken: it is one of the statements that met a change.
                guard stored != base, attempt < Self.attempts else { throw DatabaseError.conflict }
            } catch {
                head = nil
                throw error
            }
        }
        throw DatabaseError.conflict
    }

    /// Signs the head that is stored, so that nothing after it can be cut off unnoticed.
    private func sealHead() async {
        do {
            guard let row = try await database.rows(Self.last).first else { return }
            let line = try AuditLine(row)
            guard line.sequence > sealed else { return }
            let hash = try row.text("hash")
            guard line.hash == hash else { return broken("its last entry was changed") }
            let seal = try AuditSeal(line, hash: hash, at: time.now, by: key.key)
            try await database.run(seal.insertion)
            copy(seal)
        } catch {
            broken("its seal cannot be stored (\(error.safeDescription))")
        }
    }

    // MARK: - The chain

    private static let last: SQL = "SELECT * FROM audit_entry ORDER BY sequence DESC LIMIT 1"

    private func currentHead() async throws -> Head {
        if let head { return head }
        let stored = try await storedHead()
        // Somebody may have linked an entry while we looked.
        if head == nil { head = stored }
        return head ?? stored
    }

    private func storedHead() async throws -> Head {
        guard let row = try await database.rows(Self.last).first else { return Head() }
        return Head(sequence: try row.int("sequence"), hash: try row.text("hash"))
    }

    private struct LinkedLine {
        let line: AuditLine
        let hash: String

        /// Takes effect only as the next of the chain.
        var insertion: SQL {
            let statement: SQL = """
                INSERT INTO audit_entry (sequence, hash, previous, created_at, actor, action, outcome, subject, chat, \
                reference, details)
                SELECT \(line.sequence), \(hash), \(line.previous), \(line.time), \(line.actor), \(line.action), \
                \(line.outcome), \(line.subject), \(line.chat), \(line.reference), \(line.details)
                WHERE COALESCE((SELECT hash FROM audit_entry ORDER BY sequence DESC LIMIT 1), \(AuditLine.genesis)) \
                = \(line.previous)
                """
            return statement.requiring(rows: 1)
        }
    }

    private func link(_ events: [Event], after base: Head) -> [LinkedLine] {
        var previous = base
        return events.map { event in
            let line = AuditLine(
                sequence: previous.sequence + 1, previous: previous.hash,
                time: Date(milliseconds: time.now.milliseconds),
                actor: name(of: event.actor), action: event.entry.action.rawValue,
                outcome: event.entry.outcome.rawValue, subject: event.entry.subject.map(name) ?? "",
                chat: event.chat.map { pseudonyms.of($0) } ?? "", reference: event.reference,
                details: AuditLine.details(event.entry.details))
            let hash = line.hash
            previous = Head(sequence: line.sequence, hash: hash)
            return LinkedLine(line: line, hash: hash)
        }
    }

    private func name(of party: AuditEntry.Party) -> String {
        switch party {
        case .member(let id): pseudonyms.of(id)
        case .number(let number): pseudonyms.of(number)
        case .id(let id): pseudonyms.of(id)
        case .chat(let id): pseudonyms.of(id)
        case .terminal: "terminal"
        case .program: "martlet"
        case .unknown: "unknown"
        }
    }

    // MARK: - Seals

    /// The seal of the last line, when one is due.
    private func seal(of lines: [LinkedLine]) throws -> AuditSeal? {
        guard let last = lines.last, last.line.sequence - sealed >= sealEvery else { return nil }
        return try AuditSeal(last.line, hash: last.hash, at: time.now, by: key.key)
    }

    /// Copies a stored seal to the file.
    private func copy(_ seal: AuditSeal) {
        sealed = max(sealed, seal.sequence)
        do { try key.append(seal) } catch {
            // The entry and its seal are stored; the next line of the file covers it as well.
            broken("its seal cannot be copied to audit.seals (\(error.safeDescription))")
        }
    }

    private func broken(_ problem: String) {
        alerts.raise("audit_broken", "the audit has a problem: \(problem); run martlet audit verify")
    }
}

extension AuditLine {
    /// Reads a row of `audit_entry`.
    init(_ row: Row) throws {
        self.init(
            sequence: try row.int("sequence"), previous: try row.text("previous"), time: try row.date("created_at"),
            actor: try row.text("actor"), action: try row.text("action"), outcome: try row.text("outcome"),
            subject: try row.text("subject"), chat: try row.text("chat"), reference: try row.text("reference"),
            details: try row.text("details"))
    }
}
