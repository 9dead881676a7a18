import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct JobRecoveryTests: JobSuite {
    let done = Recorder<String>()

    // MARK: - Leases

    @Test func `takes its own jobs back after a restart, at once`() async throws {
        let door = Door()
        door.shut()
        let first = try await bot { _, _ in
            try await door.pass()
            return .done
        }
        try await first.runAndKill {
            try await first.enqueue(Errand(name: "x"))
            #expect(await eventually { door.waiting == 1 })
        }
        #expect(try await first.jobStates() == ["running"])
        let second = try await bot(over: first.database.real)
        try await second.run { #expect(await eventually { done.values == ["x"] }) }
    }

    @Test func `takes the jobs of another back when their lease has ended`() async throws {
        let bot = try await bot(["JOB_LEASE_SECONDS": "60"])
        try await bot.enqueue(Errand(name: "x"))
        try await bot.database.run(
            "UPDATE job SET state = 'running', lease_owner = 'other', lease_until = \(Date.monday.adding(.seconds(30)))"
        )
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(20))
            #expect(done.values == [])
            await bot.pass(.seconds(60))
            #expect(await eventually { done.values == ["x"] })
        }
    }

    @Test func `does not take back what it runs itself, however far the clock jumps`() async throws {
        let door = Door()
        door.shut()
        let bot = try await bot(["JOB_LEASE_SECONDS": "60"]) { [done] name, _ in
            done.add(name)
            if name == "long" { try await door.pass() }
            return .done
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "long"))
            #expect(await eventually { door.waiting == 1 })
            for number in 1...5 {
                bot.time.advance(by: .seconds(3_600))
                try await bot.enqueue(Chore(name: "\(number)"))
                #expect(await eventually { done.values.contains("\(number)") })
            }
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(done.values == ["long", "1", "2", "3", "4", "5"])
        #expect(try await bot.jobStates() == [])
    }

    @Test func `gives up a job that ended the process each time`() async throws {
        let bot = try await bot(["JOB_MAX_ATTEMPTS": "3"])
        try await bot.enqueue(Errand(name: "poison"))
        try await bot.database.run(
            "UPDATE job SET state = 'running', attempts = 3, lease_owner = 'test', lease_until = 0")
        try await bot.run { () async throws in #expect(try await eventually { try await bot.jobStates() == ["dead"] }) }
        #expect(done.values == [])
        #expect(bot.log.alerts == ["dead_job"])
    }

    @Test func `rests when the table cannot be read, and goes on`() async throws {
        let bot = try await bot()
        bot.database.fail("SELECT id, kind FROM job", times: 3, with: .busy)
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            for _ in 1...5 { await bot.pass(.seconds(2)) }
            #expect(await eventually { done.values == ["x"] })
        }
    }

    @Test func `finishes what runs at shutdown, and begins nothing`() async throws {
        let door = Door()
        door.shut()
        let bot = try await bot(concurrency: 1) { [done] name, _ in
            try await door.pass()
            done.add(name)
            return .done
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await bot.run {
                    for name in ["a", "b"] { try await bot.enqueue(Errand(name: name)) }
                    #expect(await eventually { door.waiting == 1 })
                }
            }
            #expect(await eventually { await bot.core.jobs.signal.isClosed })
            door.open()
            try await group.waitForAll()
        }
        #expect(done.values == ["a"])
        #expect(try await bot.jobStates() == ["waiting"])
    }

    // MARK: - Schedules

    @Test func `a schedule comes back by the calendar`() async throws {
        let bot = try await bot(
            schedules: [Schedule("s", cron: "*/10 * * * *", job: Errand(name: "tick"))])
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(3_600), in: 60)
        }
        #expect(done.count == 6)
    }

    @Test func `runs that were missed are made up once`() async throws {
        let schedules = [Schedule("s", cron: "*/10 * * * *", job: Errand(name: "tick"))]
        let first = try await bot(schedules: schedules)
        try await first.run { #expect(await first.isQuiet()) }
        let second = try await bot(
            over: first.database.real, schedules: schedules, at: .monday.adding(.seconds(86_400 + 60)))
        try await second.run {
            #expect(await eventually { done.count == 1 })
            #expect(await second.isQuiet())
            await second.pass(.seconds(540))
            #expect(await eventually { done.count == 2 })
        }
    }

    @Test func `a schedule whose expression changed starts anew`() async throws {
        let first = try await bot(schedules: [Schedule("s", cron: "5 * * * *", job: Errand(name: "tick"))])
        try await first.run { #expect(await first.isQuiet()) }
        let second = try await bot(
            over: first.database.real, schedules: [Schedule("s", cron: "30 * * * *", job: Errand(name: "tick"))], )
        try await second.run {
            #expect(await second.isQuiet())
            await second.pass(.seconds(1_794), in: 6)
            #expect(done.count == 0)
            await second.pass(.seconds(6))
            #expect(await eventually { done.count == 1 })
        }
    }

    @Test func `of two processes one fires a schedule`() async throws {
        let schedules = [Schedule("s", cron: "0 10 * * *", job: Errand(name: "tick"))]
        let first = try await bot(schedules: schedules)
        try await first.run { #expect(await first.isQuiet()) }
        let store = JobStore(database: first.database, owner: "a")
        let due = try #require(try await store.schedules()["s"]?.next)
        let job = try SQL.enqueue(Errand(name: "tick"), id: 5, at: due)
        try await store.fire("s", due: due, next: due.adding(.seconds(60)), job: job)
        await #expect(throws: DatabaseError.conflict) {
            try await store.fire("s", due: due, next: due.adding(.seconds(60)), job: job)
        }
        #expect(try await first.jobStates() == ["waiting"])
    }

    @Test func `refuses to start with an expression that is none`() async throws {
        let bot = try await bot(schedules: [Schedule("s", cron: "whenever", job: Errand(name: "x"))])
        await #expect(throws: Defect.self) { try await bot.core.jobs.run() }
    }

    @Test func `a day that never comes does not keep it busy`() async throws {
        let bot = try await bot(schedules: [Schedule("s", cron: "0 0 30 2 *", job: Errand(name: "x"))])
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(86_400 * 400))
        }
        #expect(done.count == 0)
    }
}
