import BotKit
import Synchronization
import WhatsAppWeb
import WhatsAppWire

/// The messages of late as they came, for replies that quote them and receipts that name them.
///
/// What it has forgotten is found in the inbox, in less detail.
final class RecentMessages: Sendable {
    /// A message as a reply needs it.
    struct Entry: Sendable {
        let reference: MessageReference
        /// The message, a protobuf; empty when it was too long to keep.
        let bytes: [UInt8]
    }
    private struct Key: Hashable {
        let chat: ChatID
        let id: BotKit.MessageID
    }
    private struct State {
        var entries: [Key: Entry] = [:]
        /// Oldest first.
        var order: [Key] = []
        var byteCount = 0
    }
    private static let capacity = 1_000
    private static let mostBytes = 1 << 20
    private static let longestMessage = 16_384
    private let state = Mutex(State())

    func note(_ message: ReceivedMessage, in chat: ChatID) {
        let key = Key(chat: chat, id: BotKit.MessageID(rawValue: message.id))
        let bytes = message.bytes.count <= Self.longestMessage ? message.bytes : []
        state.withLock { state in
            let old = state.entries.updateValue(Entry(reference: message.header.reference, bytes: bytes), forKey: key)
            state.byteCount += bytes.count - (old?.bytes.count ?? 0)
            if old == nil { state.order.append(key) }
            guard state.order.count > Self.capacity || state.byteCount > Self.mostBytes else { return }
            // Half at once makes it cheap on the average.
            for key in state.order.prefix(state.order.count / 2) {
                state.byteCount -= state.entries.removeValue(forKey: key)?.bytes.count ?? 0
            }
            state.order.removeFirst(state.order.count / 2)
        }
    }

    /// Forgets the messages of chats and people that were erased.
    func forget(_ chats: [ChatID], by people: [JID]) {
        let (chats, people) = (Set(chats), Set(people))
        state.withLock { state in
            for (key, entry) in state.entries
            where chats.contains(key.chat) || people.contains(entry.reference.sender) {
                state.entries[key] = nil
                state.byteCount -= entry.bytes.count
            }
            state.order.removeAll { state.entries[$0] == nil }
        }
    }

    func entry(_ id: BotKit.MessageID, in chat: ChatID) -> Entry? {
        state.withLock { $0.entries[Key(chat: chat, id: id)] }
    }
}
