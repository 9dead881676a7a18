import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What waits for somebody who is blocked.
@Suite(.timeLimit(.minutes(1))) struct SilencedChatTests {
    @Test func `is not sent any more, whether it is queued, parked or between two attempts`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_RETRY_MILLISECONDS": "1000"] }
        let ledger = AccessLedger(database: bot.database, ids: bot.ids, settings: try BotUnderTest.settings().access)
        bot.provider.script(.failure(.sample(.windowClosed)), for: .sample("parked"))
        bot.provider.script(.failure(.sample(.retry(after: nil))), for: .sample("retried"))
        try await bot.run {
            try await bot.send("one", to: .sample("parked"))
            try await bot.send("two", "three", to: .sample("retried"))
            try await bot.send("four", to: .sample("other"))
            #expect(await bot.sent("four"))
            #expect(await bot.isQuiet())
            try await bot.database.transaction(ledger.silencing([.sample("parked"), .sample("retried")]))
            await bot.pass(.seconds(60), in: 10)
            try await bot.receive(.sample("hi", from: "parked", at: bot.time.now))
            #expect(await bot.sent("four", "re: hi"))
        }
        let rows = try await bot.database.rows("SELECT state, problem FROM outbox WHERE problem = 'blocked'")
        #expect(rows.count == 3)
        #expect(try rows.allSatisfy { try $0.text("state") == "dead" })
    }
}
