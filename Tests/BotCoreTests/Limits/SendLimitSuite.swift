import BotKit
import Foundation
import TestKit

@testable import BotCore

/// What tests of the limits on sending share.
protocol SendLimitSuite {}

extension SendLimitSuite {
    func bot(_ settings: [String: String], over database: (any Database)? = nil, at start: Date = .monday) async throws
        -> BotUnderTest
    {
        try await BotUnderTest(over: database, at: start) { $0.settings = settings }
    }

    /// When the network took each reply, in seconds of the tests' day.
    func seconds(_ bot: BotUnderTest) -> [Double] {
        bot.provider.accepted.map { ($0.at.timeIntervalSince(.monday) * 1_000).rounded() / 1_000 }
    }
}
