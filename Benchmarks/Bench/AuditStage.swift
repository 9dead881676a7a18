import BotCore
import BotKit
import Foundation
import Logging
import StoreSQLite

/// How fast the audit takes entries of several writers, and how fast a long one is looked over.
struct AuditStage: Stage {
    let bench: BenchSetup
    let figures = ["audit_appends_per_second", "audit_verify_1m_seconds"]

    func run() async throws -> [Figure] {
        let folder = try bench.makeFolder("audit")
        let database = try SQLiteDatabase.open(folder.file("audit.sqlite"))
        _ = try await Migrator(database, CoreSchema.migrations, time: SystemTime()).apply()
        let key = try AuditKey(home: folder.url)
        let pseudonyms = Pseudonyms(key: [UInt8](repeating: 0, count: 32))
        // Each writer knows nothing of the others, as in processes of their own.
        func writer(sealEvery: Int) -> AuditLog {
            AuditLog(
                database: database, key: key, pseudonyms: pseudonyms, sealEvery: sealEvery, time: SystemTime(),
                logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() })
        }
        let entry = AuditEntry(.configurationUpdate, details: ["setting": "language", "value": "he"])
        let event = AuditLog.Event(
            entry, by: .member(MemberID(rawValue: "cloud:15550000001")), in: ChatID(rawValue: "cloud:1:15550000001"),
            reference: "1A2B3C")

        let each = bench.count(5_000, quick: 500)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                let log = writer(sealEvery: 1)
                group.addTask { for _ in 0..<each { try await log.commit([], recording: [event]) } }
            }
            try await group.waitForAll()
        }
        let span = ContinuousClock.now - start

        let count = bench.count(1_000_000, quick: 10_000)
        let filler = writer(sealEvery: 10_000)
        for _ in 0..<(count - 4 * each) / 1_000 {
            try await filler.commit([], recording: Array(repeating: event, count: 1_000))
        }
        let look = ContinuousClock.now
        let verdict = try await AuditArchive(database, pseudonyms: pseudonyms).verify(key, sealEvery: 10_000)
        let time = ContinuousClock.now - look
        try await database.close()
        guard verdict.fault == nil, verdict.entries == count else { throw BenchmarkFailure("the audit is not whole") }
        return [
            Figure("audit_appends_per_second", Double(4 * each) / span.inSeconds, "1/s", digits: 0),
            Figure("audit_verify_1m_seconds", time.inSeconds * 1_000_000 / Double(count), "s", digits: 2),
        ]
    }
}
