import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Words that are stored no longer than they must be.
@Suite(.timeLimit(.minutes(1))) struct SecretReplyTests {
    @Test func `a secret goes out, and is stored until the network took it`() async throws {
        let bot = try await BotUnderTest {
            $0.responders = [
                Answerer(accepting: { _ in true }) { _ in
                    let words = Text("test.secret", en: "It is {word}.", he: "זה {word}.")
                    return [.text(words.with(["word": "s3same"]), secret: "s3same")]
                }
            ]
        }
        bot.provider.script(.failure(.sample(.retry(after: .seconds(5)))))
        func stored() async throws -> String {
            try await bot.database.rows("SELECT payload FROM outbox")[0].text("payload")
        }
        try await bot.run {
            try await bot.receive(.sample("open"))
            #expect(await eventually { bot.provider.sendings.count == 1 })
            #expect(try await stored().contains("It is s3same."))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(6))
            #expect(await bot.sent("It is s3same."))
            #expect(await bot.isQuiet())
            let kept = try await stored()
            #expect(kept.contains("It is ***.") && !kept.contains("s3same"))
        }
    }
}
