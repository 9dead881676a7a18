import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct JobRunnerTests: JobSuite {
    let done = Recorder<String>()

    @Test func `runs a job when it is due, once`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await bot.enqueue(Errand(name: "now"))
            try await bot.enqueue(Errand(name: "later"), in: .seconds(100))
            #expect(await eventually { done.values == ["now"] })
            await bot.pass(.seconds(99))
            #expect(done.values == ["now"])
            await bot.pass(.seconds(1))
            #expect(await eventually { done.values == ["now", "later"] })
            await bot.pass(.seconds(1_000))
        }
        #expect(done.count == 2)
        #expect(try await bot.jobStates() == [])
    }

    @Test func `what a job says and writes becomes true with its end`() async throws {
        let write: SQL = "INSERT INTO schedule (name, cron, next_at) VALUES ('w', 'x', 0)"
        let bot = try await bot { _, _ in
            .done(deliveries: [Delivery(to: .sample(), in: .hebrew, [.text(.no), .verbatim("b")])], writes: [write])
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "say"))
            #expect(await bot.sent("לא.", "b"))
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM schedule WHERE name = 'w'") == 1)
    }

    @Test func `tries again with a back-off that doubles, then keeps a dead letter and alerts`() async throws {
        let times = Recorder<Double>()
        let references = Recorder<String>()
        let bot = try await bot(["JOB_MAX_ATTEMPTS": "4", "JOB_RETRY_MILLISECONDS": "1000"]) { _, time in
            references.add(TurnReference.current ?? "none")
            times.add(time.timeIntervalSince(.monday))
            throw Outage("test", "down")
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            #expect(await bot.isQuiet())
            for _ in 1...200 { await bot.pass(.milliseconds(50)) }
        }
        #expect(times.count == 4)
        for (index, base) in [1.0, 2, 4].enumerated() {
            let wait = times.values[index + 1] - times.values[index]
            #expect(wait >= base / 2 && wait <= base + 0.05, "wait \(index) is \(wait)")
        }
        #expect(bot.log.alerts == ["dead_job"])
        let letter = try #require(try await bot.database.deadLetters().first)
        #expect(letter.sort == "job" && letter.kind == "test.errand" && letter.problem == "test: down")
        #expect(letter.attempts == 4)
        #expect(Set(references.values) == [letter.reference])
    }

    @Test func `one that wants to run again does, and counts anew`() async throws {
        let bot = try await bot(["JOB_MAX_ATTEMPTS": "2"]) { [done] name, _ in
            done.add(name)
            return done.count < 5 ? .again(after: .seconds(10)) : .done
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(50), in: 5)
        }
        #expect(done.count == 5)
        #expect(try await bot.jobStates() == [])
    }

    @Test func `one that gives up, and one that the member must mend, are not tried again`() async throws {
        let bot = try await bot { [done] name, _ in
            done.add(name)
            if name == "refusal" { throw Refusal(.no, reason: "test") }
            return .giveUp("hopeless")
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "giveUp"))
            try await bot.enqueue(Errand(name: "refusal"))
            #expect(try await eventually { try await bot.jobStates() == ["dead", "dead"] })
            await bot.pass(.seconds(10_000))
        }
        #expect(done.count == 2)
        #expect(Set(try await bot.database.deadLetters().map(\.problem)) == ["hopeless", "refused: test"])
    }

    @Test func `one that fails by our own fault is not tried again`() async throws {
        let bot = try await bot { [done] name, _ in
            done.add(name)
            throw Defect("of our own making")
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            #expect(try await eventually { try await bot.jobStates() == ["dead"] })
            await bot.pass(.seconds(10_000))
        }
        #expect(done.count == 1)
        #expect(bot.log.alerts == ["dead_job"])
        #expect(try await bot.database.deadLetters().map(\.problem) == ["of our own making"])
    }

    @Test func `one whose end cannot be stored, by its own fault, becomes a dead letter too`() async throws {
        let write: SQL = "INSERT INTO schedule (name, cron, next_at) VALUES (NULL, 'x', 0)"
        let bot = try await bot { [done] name, _ in
            done.add(name)
            return .done(writes: [write])
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            #expect(try await eventually { try await bot.jobStates() == ["dead"] })
        }
        #expect(done.count == 1)
        #expect(bot.log.alerts == ["dead_job"])
    }

    @Test func `one that met a change by somebody else is tried again`() async throws {
        let claim: SQL = "UPDATE schedule SET cron = 'mine' WHERE name = 'w'"
        let bot = try await bot { [done] name, _ in
            done.add(name)
            return .done(writes: [claim.requiring(rows: 1)])
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            #expect(try await eventually { try await bot.jobStates() == ["waiting"] && done.count == 1 })
            try await bot.database.run("INSERT INTO schedule (name, cron, next_at) VALUES ('w', 'x', 0)")
            await bot.pass(.seconds(4), in: 8)
        }
        #expect(try await bot.jobStates() == [])
        #expect(done.count == 2)
        #expect(bot.log.alerts == [])
    }

    @Test(arguments: unreadablePayloads)
    func `one that cannot be read becomes a dead letter at once, and keeps no other back`(_ payload: SQLValue)
        async throws
    {
        let bot = try await bot()
        for name in ["1", "2", "3"] { try await bot.enqueue(Errand(name: name)) }
        try await bot.database.run("UPDATE job SET payload = \(payload) WHERE payload LIKE '%2%'")
        try await bot.run { #expect(await bot.isQuiet()) }
        #expect(Set(done.values) == ["1", "3"])
        #expect(try await bot.jobStates() == ["dead"])
        #expect(bot.log.alerts == ["dead_job"])
        #expect(try await bot.database.deadLetters().map(\.attempts) == [1])
    }

    // MARK: - Side by side

    @Test func `runs each kind within its own bound, and all within theirs`() async throws {
        let (door, errands, chores) = (Door(), Gauge(), Gauge())
        door.shut()
        let bot = try await BotUnderTest {
            $0.settings = ["JOB_CONCURRENCY": "6"]
            $0.jobs = [
                TestHandler<Errand>(concurrency: 3) { _, _ in
                    try await errands.pass(door)
                    return .done
                },
                TestHandler<Chore>(concurrency: 1) { _, _ in
                    try await chores.pass(door)
                    return .done
                },
            ]
        }
        for number in 1...10 {
            try await bot.enqueue(Errand(name: "\(number)"))
            try await bot.enqueue(Chore(name: "\(number)"))
        }
        try await bot.run {
            #expect(await eventually { door.waiting == 4 })
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(errands.most == 3)
        #expect(chores.most == 1)
        #expect(try await bot.jobStates() == [])
    }

    @Test func `rests while as many run as may`() async throws {
        let door = Door()
        door.shut()
        let bot = try await bot(["JOB_CONCURRENCY": "2"]) { _, _ in
            try await door.pass()
            return .done
        }
        for number in 1...5 { try await bot.enqueue(Errand(name: "\(number)")) }
        try await bot.run {
            #expect(await eventually { door.waiting == 2 })
            let looks = bot.database.count("FROM job")
            // Others have time to do a lot meanwhile.
            for _ in 1...300 { _ = try await bot.inboxStates() }
            #expect(bot.database.count("FROM job") - looks <= 4)
            door.open()
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.jobStates() == [])
    }

    @Test func `takes many at once, not one after the other`() async throws {
        let bot = try await bot(concurrency: 16)
        for number in 1...64 { try await bot.enqueue(Errand(name: "\(number)")) }
        try await bot.run { #expect(await eventually { done.count == 64 }) }
        #expect(bot.database.count("RETURNING id, kind, payload") <= 40)
    }

    @Test func `the urgent go first, then those that are due longest`() async throws {
        let bot = try await bot(["JOB_CONCURRENCY": "1"])
        bot.time.advance(by: .seconds(100))
        try await bot.enqueue(Errand(name: "normal, new"))
        try await bot.enqueue(Errand(name: "normal, old"), in: .seconds(-50))
        try await bot.enqueue(Errand(name: "urgent"), priority: 10)
        try await bot.enqueue(Errand(name: "idle"), in: .seconds(-90), priority: -1)
        try await bot.enqueue(Errand(name: "urgent, later"), in: .seconds(5), priority: 10)
        try await bot.run {
            #expect(await eventually { done.count == 4 })
            await bot.pass(.seconds(5))
        }
        #expect(done.values == ["urgent", "normal, old", "normal, new", "idle", "urgent, later"])
    }

    @Test func `finds what is due among very many that are not`() async throws {
        let bot = try await bot()
        try await bot.database.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
            INSERT INTO job (id, kind, payload, run_at, state, created_at)
            SELECT i, 'test.errand', '{"name":"later"}', \(Date.monday.adding(.seconds(86_400))), 'waiting', 0 FROM n
            """)
        let plan = try await bot.database.rows(
            """
            EXPLAIN QUERY PLAN SELECT id, kind FROM job WHERE state = 'waiting' AND is_heavy = 0 AND priority = 0
                AND run_at <= 5 AND kind IN ('a', 'b') ORDER BY run_at, id LIMIT 5
            """)
        #expect(try plan.map { try $0.text("detail") } == ["SEARCH job USING INDEX job_due (priority=? AND run_at<?)"])
        try await bot.run {
            for number in 1...20 {
                try await bot.enqueue(Errand(name: "\(number)"))
                #expect(await eventually { done.count == number })
            }
        }
    }

    // MARK: - Keys

    @Test func `a second job with the key of one that waits is not stored`() async throws {
        let bot = try await bot()
        for name in ["first", "second"] { try await bot.enqueue(Errand(name: name), key: "k") }
        try await bot.enqueue(Errand(name: "other"), key: "l")
        try await bot.enqueue(Chore(name: "chore"), key: "k")
        try await bot.run { #expect(await eventually { done.count == 3 }) }
        #expect(Set(done.values) == ["first", "other", "chore"])
    }

    @Test func `a key is free again while its job runs, and a job that comes back lets the newer keep it`() async throws
    {
        let door = Door()
        door.shut()
        let bot = try await bot { [done] name, _ in
            done.add(name)
            if name == "first" && done.count == 1 {
                try await door.pass()
                return .again(after: .seconds(10))
            }
            return .done
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "first"), key: "k")
            #expect(await eventually { door.waiting == 1 })
            try await bot.enqueue(Errand(name: "second"), in: .seconds(5), key: "k")
            door.open()
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(20), in: 20)
        }
        #expect(done.values == ["first", "second", "first"])
    }

    @Test func `jobs with one key that come back together do not stand in each other's way`() async throws {
        let bot = try await bot()
        for name in ["a", "b", "c"] {
            try await bot.enqueue(Errand(name: name), key: "k")
            try await bot.database.run(
                "UPDATE job SET state = 'running', lease_owner = 'test', lease_until = 0 WHERE state = 'waiting'")
        }
        try await bot.run { #expect(await eventually { done.count == 3 }) }
    }
}
