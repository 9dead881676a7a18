import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Jobs, their calendar and their leases when the clock is set back by an hour, and forth.
@Suite(.timeLimit(.minutes(1))) struct JobClockTests: JobSuite {
    let done = Recorder<String>()

    /// Sets the clock, and has the runner look at it: by the machine's clock it looks at least once in a lease's time.
    private func set(_ bot: BotUnderTest, by seconds: Int) async throws {
        bot.time.advance(by: .seconds(seconds))
        await bot.core.jobs.wake()
        #expect(await bot.isQuiet())
    }

    @Test func `what comes every few minutes goes on coming`() async throws {
        let bot = try await bot(schedules: [Schedule("s", cron: "*/10 * * * *", job: Errand(name: "tick"))])
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(3_600), in: 60)
            #expect(done.count == 6)
            try await set(bot, by: -3_600)
            #expect(done.count == 6)
            await bot.pass(.seconds(3_600), in: 60)
            #expect(done.count == 12)
            // Missed runs become one.
            try await set(bot, by: 3_600)
            #expect(await eventually { done.count == 13 })
        }
        #expect(bot.log.entries.count { "\($0.message)".contains("the clock was set back") } == 1)
    }

    @Test func `what comes once a day comes once`() async throws {
        // It is nine o'clock.
        let bot = try await bot(schedules: [Schedule("s", cron: "30 9 * * *", job: Errand(name: "daily"))])
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(3_600), in: 4)
            #expect(done.count == 1)
            try await set(bot, by: -3_600)
            await bot.pass(.seconds(7_200), in: 8)
            #expect(done.count == 1)
            await bot.pass(.seconds(86_400), in: 96)
            #expect(done.count == 2)
        }
    }

    @Test func `a calendar of a later clock is none after a restart`() async throws {
        let schedules = [Schedule("s", cron: "*/10 * * * *", job: Errand(name: "tick"))]
        let first = try await bot(schedules: schedules)
        try await first.run { #expect(await first.isQuiet()) }
        let second = try await bot(
            over: first.database.real, schedules: schedules, at: .monday.adding(.seconds(-3_600)))
        try await second.run {
            #expect(await second.isQuiet())
            await second.pass(.seconds(1_200), in: 20)
            #expect(done.count == 2)
        }
    }

    @Test func `what failed is tried again in its time, and what is meant for an hour keeps it`() async throws {
        let bot = try await bot(["JOB_RETRY_MILLISECONDS": "1000"]) { [done] name, _ in
            done.add(name)
            if done.count == 1 { throw Outage("test", "down") }
            return .done
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "failing"))
            #expect(await eventually { done.count == 1 })
            #expect(await bot.isQuiet())
            try await bot.enqueue(Errand(name: "at ten"), in: .seconds(3_600))
            try await set(bot, by: -3_600)
            await bot.pass(.seconds(10), in: 10)
            #expect(done.values == ["failing", "failing"])
            await bot.pass(.seconds(7_180), in: 20)
            #expect(done.count == 2)
            await bot.pass(.seconds(20))
            #expect(await eventually { done.values.last == "at ten" })
        }
    }

    @Test func `the lease of who is gone ends, and who lives has time to renew it`() async throws {
        let bot = try await bot(["JOB_LEASE_SECONDS": "60"])
        for name in ["gone", "alive"] { try await bot.enqueue(Errand(name: name)) }
        // Taken under a clock that showed an hour more.
        try await bot.database.run(
            """
            UPDATE job SET state = 'running', attempts = 1, lease_owner = 'other',
                lease_until = \(Date.monday.adding(.seconds(3_660)))
            """)
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(50))
            let renewed = bot.time.now.adding(.seconds(60))
            try await bot.database.run("UPDATE job SET lease_until = \(renewed) WHERE payload LIKE '%alive%'")
            #expect(done.values == [])
            try await set(bot, by: 15)
            #expect(await eventually { done.values == ["gone"] })
            await bot.pass(.seconds(120), in: 2)
            #expect(await eventually { done.values == ["gone", "alive"] })
        }
    }
}
