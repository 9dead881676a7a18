import BotKit
import Foundation
import ServiceLifecycle
import Testing
import TestKit

@testable import BotCore

/// What the audit is told of requests whose senders did not prove themselves.
@Suite(.timeLimit(.minutes(1))) struct ForgeryRecordTests {
    private func entries(_ bench: AuditBench) async throws -> [String] {
        try await bench.database.rows("SELECT * FROM audit_entry ORDER BY sequence").map {
            try "\($0.text("action")) \($0.text("outcome")) \($0.text("actor")) \($0.text("details"))"
        }
    }

    private func line(_ requests: Int) -> String {
        #"WEBHOOK_REFUSED denied unknown {"path":"/webhook/cloud","requests":"\#(requests)"}"#
    }

    /// Runs the record while `body` works, and shuts it down in the end.
    private func running(
        _ bench: AuditBench, _ body: @escaping @Sendable (ForgeryRecord) async throws -> Void
    ) async throws {
        let record = ForgeryRecord(audit: bench.writer(), time: bench.time, logger: bench.book.logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: record)], logger: bench.book.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(record)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `the first is told at once, and a flood costs an entry in ten minutes`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await running(bench) { (record: ForgeryRecord) async throws in
            record.note("/webhook/cloud")
            #expect(try await eventually { try await entries(bench) == [line(1)] })
            for round in 1...3 {
                for _ in 1...500 { record.note("/webhook/cloud") }
                #expect(await eventually { !bench.time.wakeTimes.isEmpty })
                #expect(try await entries(bench).count == round)
                bench.time.advance(by: ForgeryRecord.interval)
                #expect(try await eventually { try await entries(bench).count == round + 1 })
            }
            #expect(try await entries(bench) == [line(1), line(500), line(500), line(500)])
            // Nothing came: nothing is written, and the next one is told at once again.
            #expect(await eventually { !bench.time.wakeTimes.isEmpty })
            bench.time.advance(by: ForgeryRecord.interval)
            #expect(await eventually { bench.time.wakeTimes.isEmpty })
            record.note("/webhook/cloud")
            #expect(try await eventually { try await entries(bench).count == 5 })
        }
        #expect(try await bench.fault() == nil)
    }

    @Test func `what is left is told when the bot stops`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        try await running(bench) { (record: ForgeryRecord) async throws in
            record.note("/webhook/cloud")
            #expect(await eventually { !bench.time.wakeTimes.isEmpty })
            for _ in 1...7 { record.note("/webhook/cloud") }
        }
        #expect(try await entries(bench) == [line(1), line(7)])
    }

    @Test func `what cannot be recorded is counted by the next entry`() async throws {
        let bench = try await AuditBench()
        defer { bench.close() }
        bench.database.fail("INSERT INTO audit_entry")
        try await running(bench) { (record: ForgeryRecord) async throws in
            record.note("/webhook/cloud")
            #expect(await eventually { !bench.time.wakeTimes.isEmpty })
            #expect(try await entries(bench) == [])
            record.note("/webhook/cloud")
            bench.time.advance(by: ForgeryRecord.interval)
            #expect(try await eventually { try await entries(bench) == [line(2)] })
        }
    }
}
