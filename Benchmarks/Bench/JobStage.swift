import BotCore
import BotKit
import Configuration
import Foundation
import Logging
import StoreSQLite
import Synchronization

/// How many stored jobs that do nothing the runner gets done, over a database on a disk.
struct JobStage: Stage {
    let bench: BenchSetup
    let figures = ["jobs_per_second"]

    func run() async throws -> [Figure] {
        let count = bench.count(20_000, quick: 2_000)
        let folder = try bench.makeFolder("jobs")
        let database = try SQLiteDatabase.open(folder.file("jobs.sqlite"))
        let time = SystemTime()
        _ = try await Migrator(database, CoreSchema.migrations, time: time).apply()
        let ids = RowIDs()
        try await database.transaction(
            (0..<count).map { _ in try SQL.enqueue(Nothing(), id: ids.next(at: time.now), at: time.now) })

        let tally = JobTally(count)
        let config = ConfigReader(provider: InMemoryProvider(values: [:]))
        let core = BotCore(
            features: [NothingFeature(tally: tally)], personalData: CoreSchema.personalData,
            directory: ProviderDirectory(), database: database,
            settings: BotCore.Settings(
                pipeline: try PipelineSettings(config), outbox: try OutboxSettings(config),
                jobs: try JobSettings(config), queue: try QueueSettings(config),
                access: try AccessSettings(config), audit: try AuditSettings(config),
                privacy: try PrivacySettings(config),
                limits: try LimitSettings(config), alerts: try AlertSettings(config)),
            auditKey: try AuditKey(home: folder.url), phrasebook: Phrasebook(), ids: ids,
            pseudonyms: Pseudonyms(key: [UInt8](repeating: 0, count: 32)),
            instance: "benchmarks", time: time,
            logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() })
        let span = try await withThrowingTaskGroup(of: Void.self) { group in
            let start = ContinuousClock.now
            group.addTask { try await core.jobs.run() }
            await tally.waitForAll()
            while try await database.rows("SELECT COUNT(*) AS n FROM job")[0].int("n") > 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
            let span = ContinuousClock.now - start
            group.cancelAll()
            return span
        }
        try await database.close()
        return [Figure("jobs_per_second", Double(count) / span.inSeconds, "1/s", digits: 0)]
    }
}

/// A job that does nothing.
private struct Nothing: Job {
    static let kind = "benchmarks.nothing"
}

private struct NothingHandler: JobHandler {
    let tally: JobTally
    let concurrency = 16

    func run(_ work: Nothing, at time: Date) async throws -> JobOutcome {
        tally.note()
        return .done
    }
}

private struct NothingFeature: Feature {
    static let name = "benchmarks"
    let tally: JobTally

    var jobs: [any JobHandler] { [NothingHandler(tally: tally)] }
}

/// Counts down, and tells when nothing is left.
private final class JobTally: Sendable {
    private let left: Atomic<Int>
    private let (end, signal) = AsyncStream<Void>.makeStream()

    init(_ count: Int) { left = Atomic(count) }

    func note() {
        if left.wrappingSubtract(1, ordering: .relaxed).newValue == 0 { signal.finish() }
    }

    func waitForAll() async {
        for await _ in end {}
    }
}
