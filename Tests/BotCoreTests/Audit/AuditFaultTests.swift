import BotKit
import Crypto
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What somebody with the files may do, and how it is found out.
@Suite(.timeLimit(.minutes(1))) struct AuditFaultTests {
    @Test(arguments: ["actor", "action", "outcome", "subject", "chat", "reference", "details", "created_at", "hash"])
    func `a changed value is found and named`(column: String) async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        let change = column == "created_at" ? "created_at + 1" : "\(column) || 'x'"
        try await bench.database.run(
            SQL(stringLiteral: "UPDATE audit_entry SET \(column) = \(change) WHERE sequence = 5"))
        #expect(try await bench.fault() == .changed(entry: 5))
    }

    @Test(arguments: [(1, AuditFault.missing(entry: 1)), (5, .missing(entry: 5)), (9, .cutOff(after: 8, sealed: 9))])
    func `a removed entry is found and named`(entry: Int, fault: AuditFault) async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        try await bench.database.run("DELETE FROM audit_entry WHERE sequence = \(entry)")
        // Seals are kept beside the database, too.
        try await bench.database.run("DELETE FROM audit_seal")
        #expect(try await bench.fault() == fault)
    }

    @Test func `entries that changed places are found`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        for (old, new) in [(4, -1), (5, 4), (-1, 5)] {
            try await bench.database.run("UPDATE audit_entry SET sequence = \(new) WHERE sequence = \(old)")
        }
        #expect(try await bench.fault() == .changed(entry: 4))
    }

    @Test func `a chain that was computed anew is found by its seals`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        try await bench.database.run("DELETE FROM audit_entry WHERE sequence > 3")
        try await bench.database.run("DELETE FROM audit_seal")
        // Another installation's key cannot sign for this one.
        let forger = AuditKey(.init(), seals: URL(filePath: "/dev/null"))
        let writer = AuditLog(
            database: bench.database, key: forger, pseudonyms: bench.pseudonyms, sealEvery: 1_000, time: bench.time,
            alerts: OperatorAlerts(pseudonyms: nil, logger: bench.book.logger))
        for number in 20..<26 { try await writer.commit([], recording: [bench.event(number)]) }
        #expect(try await bench.fault() == .rewritten(entry: 4))
        let line = try AuditLine(try await bench.database.rows("SELECT * FROM audit_entry WHERE sequence = 4")[0])
        let seal = try AuditSeal(line, hash: line.hash, at: bench.time.now, by: forger.key)
        try Data("\(seal.json)\n".utf8).write(to: bench.key.seals)
        #expect(try await bench.fault() == .forgedSeal(entry: 4))
    }

    @Test func `a line of the seals that was cut is no fault, and neither is the next`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(3)
        let whole = try Data(contentsOf: bench.key.seals)
        try whole.dropLast(40).write(to: bench.key.seals)
        #expect(try await bench.fault() == nil)
        try await bench.write(1)
        #expect(try await bench.archive.verify(bench.key) == AuditVerdict(entries: 4, sealed: 4, fault: nil))
        #expect(try bench.key.storedSeals().count == 3)
        // Even the first line.
        try whole.prefix(10).write(to: bench.key.seals)
        try await bench.write(1)
        #expect(try bench.key.storedSeals().count == 1)
        #expect(try await bench.fault() == nil)
    }

    @Test func `the public key is that of the key that is there`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try FileManager.default.removeItem(at: bench.home.appending(path: "audit.key"))
        let other = try AuditKey(home: bench.home)
        #expect(other.publicText != bench.key.publicText)
        let text = try String(contentsOf: bench.home.appending(path: "audit.pub"), encoding: .utf8)
        #expect(text == other.publicText + "\n")
    }

    @Test func `an older database is found by the seals`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let older = try await AuditBench()
        defer { older.close() }
        try await bench.write(5)
        try FileManager.default.removeItem(at: older.key.seals.deletingLastPathComponent())
        let archive = AuditArchive(older.database, pseudonyms: bench.pseudonyms)
        #expect(try await archive.verify(bench.key).fault == .cutOff(after: 0, sealed: 5))
    }

    @Test func `any changed byte of an export is found`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(2)
        let export = try await bench.export()
        #expect(try bench.verdict(of: export) == AuditVerdict(entries: 2, sealed: 2, fault: nil))
        // The line end behind the last line says nothing.
        for index in export.indices.dropLast() {
            var changed = export
            changed[index] ^= index.isMultiple(of: 2) ? 0x01 : 0x20
            #expect(try bench.verdict(of: changed).fault != nil, "byte \(index)")
        }
    }

    @Test func `lines of an export that are missing, doubled or swapped are found`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(4)
        let lines = try await bench.export().split(separator: UInt8(ascii: "\n")).map { Data($0) + Data("\n".utf8) }
        func fault(_ order: [Int]) throws -> AuditFault? {
            try bench.verdict(of: order.reduce(into: Data()) { $0 += lines[$1] }).fault
        }
        #expect(try fault([0, 1, 2, 3, 4]) == nil)
        #expect(try fault([1, 2, 3, 4]) == .missing(entry: 1))
        #expect(try fault([0, 1, 3, 4]) == .missing(entry: 3))
        #expect(try fault([0, 1, 2, 4]) == .cutOff(after: 3, sealed: 4))
        #expect(try fault([0, 1, 2, 3]) == .notSealed(after: 4))
        #expect(try fault([0, 2, 1, 3, 4]) == .missing(entry: 2))
        #expect(try fault([0, 1, 1, 2, 3, 4]) == .outOfOrder(entry: 2))
        #expect(try fault([4, 0, 1, 2, 3]) == .unreadable(line: 1))
    }

    @Test func `a key that is none and a file that is not there are told`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let file = bench.home.appending(path: "none.jsonl")
        #expect(throws: Misconfiguration.self) {
            try AuditArchive.verify(export: file, publicKey: bench.key.publicText)
        }
        #expect(throws: Misconfiguration.self) { try AuditArchive.verify(export: file, publicKey: "abc") }
        let text = try String(contentsOf: bench.home.appending(path: "audit.pub"), encoding: .utf8)
        #expect(text == bench.key.publicText + "\n")
    }
}
