import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// The daily look at what the audit has grown by.
@Suite struct AuditCheckTests {
    private func handler(_ bench: AuditBench) -> AuditCheckHandler {
        AuditCheckHandler(
            archive: bench.archive, key: bench.key, sealEvery: 1, store: AlertStore(database: bench.database),
            alerts: OperatorAlerts(pseudonyms: nil, logger: bench.book.logger))
    }

    private func check(_ bench: AuditBench) async throws {
        guard case .done(_, let writes, _) = try await handler(bench).run(AuditCheck(), at: bench.time.now) else {
            return
        }
        try await bench.database.transaction(writes)
    }

    /// The entry that the next look begins with.
    private func mark(_ bench: AuditBench) async throws -> Int64? {
        let anchor = try await AlertStore(database: bench.database).mark("audit").flatMap { AuditAnchor($0) }
        let hash = try await bench.archive.hash(of: anchor?.sequence ?? 0)
        #expect(anchor?.hash == hash)
        return anchor?.sequence
    }

    @Test func `goes on where it was the day before`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await check(bench)
        #expect(try await mark(bench) == nil)
        try await bench.write(5)
        try await check(bench)
        #expect(try await mark(bench) == 5)
        try await check(bench)
        try await bench.write(3)
        try await check(bench)
        #expect(try await mark(bench) == 8 && bench.book.alerts.isEmpty)
    }

    @Test(arguments: [
        ("UPDATE audit_entry SET details = '{}' WHERE sequence = 7", "entry 7 was changed"),
        ("UPDATE audit_entry SET details = '{}' WHERE sequence = 5", "entry 5 was changed"),
        ("DELETE FROM audit_entry WHERE sequence = 6", "entry 6 is missing"),
        ("DELETE FROM audit_entry WHERE sequence > 6", "it ends with entry 6"),
        ("DELETE FROM audit_entry WHERE sequence >= 5", "it ends with entry 4"),
    ])
    func `finds what was done to the new entries, and to the one it began with`(
        _ harm: String, _ finding: String
    ) async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(5)
        try await check(bench)
        try await bench.write(3)
        try await bench.open()
        try await bench.database.run(SQL(stringLiteral: harm))
        try await check(bench)
        try await expectFinding(finding, bench)
    }

    @Test func `finds that the end is gone with the entry it began with, and its seals too`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(5)
        try await check(bench)
        try await bench.open()
        try await bench.cutEverywhere(after: 2)
        #expect(try await bench.fault() == .cutOff(after: 2, sealed: 5))
        try await check(bench)
        try await expectFinding("it ends with entry 2, but entry 5 was sealed", bench)
    }

    @Test func `finds another entry in the place of the one it began with`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(5)
        try await check(bench)
        try await bench.open()
        try await bench.cutEverywhere(after: 2)
        bench.time.advance(by: .seconds(60))
        try await bench.write(6)
        #expect(try await bench.fault() == .rewritten(entry: 5))
        try await check(bench)
        try await expectFinding("entry 5 is not the one that was sealed", bench)
    }

    @Test func `goes on from the mark of an earlier version, which had no hash`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(5)
        try await bench.database.transaction([AlertStore.setting("audit", to: "3")])
        try await check(bench)
        #expect(try await mark(bench) == 5 && bench.book.alerts.isEmpty)
    }

    private func expectFinding(_ finding: String, _ bench: AuditBench) async throws {
        #expect(bench.book.alerts == ["audit_broken"])
        let problem = bench.book.entries.last?.metadata["problem"].map { "\($0)" } ?? ""
        #expect(problem.hasPrefix(finding), "\(problem)")
        let anchor = try await AlertStore(database: bench.database).mark("audit").flatMap { AuditAnchor($0) }
        #expect(anchor?.sequence == 5)
    }
}
