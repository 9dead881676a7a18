import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// The limits on what goes out, when several processes send for an account over one store.
@Suite(.timeLimit(.minutes(1))) struct SharedSendLimitTests: SendLimitSuite {
    /// A limit on what two processes send over one store.
    struct Shared: CustomTestStringConvertible {
        let setting: String
        let limit: Int
        let window: Double
        /// Of how many it is stored that they went out before.
        let before: Int
        let isOneChat: Bool
        var testDescription: String { setting }
        static let all = [
            Shared(setting: "SEND_LIMIT_PER_CHAT", limit: 20, window: 60, before: 0, isOneChat: true),
            Shared(setting: "SEND_LIMIT_PER_ACCOUNT", limit: 5_000, window: 3_600, before: 4_985, isOneChat: false),
            Shared(setting: "SEND_LIMIT_STRANGERS", limit: 100, window: 3_600, before: 85, isOneChat: false),
        ]
    }

    /// Two bots over one store, with numbers of rows of their own.
    private func pair(_ settings: [String: String]) async throws -> [BotUnderTest] {
        let first = try await bot(settings)
        let second = try await bot(settings, over: first.database.real)
        second.ids.skip(past: RowIDs().next(at: .monday.adding(.seconds(86_400))))
        return [first, second]
    }

    /// Runs both while `body` works, once each has read what was stored before.
    private func run(_ bots: [BotUnderTest], _ body: () async throws -> Void) async throws {
        try await bots[0].run {
            try await bots[1].run {
                for bot in bots { #expect(await bot.isQuiet()) }
                try await body()
            }
        }
    }

    private func pass(_ bots: [BotUnderTest], _ span: Duration, in steps: Int = 1) async {
        for _ in 0..<steps {
            for bot in bots { bot.time.advance(by: span / steps) }
            for bot in bots { #expect(await bot.isQuiet()) }
        }
    }

    private func times(_ bots: [BotUnderTest]) -> [Double] { bots.flatMap { seconds($0) }.sorted() }

    @Test(arguments: Shared.all)
    func `two processes have one limit together, whichever of them sends`(_ shared: Shared) async throws {
        let bots = try await pair([shared.setting: "\(shared.limit)"])
        try await bots[0].database.storeSent(shared.before, at: .monday)
        let room = shared.limit - shared.before
        try await run(bots) {
            for number in 1...room + 4 {
                let chat = ChatID.sample(shared.isOneChat ? "dana" : "chat-\(number)")
                try await bots[number % 2].send("\(number)", to: chat)
                for bot in bots { #expect(await bot.isQuiet()) }
                await pass(bots, .seconds(1))
            }
            await pass(bots, .seconds(10), in: 10)
            #expect(times(bots).count == room)
            await pass(bots, .seconds(shared.window - 40), in: 4)
            await pass(bots, .seconds(40), in: 40)
        }
        let sent = Array(repeating: 0, count: shared.before) + times(bots)
        #expect(sent.count == shared.limit + 4)
        for (early, late) in zip(sent, sent.dropFirst(shared.limit)) { #expect(late - early >= shared.window) }
        #expect(Set(bots.flatMap(\.provider.texts)).count == room + 4)
    }

    @Test func `two processes that have much to say take turns, and keep to one limit`() async throws {
        let bots = try await pair(["SEND_LIMIT_PER_ACCOUNT": "20"])
        try await run(bots) {
            for number in 1...25 {
                try await bots[0].send("a\(number)", to: .sample("a\(number)"))
                try await bots[1].send("b\(number)", to: .sample("b\(number)"))
            }
            for bot in bots { #expect(await bot.isQuiet()) }
            await pass(bots, .seconds(60), in: 60)
            #expect(times(bots).count == 20)
            await pass(bots, .seconds(4 * 3_600), in: 480)
        }
        let sent = times(bots)
        #expect(sent.count == 50)
        for (early, late) in zip(sent, sent.dropFirst(20)) { #expect(late - early >= 3_600) }
        #expect(bots.allSatisfy { $0.log.entries.contains { "\($0.message)".contains("another process sends") } })
    }

    @Test func `a process that sends alone takes its account once, and 0 asks for none`() async throws {
        let bot = try await bot(["SEND_LIMIT_PER_CHAT": "20"])
        try await bot.run {
            for number in 1...30 { try await bot.send("\(number)", to: .sample("\(number % 5)")) }
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.count == 30)
        #expect(bot.database.count("INSERT INTO account_health (account, lease)") == 1)
        let off = try await self.bot([:])
        try await off.run {
            try await off.send("hello"); #expect(await off.sent("hello"))
        }
        #expect(off.database.count("account_health (account, lease)") == 0)
    }

    @Test func `what another process sends while an account is being taken counts`() async throws {
        let bots = try await pair(["SEND_LIMIT_PER_ACCOUNT": "1"])
        try await run(bots) {
            bots[1].database.hold("INSERT INTO account_health")
            try await bots[1].send("b", to: .sample("b"))
            #expect(await eventually { bots[1].database.count("INSERT INTO account_health") == 1 })
            try await bots[0].send("a", to: .sample("a"))
            #expect(await bots[0].sent("a"))
            bots[1].database.release()
            await pass(bots, .seconds(10), in: 10)
            #expect(times(bots).count == 1)
            await pass(bots, .seconds(3_600), in: 4)
            #expect(bots[1].provider.texts == ["b"])
        }
    }

    @Test(arguments: [(0, 1), (0.2, 1), (2, 8), (1_000_000, 60)])
    func `who lost an account rests for longer than counting takes, and not for ever`(_ span: Double, _ rest: Double) {
        var gate = AccountGate(perHour: 1)
        gate.take(under: "lease", since: .monday, at: .monday.addingTimeInterval(span))
        let told = ["another", "lease", "lease"].map { gate.lose($0, at: .monday) }
        #expect(told == [false, true, false] && gate.lease == nil)
        #expect(gate.takeAgainAt == .monday.addingTimeInterval(rest))
    }

    @Test func `what other accounts sent does not count`() async throws {
        let bot = try await bot(["SEND_LIMIT_PER_ACCOUNT": "3"])
        for (id, account) in ["test:bot2", "test:bo", "test:bot-", "web:bot"].enumerated() {
            try await bot.database.storeSent(5, by: account, at: .monday, from: id * 10 + 1)
        }
        try await bot.run {
            for number in 1...4 { try await bot.send("\(number)", to: .sample("\(number)")) }
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.count == 3)
    }

    @Test func `an account that cannot be taken is taken a little later, for all who wait`() async throws {
        let bot = try await bot(["SEND_LIMIT_PER_CHAT": "20"])
        bot.database.fail("INSERT INTO account_health", times: 2)
        try await bot.run {
            for number in 1...30 { try await bot.send("\(number)", to: .sample("\(number)")) }
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.isEmpty)
            await bot.pass(.seconds(4), in: 4)
            #expect(await eventually { bot.provider.texts.count == 30 })
        }
        #expect(bot.log.entries.count { "\($0.message)".contains("the store failed") } == 2)
    }

    @Test func `after the clock was set back, an hour that was full is no longer than an hour`() async throws {
        let settings = ["SEND_LIMIT_PER_ACCOUNT": "3"]
        let late = try await bot(settings, at: .monday.adding(.seconds(7_200)))
        try await late.run {
            for number in 1...3 { try await late.send("\(number)", to: .sample("\(number)")) }
            #expect(await late.isQuiet())
        }
        // Each that comes takes the account anew.
        for (hour, expected) in [(0, 0), (1, 1), (2, 1)] {
            let start = Date.monday.adding(.seconds(3_600 * hour))
            let bot = try await bot(settings, over: late.database.real, at: start.adding(.seconds(hour)))
            try await bot.run {
                if hour == 0 { try await bot.send("4", to: .sample("4")) }
                if hour == 2 { try await bot.send("5", to: .sample("5")) }
                #expect(await bot.isQuiet())
                #expect(bot.provider.texts.count == expected)
            }
        }
    }

    @Test func `a reply that tries whether an account goes again is none when another process has it`() async throws {
        let bots = try await pair(["SEND_LIMIT_PER_ACCOUNT": "100"])
        bots[0].provider.script(.failure(.sample(.stopAccount)))
        try await run(bots) {
            try await bots[0].send("a", to: .sample("a"))
            #expect(await bots[0].isQuiet())
            try await bots[0].send("b", to: .sample("b"))
            try await bots[1].send("c", to: .sample("c"))
            #expect(await bots[1].sent("c"))
            await pass(bots, .seconds(600), in: 10)
            await pass(bots, .seconds(5), in: 5)
            #expect(await eventually { Set(bots[0].provider.texts) == ["a", "b"] })
        }
    }
}
