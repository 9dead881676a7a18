import BotKit
import Crypto
import Foundation
import StoreSQLite
import TestKit

@testable import BotCore

/// An audit over a real store, with its files.
struct AuditBench {
    let home: URL
    let database: FlakyDatabase
    let key: AuditKey
    let time = ManualTime(.monday)
    let pseudonyms = Pseudonyms(key: [UInt8](repeating: 7, count: 32))
    let book = LogBook()

    init() async throws {
        home = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        database = FlakyDatabase(try SQLiteDatabase.temporary())
        key = try AuditKey(home: home)
        _ = try await Migrator(database, CoreSchema.migrations, time: time).apply()
        _ = try await database.run("CREATE TABLE fact (text TEXT UNIQUE)")
    }

    func close() { try? FileManager.default.removeItem(at: home) }

    /// A writer such as each process has one.
    func writer(sealEvery: Int = 1) -> AuditLog {
        AuditLog(
            database: database, key: key, pseudonyms: pseudonyms, sealEvery: sealEvery, time: time,
            alerts: OperatorAlerts(pseudonyms: pseudonyms, logger: book.logger))
    }

    var archive: AuditArchive { AuditArchive(database, pseudonyms: pseudonyms) }

    func event(_ number: Int) -> AuditLog.Event {
        AuditLog.Event(
            AuditEntry(.configurationUpdate, details: ["setting": "s\(number)"]),
            by: .member(MemberID(rawValue: "cloud:15550000001")), in: ChatID(rawValue: "cloud:1:15550000001"),
            reference: "R\(number)")
    }

    func write(_ count: Int, sealEvery: Int = 1) async throws {
        let writer = writer(sealEvery: sealEvery)
        for number in 0..<count { try await writer.commit([], recording: [event(number)]) }
    }

    func verdict(sealEvery: Int = 1, copy: URL? = nil) async throws -> AuditVerdict {
        try await archive.verify(key, sealEvery: sealEvery, copy: copy)
    }

    func fault(copy: URL? = nil) async throws -> AuditFault? { try await verdict(copy: copy).fault }

    /// Computes the chain anew, as somebody with the file would who has no key.
    func chainAnew() async throws {
        var previous = AuditLine.genesis
        for row in try await database.rows("SELECT * FROM audit_entry ORDER BY sequence") {
            let line = try AuditLine(row)
            let anew = AuditLine(
                sequence: line.sequence, previous: previous, time: line.time, actor: line.actor, action: line.action,
                outcome: line.outcome, subject: line.subject, chat: line.chat, reference: line.reference,
                details: line.details)
            try await database.run(
                "UPDATE audit_entry SET previous = \(previous), hash = \(anew.hash) WHERE sequence = \(line.sequence)")
            previous = anew.hash
        }
    }

    /// Takes the last entries away with all that is here of their seals.
    func cutEverywhere(after last: Int) async throws {
        try await database.run("DELETE FROM audit_entry WHERE sequence > \(last)")
        try await database.run("DELETE FROM audit_seal WHERE sequence > \(last)")
        try Data(key.storedSeals.prefix(last).map { "\($0)\n" }.joined().utf8).write(to: key.seals)
    }

    /// Takes the triggers away, as somebody with the file would.
    func open() async throws {
        for name in ["entry_insert", "entry_update", "entry_delete", "seal_update", "seal_delete"] {
            try await database.run(SQL(stringLiteral: "DROP TRIGGER audit_\(name)"))
        }
    }

    func export() async throws -> Data {
        var text = ""
        try await archive.export(key, at: time.now) { text += $0 }
        return Data(text.utf8)
    }

    func verdict(of export: Data) throws -> AuditVerdict {
        let file = home.appending(path: UUID().uuidString)
        try export.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try AuditArchive.verify(export: file, publicKey: key.publicText)
    }
}
