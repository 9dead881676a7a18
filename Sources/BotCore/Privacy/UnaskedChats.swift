import BotKit
import Foundation
import Synchronization

/// When it has to be looked up again whether a chat is to be asked for its consent. Every answer of a model asks this;
/// what a store would say to it changes once a day.
final class UnaskedChats: Sendable {
    /// How many chats are remembered.
    private static let room = 20_000
    private let rests = Mutex<[ChatID: Date]>([:])

    func isDue(_ chat: ChatID, at now: Date) -> Bool { rests.withLock { $0[chat].map { $0 <= now } ?? true } }

    func rest(_ chat: ChatID, until time: Date) {
        rests.withLock {
            if $0.count >= Self.room { $0 = [:] }
            $0[chat] = time
        }
    }
}
