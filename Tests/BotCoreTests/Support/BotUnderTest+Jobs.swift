import BotKit
import Foundation

@testable import BotCore

extension BotUnderTest {
    /// Stores a job and wakes the runner, as a turn does.
    func enqueue(_ job: some Job, in wait: Duration = .zero, priority: Int = 0, key: String? = nil) async throws {
        let at = time.now.adding(wait)
        try await database.run(try .enqueue(job, id: ids.next(at: time.now), at: at, priority: priority, key: key))
        await core.jobs.wake()
    }

    /// A bot that does errands, some at once, and chores, one at a time.
    static func working(
        _ settings: [String: String], over database: (any Database)?, concurrency: Int, schedules: [Schedule],
        at start: Date, _ running: @escaping @Sendable (String, Date) async throws -> JobOutcome
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: database, at: start) {
            $0.settings = settings
            $0.schedules = schedules
            $0.jobs = [
                TestHandler<Errand>(concurrency: concurrency) { try await running($0.name, $1) },
                TestHandler<Chore>(concurrency: 1) { try await running($0.name, $1) },
            ]
        }
    }

    /// The states of all errands and chores, oldest first.
    func jobStates() async throws -> [String] {
        try await database.rows("SELECT state FROM job WHERE kind LIKE 'test.%' ORDER BY id").map {
            try $0.text("state")
        }
    }
}
