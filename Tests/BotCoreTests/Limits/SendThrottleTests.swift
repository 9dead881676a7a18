import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct SendThrottleTests {
    /// One minute of sends.
    private func minute(_ number: Int, _ sends: Int, failing failures: Int, _ throttle: inout SendThrottle) -> Int {
        let start = Date.monday.addingTimeInterval(Double(number) * 60)
        for index in 0..<sends { throttle.note(failed: index < failures, at: start.addingTimeInterval(1)) }
        throttle.look(at: start.addingTimeInterval(61))
        return throttle.level
    }

    @Test func `rises by one with each bad minute to five, and falls by one with each good one`() {
        var throttle = SendThrottle()
        let rising = (0..<7).map { minute($0, 10, failing: 2, &throttle) }
        #expect(rising == [1, 2, 3, 4, 5, 5, 5])
        let falling = (7..<14).map { minute($0, 200, failing: 1, &throttle) }
        #expect(falling == [4, 3, 2, 1, 0, 0, 0])
    }

    @Test(arguments: [(10, 1, 0), (10, 2, 1), (9, 9, 0), (100, 10, 0), (100, 11, 1)])
    func `rises when more than a tenth of ten or more fail`(sends: Int, failures: Int, level: Int) {
        var throttle = SendThrottle()
        #expect(minute(0, sends, failing: failures, &throttle) == level)
    }

    @Test(arguments: [(100, 1, 2), (101, 1, 1), (5, 0, 1), (5, 1, 2), (0, 0, 1)])
    func `falls when fewer than a hundredth fail`(sends: Int, failures: Int, level: Int) {
        var throttle = SendThrottle(level: 2, since: .monday)
        for index in 0..<sends { throttle.note(failed: index < failures, at: .monday.addingTimeInterval(1)) }
        throttle.look(at: .monday.addingTimeInterval(60))
        #expect(throttle.level == level)
    }

    @Test func `looks no sooner than after a minute, and falls in rest`() {
        var throttle = SendThrottle()
        for _ in 1...20 { throttle.note(failed: true, at: .monday) }
        throttle.look(at: .monday.addingTimeInterval(59.999))
        #expect(throttle.level == 0)
        throttle.look(at: .monday.addingTimeInterval(60))
        #expect(throttle.level == 1)
        for _ in 1...20 { throttle.note(failed: true, at: .monday.addingTimeInterval(60)) }
        throttle.look(at: .monday.addingTimeInterval(120))
        #expect(throttle.level == 2)
        throttle.look(at: .monday.addingTimeInterval(239.999))
        #expect(throttle.level == 1)
        throttle.look(at: .monday.addingTimeInterval(240))
        #expect(throttle.level == 0)
    }

    @Test func `a message that fails on its way counts once`() {
        var throttle = SendThrottle()
        for _ in 1...10 { throttle.note(failed: false, at: .monday) }
        for _ in 1...2 { throttle.noteLateFailure(at: .monday.addingTimeInterval(5)) }
        throttle.look(at: .monday.addingTimeInterval(60))
        #expect(throttle.level == 1)
    }

    @Test func `a clock that is set back changes nothing`() {
        var throttle = SendThrottle()
        for _ in 1...10 { throttle.note(failed: true, at: .monday) }
        throttle.move(by: -3_600)
        throttle.look(at: .monday.addingTimeInterval(-3_540))
        #expect(throttle.level == 1)
    }

    @Test func `each reply waits a second for each level, one after the other, over a restart too`() async throws {
        let settings = ["SEND_SLOWDOWN_MILLISECONDS": "1000"]
        let first = try await BotUnderTest { $0.settings = settings }
        first.provider.script(
            .failure(.sample(.retry(after: .seconds(600)))), .failure(.sample(.retry(after: .seconds(600)))))
        try await first.run {
            for person in 1...10 { try await first.send("\(person)", to: .sample("p\(person)")) }
            #expect(await eventually { first.provider.sendings.count == 10 })
            #expect(await first.isQuiet())
            await first.pass(.seconds(60))
            for person in ["a", "b"] { try await first.send(person, to: .sample(person)) }
            #expect(await first.isQuiet())
            await first.pass(.milliseconds(999))
            #expect(first.provider.sendings.count == 10)
            await first.pass(.milliseconds(1))
            #expect(first.provider.sendings.count == 11)
            await first.pass(.milliseconds(999))
            #expect(first.provider.sendings.count == 11)
            await first.pass(.milliseconds(1))
            #expect(first.provider.sendings.count == 12)
            #expect(await first.core.outbox.slowdownLevel(of: "test:bot") == 1)
        }
        let second = try await BotUnderTest(over: first.database.real, at: .monday.adding(.seconds(90))) {
            $0.settings = settings
        }
        try await second.run {
            try await second.send("c", to: .sample("c"))
            #expect(await second.isQuiet())
            await second.pass(.milliseconds(999))
            #expect(second.provider.texts == [])
            await second.pass(.milliseconds(1))
            #expect(await second.sent("c"))
            await second.pass(.seconds(60))
            try await second.send("d", to: .sample("d"))
            #expect(await second.sent("c", "d"))
            #expect(await second.core.outbox.slowdownLevel(of: "test:bot") == 0)
        }
    }

    @Test(arguments: [(2, 1), (1, 0)])
    func `what the network refuses for good counts, and what it took counts beside it`(
        _ refused: Int, _ level: Int
    ) async throws {
        let bot = try await BotUnderTest { $0.settings = ["SEND_SLOWDOWN_MILLISECONDS": "1000"] }
        for _ in 0..<refused { bot.provider.script(.failure(.sample(.giveUp))) }
        try await bot.run {
            for person in 1...11 { try await bot.send("\(person)", to: .sample("p\(person)")) }
            #expect(await eventually { bot.provider.sendings.count == 11 })
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(60))
            #expect(await bot.core.outbox.slowdownLevel(of: "test:bot") == level)
        }
    }

    @Test func `0 turns it off`() async throws {
        let bot = try await BotUnderTest()
        for _ in 1...15 { bot.provider.script(.failure(.sample(.giveUp))) }
        try await bot.run {
            for person in 1...15 { try await bot.send("\(person)", to: .sample("p\(person)")) }
            #expect(await eventually { bot.provider.sendings.count == 15 })
            await bot.pass(.seconds(60))
            try await bot.send("a")
            #expect(await bot.sent("a"))
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM account_health") == 0)
    }
}
