import BotKit
import Foundation
import ServiceLifecycle
import TestKit
import Testing

@testable import BotCore

/// A bot, and a worker on the same store.
@Suite(.timeLimit(.minutes(1))) struct WorkerTests {
    let door = Door()
    let workersDoor = Door()

    /// - Parameter role: what it does of the work; a worker sends nothing.
    private func bot(
        over database: (any Database)? = nil, as role: JobRole = .bot, _ settings: [String: String] = [:]
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: database) { options in
            options.settings = ["QUEUE_CONCURRENCY": "1", "JOB_LEASE_SECONDS": "60"].merging(settings) { $1 }
            options.role = role
            options.responders = [
                Answerer(weighing: { _ in true }) { [door, workersDoor] turn in
                    try await (role.isWorker ? workersDoor : door).pass()
                    return [.verbatim(role.isWorker ? "by the worker" : "by the bot")]
                }
            ]
        }
    }

    @Test func `a worker does what the bot has no room for, and the bot sends it`() async throws {
        door.shut()
        // The clocks of both are moved far.
        let settings = ["JOB_LEASE_SECONDS": "3600"]
        let bot = try await bot(settings)
        let worker = try await self.bot(over: bot.database.real, as: .worker(for: { ["test:bot"] }), settings)
        try await bot.run {
            try await bot.receive(.sample("one", from: "dana"))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("two", from: "noam"))
            #expect(await eventually { bot.provider.texts.count == 2 })
            try await worker.runJobs {
                #expect(
                    await eventually {
                        worker.time.advance(by: .milliseconds(500))
                        bot.time.advance(by: .milliseconds(500))
                        return bot.provider.texts(in: .sample("noam")).last == "by the worker"
                    })
            }
            door.open()
            #expect(await eventually { bot.provider.texts(in: .sample("dana")).last == "by the bot" })
            #expect(await bot.isQuiet())
        }
        #expect(worker.provider.texts == [])
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM job") == 0)
    }

    @Test func `a worker ends what is taken out of the queue`() async throws {
        door.shut()
        workersDoor.shut()
        let settings = ["JOB_LEASE_SECONDS": "3600"]
        let bot = try await bot(settings)
        let worker = try await self.bot(over: bot.database.real, as: .worker(for: { ["test:bot"] }), settings)
        let desk = QueueDesk(database: bot.database, running: bot.underWay, time: bot.time)
        try await bot.run {
            try await bot.receive(.sample("one", from: "dana"))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("two", from: "noam"))
            #expect(await eventually { bot.provider.texts.count == 2 })
            try await worker.runJobs {
                #expect(
                    await eventually {
                        worker.time.advance(by: .milliseconds(500))
                        return workersDoor.waiting == 1
                    })
                let cancelled = try await desk.cancel(of: .sample("noam"), in: .sample("noam"))
                try await bot.database.transaction(cancelled.writes)
                #expect(
                    await eventually {
                        worker.time.advance(by: .milliseconds(500))
                        return workersDoor.waiting == 0
                    })
            }
            door.open()
            #expect(await eventually { bot.provider.texts.last == "by the bot" })
        }
        #expect(bot.provider.texts(in: .sample("noam")).count == 1)
        #expect(!worker.log.entries.contains { "\($0.message)".contains("a job failed") })
    }

    @Test func `a worker leaves accounts alone that it cannot reach, and all other jobs`() async throws {
        let bot = try await bot()
        let worker = try await self.bot(over: bot.database.real, as: .worker(for: { ["test:other"] }))
        try await bot.database.run(
            try .enqueue(
                QueuedTurn(rows: [1]), id: 1, at: .monday, of: JobOwner(.sample(), in: .sample())))
        try await bot.database.run(try .enqueue(GiveUpParked(), id: 2, at: .monday))
        try await worker.runJobs {
            for _ in 1...20 {
                worker.time.advance(by: .milliseconds(500))
                #expect(await eventually { await worker.core.jobs.isIdle(by: worker.time.now) })
            }
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE state = 'waiting'") == 2)
    }

    @Test func `what a worker left that was killed is done by the bot when the lease has ended`() async throws {
        let bot = try await bot()
        door.open()
        try await bot.receive(.sample("one", from: "dana"))
        try await bot.run {
            #expect(await eventually { bot.provider.texts.last == "by the bot" })
            try await bot.database.run("UPDATE inbox SET reason = 'queued'")
            let row = try await bot.database.rows("SELECT id FROM inbox")[0].int("id")
            try await bot.database.transaction([
                try .enqueue(
                    QueuedTurn(rows: [row]), id: row, at: bot.time.now, of: JobOwner(.sample(), in: .sample())),
                """
                UPDATE job SET state = 'running', lease_owner = 'worker x', attempts = 1,
                    lease_until = \(bot.time.now.adding(.seconds(60)))
                """,
                "DELETE FROM outbox",
            ])
            await bot.core.jobs.wake()
            await bot.pass(.seconds(59), in: 10)
            #expect(bot.provider.texts.count == 2)
            await bot.pass(.seconds(3), in: 6)
            #expect(await eventually { bot.provider.texts.count == 3 })
        }
    }
}

extension BotUnderTest {
    /// Runs the jobs alone, as a worker does, while `body` works.
    func runJobs(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in [core.jobs] + core.alertServices as [any Service] {
                group.addTask { try? await service.run() }
            }
            try await body()
            group.cancelAll()
        }
    }
}
