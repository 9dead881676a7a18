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
        #expect(try await bench.verdict() == AuditVerdict(entries: 4, sealed: 4, fault: nil))
        #expect(bench.key.storedSeals.count == 3)
        // Even the first line.
        try whole.prefix(10).write(to: bench.key.seals)
        try await bench.write(1)
        #expect(bench.key.storedSeals.count == 1)
        #expect(try await bench.fault() == nil)
    }

    @Test(arguments: [
        "created_at = created_at + 0.5", "details = CAST(details AS BLOB)", "actor = x'ff'",
        "created_at = 9223372036854775807", "created_at = 'monday'",
    ])
    func `a value that no entry is written with is named as well`(harm: String) async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        try await bench.database.run(SQL(stringLiteral: "UPDATE audit_entry SET \(harm) WHERE sequence = 5"))
        #expect(try await bench.fault() == .changed(entry: 5))
        try await bench.database.run("UPDATE audit_seal SET hash = CAST(hash AS BLOB) WHERE sequence = 2")
        #expect(try await bench.fault() == .forgedSeal(entry: 2))
    }

    @Test func `a chain that was computed anew is found when all its seals are gone`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        let kept = bench.home.appending(path: "kept.seals")
        try FileManager.default.copyItem(at: bench.key.seals, to: kept)
        try await bench.database.run("UPDATE audit_entry SET details = '{}' WHERE sequence = 4")
        try await bench.chainAnew()
        try await bench.database.run("DELETE FROM audit_seal")
        try FileManager.default.removeItem(at: bench.key.seals)
        #expect(try await bench.fault() == .endNotSealed(from: 1, to: 9))
        #expect(try await bench.fault(copy: kept) == .rewritten(entry: 4))
        // The next entry is sealed again, and covers what was forged; the copy still tells.
        try await bench.write(1)
        #expect(try await bench.fault(copy: kept) == .rewritten(entry: 4))
    }

    @Test func `an end that was cut off everywhere is found with a copy of the seals`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(9)
        try await bench.open()
        let kept = bench.home.appending(path: "kept.seals")
        // A copy may end within a line.
        try Data(contentsOf: bench.key.seals).dropLast(5).write(to: kept)
        #expect(try await bench.fault(copy: kept) == nil)
        try await bench.cutEverywhere(after: 4)
        #expect(try await bench.fault() == nil)
        #expect(try await bench.fault(copy: kept) == .cutOff(after: 4, sealed: 8))
        try Data("hello\n".utf8).write(to: kept)
        #expect(try await bench.fault(copy: kept) == .unreadable(line: 1))
        try Data().write(to: kept)
        await #expect(throws: Misconfiguration.self) { try await bench.verdict(copy: kept) }
    }

    @Test func `a file of seals that is gone is told, but for the first entry, whose seal may be under way`()
        async throws
    {
        let bench = try await AuditBench()
        defer { bench.close() }
        for (count, fault) in [(1, nil), (2, AuditFault.noSeals)] {
            try await bench.write(1)
            #expect(try await bench.verdict().entries == count)
            try Data().write(to: bench.key.seals)
            #expect(try await bench.fault() == fault)
            try FileManager.default.removeItem(at: bench.key.seals)
            #expect(try await bench.fault() == fault)
        }
    }

    @Test func `what is written during a look is no fault`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(20)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.write(60) }
            group.addTask {
                for _ in 0..<20 {
                    let verdict = try await bench.verdict()
                    #expect(verdict.fault == nil && verdict.entries >= 20, "\(verdict)")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `as many entries as AUDIT_SEAL_EVERY says may be without a seal at the end, less one`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(19, sealEvery: 10)
        #expect(try await bench.verdict(sealEvery: 10) == AuditVerdict(entries: 19, sealed: 10, fault: nil))
        #expect(try await bench.verdict(sealEvery: 9).fault == .endNotSealed(from: 11, to: 19))
    }

    @Test func `a key that is gone is not made anew, and who only looks makes none`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let file = bench.home.appending(path: "audit.key")
        let shared = bench.home.appending(path: "audit.pub")
        try Data("\(String(repeating: "0", count: 64))\n".utf8).write(to: shared)
        #expect(try AuditKey(lookingAt: bench.home).publicText == bench.key.publicText)
        #expect(try String(contentsOf: shared, encoding: .utf8).hasPrefix("0000"))
        #expect(try AuditKey(home: bench.home).publicText == bench.key.publicText)
        #expect(try String(contentsOf: shared, encoding: .utf8) == bench.key.publicText + "\n")

        try FileManager.default.removeItem(at: file)
        #expect(throws: Misconfiguration.self) { try AuditKey(lookingAt: bench.home) }
        #expect(throws: Misconfiguration.self) { try AuditKey(home: bench.home) }
        #expect(!FileManager.default.fileExists(atPath: file.path))
        try FileManager.default.removeItem(at: shared)
        #expect(throws: Misconfiguration.self) { try AuditKey(lookingAt: bench.home) }
        #expect(try AuditKey(home: bench.home).publicText != bench.key.publicText)
    }

    @Test func `an older database is found by the seals`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let older = try await AuditBench()
        defer { older.close() }
        try await bench.write(5)
        try FileManager.default.removeItem(at: older.key.seals.deletingLastPathComponent())
        let archive = AuditArchive(older.database, pseudonyms: bench.pseudonyms)
        #expect(try await archive.verify(bench.key, sealEvery: 1).fault == .cutOff(after: 0, sealed: 5))
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
