public import BotKit
public import Foundation
public import ServiceLifecycle

/// The store in one SQLite file: one connection writes, a few read, and concurrent writes share a commit.
///
/// A call always runs to its end, even when its task is cancelled: what was done outside (a message that was sent) can
/// then still be recorded. As a service it does nothing but close at shutdown; put it first in the group, so that it is
/// stopped last.
public final class SQLiteDatabase: Database, Service {
    /// The file; `-wal`, `-shm` and `.lock` files stand beside it.
    public let file: URL
    let connectionSettings: ConnectionSettings
    let groupCommit: GroupCommit
    private let writer: ConnectionQueue<Write>
    private let readers: ConnectionQueue<Read>
    private let claims: StoreClaims

    init(file: URL, settings: ConnectionSettings, readerCount: Int, batchLimit: Int, claims: StoreClaims) throws {
        let groupCommit = GroupCommit()
        let writing = try settings.openWriter(file.path)
        let reading = try (0..<max(1, readerCount)).map { _ in try settings.openReader(file.path) }
        self.file = file
        self.claims = claims
        self.groupCommit = groupCommit
        connectionSettings = settings
        writer = ConnectionQueue([writing], batchLimit: max(1, batchLimit)) { groupCommit.perform($0, on: $1) }
        readers = ConnectionQueue(reading, batchLimit: 1) { work, connection in
            for read in work { read.perform(on: connection) }
        }
    }

    /// How many calls wait to be written.
    var waitingWrites: Int { writer.waitingCount }
    /// Whether a batch is being written.
    var isWriting: Bool { writer.busyCount > 0 }

    @discardableResult
    public func run(_ statement: SQL) async throws -> Int {
        try await write([statement]).reduce(0) { $0 + $1.changes }
    }

    public func rows(_ query: SQL) async throws -> [Row] {
        let statement = try RenderedStatement(query)
        guard statement.onlyReads && statement.requiredChanges == nil else {
            return try await write([query], keepsRows: true).flatMap(\.rows)
        }
        return try await withCheckedThrowingContinuation { caller in
            readers.submit(Read(statement: statement, caller: caller))
        }
    }

    @discardableResult
    public func transaction(_ statements: [SQL]) async throws -> [Int] {
        if statements.isEmpty { return [] }
        return try await write(statements).map(\.changes)
    }

    /// Waits for shutdown, then closes.
    public func run() async throws {
        try await gracefulShutdown()
        try await close()
    }

    /// Refuses new calls, finishes those that wait, moves the write-ahead log into the file and closes it.
    /// - Throws: `DatabaseError` when SQLite cannot close the file; all that was acknowledged is safe even then.
    public func close() async throws {
        do {
            try await readers.close()
            try await writer.close(lastly: Self.checkpoint)
        } catch {
            throw DatabaseError(error)
        }
        claims.giveUp()
    }

    private func write(_ statements: [SQL], keepsRows: Bool = false) async throws -> [StatementResult] {
        let rendered = try statements.map { try RenderedStatement($0) }
        return try await withCheckedThrowingContinuation { caller in
            writer.submit(Write(statements: rendered, keepsRows: keepsRows, caller: caller))
        }
    }

    /// Runs the store's own words that no transaction may hold, one after the other, between the writes of others.
    func runAlone(_ words: [String]) async throws {
        _ = try await withCheckedThrowingContinuation { caller in
            writer.submit(Write(statements: [], keepsRows: false, alone: words, caller: caller))
        }
    }
}
