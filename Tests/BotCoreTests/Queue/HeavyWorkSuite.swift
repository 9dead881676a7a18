import BotKit
import Foundation
import TestKit

@testable import BotCore

/// A suite whose bots answer what begins with `big` by the queue, when the door lets them.
protocol HeavyWorkSuite {
    var door: Door { get }
    /// What the bots began with.
    var seen: Recorder<String> { get }
}

extension HeavyWorkSuite {
    static var processing: String { "Processing… I'll write to you when it's ready." }
    static var one: String { " 1 job is ahead of you." }

    func bot(
        _ settings: [String: String] = [:], over database: (any Database)? = nil,
        _ answering: (@Sendable (Turn) async throws -> Answer)? = nil
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: database) { options in
            options.settings = settings
            let answering: @Sendable (Turn) async throws -> Answer =
                answering ?? { [door, seen] turn in
                    seen.add(turn.text)
                    try await door.pass()
                    return [.verbatim("done: \(turn.text)")]
                }
            options.responders = [
                Answerer(weighing: { $0.text.hasPrefix("big") }, answering: answering)
            ]
        }
    }

    func ask(_ bot: BotUnderTest, _ text: String, from person: String = "dana") async throws {
        try await bot.receive(.sample(text, from: person, at: bot.time.now))
    }

    func rename(in bot: BotUnderTest) async throws {
        let move = IdentityMove(personalData: CoreSchema.personalData)
        try await bot.database.transaction(
            move.statements(
                of: .init(old: .sample(), new: .sample("dana2")),
                in: [.init(old: .sample(), new: .sample("dana2"))]))
    }
}
