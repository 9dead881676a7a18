import BotKit
import Foundation
import Synchronization

/// Until when it need not be looked up again whether a chat is to be asked for its consent. Every answer of a model
/// wants to know; what the store would say to it changes seldom.
final class ConsentRests: Sendable {
    private struct Rest {
        let start: Date
        let end: Date
    }
    /// How many chats are remembered.
    private static let room = 20_000
    /// What a chat is joined with may be older than itself.
    private static let longest: TimeInterval = 86_400
    private let rests = Mutex<[ChatID: Rest]>([:])

    /// Whether it has to be looked up; also when the clock was set back since.
    func isDue(_ chat: ChatID, at now: Date) -> Bool {
        guard let rest = rests.withLock({ $0[chat] }) else { return true }
        return now >= rest.end || now.adding(.clockTolerance) < rest.start
    }

    func rest(_ chat: ChatID, from now: Date, until end: Date) {
        rests.withLock {
            if $0.count >= Self.room { $0 = [:] }
            $0[chat] = Rest(start: now, end: min(end, now.addingTimeInterval(Self.longest)))
        }
    }
}
