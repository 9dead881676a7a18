import BotKit
import Foundation
import TestKit

@testable import BotCore

/// A suite whose bots do errands, some at once, and chores, one at a time.
protocol JobSuite {
    /// The names of what was done, unless a test does the work itself.
    var done: Recorder<String> { get }
}

extension JobSuite {
    func bot(
        _ settings: [String: String] = [:], over database: (any Database)? = nil, concurrency: Int = 4,
        schedules: [Schedule] = [], at start: Date = .monday,
        _ running: (@Sendable (String, Date) async throws -> JobOutcome)? = nil
    ) async throws -> BotUnderTest {
        let running =
            running ?? { [done] name, _ in
                done.add(name)
                return .done
            }
        return try await BotUnderTest(over: database, at: start) {
            $0.settings = settings
            $0.schedules = schedules
            $0.jobs = [
                TestHandler<Errand>(concurrency: concurrency) { try await running($0.name, $1) },
                TestHandler<Chore>(concurrency: 1) { try await running($0.name, $1) },
            ]
        }
    }
}

extension BotUnderTest {
    /// Stores a job and wakes the runner, as a turn does.
    func enqueue(_ job: some Job, in wait: Duration = .zero, priority: Int = 0, key: String? = nil) async throws {
        let at = time.now.adding(wait)
        try await database.run(try .enqueue(job, id: ids.next(at: time.now), at: at, priority: priority, key: key))
        await core.jobs.wake()
    }

    /// The states of all errands and chores, oldest first.
    func jobStates() async throws -> [String] {
        try await database.rows("SELECT state FROM job WHERE kind LIKE 'test.%' ORDER BY id").map {
            try $0.text("state")
        }
    }
}
