import BotCore
import BotKit
import Foundation
import StoreSQLite
import Synchronization

/// How many stored jobs that do nothing the runner gets done, over a database on a disk.
struct JobStage: Stage {
    let bench: BenchSetup
    let figures = ["jobs_per_second"]

    func run() async throws -> [Figure] {
        let count = bench.count(20_000, quick: 2_000)
        let folder = try bench.makeFolder("jobs")
        let tally = JobTally(count)
        let core = try await BareCore(folder.url, NothingFeature(tally: tally))
        let (database, now) = (core.database, Date())
        try await database.transaction(
            (0..<count).map { _ in try SQL.enqueue(Nothing(), id: core.ids.next(at: now), at: now) })

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
