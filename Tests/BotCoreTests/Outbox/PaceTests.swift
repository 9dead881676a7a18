import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct PaceTests {
    private func pace(_ milliseconds: Int, burst: Int) throws -> Pace {
        try #require(Pace(interval: .milliseconds(milliseconds), burst: burst))
    }

    /// Milliseconds from the start to each send.
    private func times(_ bot: BotUnderTest, in chat: ChatID? = nil) -> [Int] {
        bot.provider.sendings.filter { chat == nil || $0.message.chat == chat }.map {
            Int(($0.at.timeIntervalSince(.monday) * 1_000).rounded())
        }
    }

    @Test func `a meter lets a burst through and then keeps the interval`() throws {
        var meter = PaceMeter<String>()
        let pace = try pace(1_000, burst: 3)
        for _ in 1...3 {
            #expect(meter.earliest(for: "a", by: pace, at: .monday) == .monday)
            meter.spend("a", by: pace, at: .monday)
        }
        #expect(meter.earliest(for: "a", by: pace, at: .monday) == .monday.addingTimeInterval(1))
        #expect(meter.earliest(for: "b", by: pace, at: .monday) == .monday)
        // Two seconds of rest are worth two messages, an hour no more than the burst.
        let later = Date.monday.addingTimeInterval(3_600)
        for _ in 1...3 { meter.spend("a", by: pace, at: later) }
        #expect(meter.earliest(for: "a", by: pace, at: later) == later.addingTimeInterval(1))
    }

    @Test func `a meter forgets those that have rested`() throws {
        var meter = PaceMeter<Int>()
        let pace = try pace(1_000, burst: 1)
        for key in 0..<50_000 { meter.spend(key, by: pace, at: .monday.addingTimeInterval(Double(key))) }
        #expect(meter.count <= 20_001)
    }

    @Test func `an interval of 0 is no pace`() {
        #expect(Pace(interval: .zero, burst: 5) == nil)
        #expect(Pace(interval: .seconds(1), burst: 0)?.burst == 1)
    }

    @Test func `a gate gives each who waits a place of their own, in order`() throws {
        var gate = AccountGate()
        let pace = try pace(100, burst: 1)
        #expect(gate.place(for: "a:b", by: pace, at: .monday) == .monday)
        gate.spend("a:b", by: pace, at: .monday)
        let places = (1...5).map { _ in gate.place(for: "a:b", by: pace, at: .monday) }
        for (index, place) in places.enumerated() {
            #expect(abs(place.timeIntervalSince(.monday) - Double(index + 1) * 0.1) < 0.000_1)
        }
        // Who comes later stands behind them, even if the account is free at that moment.
        let later = Date.monday.addingTimeInterval(0.25)
        #expect(gate.place(for: "a:b", by: pace, at: later) > places[4])
    }

    @Test func `a gate that was held slows down, and recovers with success`() throws {
        var gate = AccountGate()
        let pace = try pace(1_000, burst: 1)
        gate.hold(until: .monday.addingTimeInterval(30), at: .monday)
        #expect(gate.earliest(for: "a:b", by: nil, at: .monday) == .monday.addingTimeInterval(30))
        let free = Date.monday.addingTimeInterval(30)
        gate.spend("a:b", by: pace, at: free)
        #expect(gate.earliest(for: "a:b", by: pace, at: free) == free.addingTimeInterval(2))
        for _ in 1...200 { gate.noteSuccess() }
        let later = free.addingTimeInterval(60)
        gate.spend("a:b", by: pace, at: later)
        #expect(gate.earliest(for: "a:b", by: pace, at: later) == later.addingTimeInterval(1))
        // A shorter hold does not end a longer one.
        gate.hold(until: later.addingTimeInterval(100), at: later)
        gate.hold(until: later.addingTimeInterval(10), at: later)
        #expect(gate.heldUntil == later.addingTimeInterval(100))
    }

    @Test func `keeps the pace of a chat exactly`() async throws {
        let pace = try pace(6_000, burst: 2)
        let bot = try await BotUnderTest { $0.abilities.chatPace = pace }
        try await bot.run {
            for number in 1...6 { try await bot.send("\(number)") }
            try await bot.send("other", to: .sample("omer"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(24), in: 240)
            #expect(await eventually { bot.provider.texts.count == 7 })
        }
        #expect(times(bot, in: .sample()) == [0, 0, 6_000, 12_000, 18_000, 24_000])
        #expect(times(bot, in: .sample("omer")) == [0])
        #expect(bot.provider.texts(in: .sample()) == (1...6).map { "\($0)" })
    }

    @Test func `keeps the pace of an account exactly, and serves chats in the order in which they came`() async throws {
        let pace = try pace(100, burst: 3)
        let bot = try await BotUnderTest { $0.abilities.accountPace = pace }
        try await bot.run {
            for person in 0..<20 {
                try await bot.send("\(person)", to: .sample("p\(person)"))
                #expect(await bot.isQuiet())
            }
            await bot.pass(.seconds(2), in: 200)
            #expect(await eventually { bot.provider.texts.count == 20 })
        }
        #expect(times(bot) == [0, 0, 0] + (1...17).map { $0 * 100 })
        #expect(bot.provider.texts == (0..<20).map { "\($0)" })
    }

    @Test func `a busy chat does not take the places of others`() async throws {
        let pace = try pace(100, burst: 1)
        let bot = try await BotUnderTest { $0.abilities.accountPace = pace }
        try await bot.run {
            for number in 0..<50 { try await bot.send("busy \(number)", to: .sample("busy")) }
            #expect(await bot.isQuiet())
            try await bot.send("patient", to: .sample("patient"))
            await bot.pass(.milliseconds(300), in: 30)
            #expect(await eventually { bot.provider.texts.count == 4 })
        }
        #expect(bot.provider.texts.contains("patient"))
    }

    @Test func `without a pace everything goes at once`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            for number in 1...50 { try await bot.send("\(number)") }
            #expect(await eventually { bot.provider.texts.count == 50 })
        }
        #expect(Set(times(bot)) == [0])
    }
}
