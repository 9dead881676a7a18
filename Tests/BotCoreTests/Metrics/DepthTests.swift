import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct DepthTests {
    @Test func `counts what waits in memory and in the table`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["LANE_CAPACITY": "1"] }
        for text in ["a", "b", "c"] { try await bot.receive(.sample(text)) }
        #expect(await bot.core.lanes.depth == 3)
        try await bot.send("one", "two")
        #expect(try await bot.core.outbox.store.depths() == ["queued": 2])
        try await bot.run { #expect(await bot.isQuiet()) }
        #expect(await bot.core.lanes.depth == 0)
        #expect(try await bot.core.outbox.store.depths() == [:])
    }

    @Test func `counts what was there before the start`() async throws {
        let database = try await BotUnderTest()
        for text in ["a", "b"] { try await database.receive(.sample(text)) }
        let next = try await BotUnderTest(over: database.database)
        try await next.run {
            #expect(await next.isQuiet())
            #expect(await next.core.lanes.depth == 0)
        }
    }

    @Test func `tells parked replies from those that can be sent`() async throws {
        let bot = try await BotUnderTest()
        try await bot.send("one", "two")
        try await bot.database.run("UPDATE outbox SET state = 'parked' WHERE id = (SELECT MIN(id) FROM outbox)")
        #expect(try await bot.core.outbox.store.depths() == ["queued": 1, "parked": 1])
    }
}
