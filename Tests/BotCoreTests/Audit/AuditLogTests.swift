import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct AuditLogTests {
    @Test func `an entry stands with what it tells of, or neither does`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let writer = bench.writer()
        try await writer.commit(["INSERT INTO fact (text) VALUES ('a')"], recording: [bench.event(1)])
        await #expect(throws: DatabaseError.self) {
            try await writer.commit(["INSERT INTO fact (text) VALUES ('a')"], recording: [bench.event(2)])
        }
        let missing: SQL = "UPDATE fact SET text = 'b' WHERE text = 'c'"
        await #expect(throws: DatabaseError.conflict) {
            try await writer.commit([missing.requiring(rows: 1)], recording: [bench.event(3)])
        }
        let changes = try await writer.commit(
            ["INSERT INTO fact (text) VALUES ('d'), ('e')"], recording: [bench.event(4), bench.event(5)])
        #expect(changes == [2])
        let records = try await bench.archive.last(10)
        #expect(records.map(\.reference) == ["R5", "R4", "R1"])
        #expect(records.map(\.sequence) == [3, 2, 1])
        #expect(try await bench.fault() == nil)
    }

    @Test func `many writers in several processes make one chain`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let writers = (0..<3).map { _ in bench.writer() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, writer) in writers.enumerated() {
                for number in 0..<60 {
                    group.addTask {
                        try await writer.commit(
                            ["INSERT INTO fact (text) VALUES (\("\(index).\(number)"))"],
                            recording: [bench.event(number)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let verdict = try await bench.verdict()
        #expect(verdict == AuditVerdict(entries: 180, sealed: 180, fault: nil))
        #expect(try await bench.database.rows("SELECT COUNT(*) AS n FROM fact")[0].int("n") == 180)
    }

    @Test func `the store refuses to change, remove or replace an entry`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await bench.write(2)
        for attempt: SQL in [
            "UPDATE audit_entry SET details = '{}' WHERE sequence = 1", "DELETE FROM audit_entry",
            "DELETE FROM audit_seal", "UPDATE audit_seal SET hash = 'x'",
            "INSERT OR REPLACE INTO audit_entry SELECT 1, 'h', 'p', 1, 'a', 'b', 'c', 'd', 'e', 'f', '{}'",
            "INSERT INTO audit_entry SELECT 9, 'h', 'p', 1, 'a', 'b', 'c', 'd', 'e', 'f', '{}'",
        ] {
            await #expect(throws: DatabaseError.self) { try await bench.database.run(attempt) }
        }
        #expect(try await bench.verdict().entries == 2)
    }

    @Test func `people are hashes, and nothing in an entry can end a line or turn a text`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let nasty =
            "x\n{\"entry\":1}\r\u{202E}\u{2028}\"\\,\"previous\":\"0\" שלום \u{0} \(String(repeating: "y", count: 900))"
        let entry = AuditEntry(
            .accessChange, of: .member(MemberID(rawValue: "cloud:15550000002")),
            details: [nasty: nasty, "previous": "1"])
        try await bench.writer().commit(
            [], recording: [.init(entry, by: .terminal), bench.event(2)])
        let text = String(decoding: try await bench.export(), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 3)
        #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
        #expect(!text.contains("1555000000"))
        #expect(text.utf8.count < 8_000)
        #expect(try bench.verdict(of: Data(text.utf8)) == AuditVerdict(entries: 2, sealed: 2, fault: nil))
        #expect(try await bench.fault() == nil)
        for line in text.split(separator: "\n") {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
        }
    }

    @Test func `a seal covers every so many entries, and the end when the program stops`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let writer = bench.writer(sealEvery: 10)
        for number in 0..<25 { try await writer.commit([], recording: [bench.event(number)]) }
        #expect(try await bench.verdict(sealEvery: 10).sealed == 20)
        let service = Task { try await writer.run() }
        service.cancel()
        try await service.value
        #expect(try await bench.verdict() == AuditVerdict(entries: 25, sealed: 25, fault: nil))
    }

    @Test func `a privileged act fails when it cannot be recorded`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let writer = bench.writer()
        bench.database.fail("INSERT INTO audit_entry", with: .full)
        await #expect(throws: DatabaseError.full) {
            try await writer.commit(["INSERT INTO fact (text) VALUES ('a')"], recording: [bench.event(1)])
        }
        #expect(try await bench.database.rows("SELECT * FROM fact").isEmpty)
    }

    @Test func `entries are found by action, outcome, person, time and place`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        let (dana, omer) = (MemberID(rawValue: "cloud/u1"), MemberID(rawValue: "web/u2"))
        let number = try #require(PhoneNumber("15550000001"))
        let id = try #require(NetworkID("US.1349"))
        try await bench.database.run(
            """
            INSERT INTO access_identity (network, phone, member, other, created_at)
            VALUES ('cloud', \(number.digits), \(dana), NULL, 0), ('web', \(number.digits), 'web/u9', \(omer), 0)
            """)
        let writer = bench.writer()
        for (entry, actor) in [
            (AuditEntry(.roleChange, of: .number(number)), .terminal), (AuditEntry(.wipe), .member(dana)),
            (AuditEntry(.permissionDenied, .denied), .member(omer)),
            (AuditEntry(.accessChange, .failed, of: .id(id)), .member(MemberID(rawValue: "cloud/u7"))),
        ] as [(AuditEntry, AuditEntry.Party)] {
            try await writer.commit([], recording: [.init(entry, by: actor)])
            bench.time.advance(by: .seconds(60))
        }
        func found(_ filter: AuditFilter) async throws -> [Int64] {
            try await bench.archive.last(10, of: filter).map(\.sequence)
        }
        #expect(try await found(AuditFilter()) == [4, 3, 2, 1])
        #expect(try await found(AuditFilter(action: .wipe)) == [2])
        #expect(try await found(AuditFilter(outcome: .failed)) == [4])
        #expect(try await found(AuditFilter(person: .number(number))) == [3, 2, 1])
        #expect(try await found(AuditFilter(person: .member(dana))) == [2, 1])
        #expect(try await found(AuditFilter(outcome: .denied, person: .member(omer))) == [3])
        #expect(try await found(AuditFilter(person: .member(MemberID(rawValue: "cloud/u8")))) == [])
        #expect(try await found(AuditFilter(person: .id(id))) == [4])
        #expect(try await found(AuditFilter(since: .monday.addingTimeInterval(120))) == [4, 3])
        #expect(try await found(AuditFilter(since: .monday.addingTimeInterval(30), before: 4)) == [3, 2])
    }
}
