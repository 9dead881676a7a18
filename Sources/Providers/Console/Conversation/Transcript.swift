import BotKit

/// The last messages of the conversation, so that they can be quoted by their place.
struct Transcript: Sendable {
    struct Entry: Sendable, Hashable {
        let id: MessageID
        let chat: String
        let isFromBot: Bool
        let text: String
    }
    private static let limit = 200

    /// Oldest first.
    private(set) var entries: [Entry] = []

    mutating func add(_ entry: Entry) {
        if entries.count == Self.limit { entries.removeFirst() }
        entries.append(entry)
    }

    /// The `place`-th last message of `chat`, 1 being the newest.
    func entry(_ place: Int, in chat: String) -> Entry? {
        let here = entries.filter { $0.chat == chat }
        return here.indices.contains(here.count - place) ? here[here.count - place] : nil
    }

    /// The last messages of `chat` with their places, oldest first.
    func last(_ count: Int, in chat: String) -> [(place: Int, entry: Entry)] {
        let here = entries.filter { $0.chat == chat }.suffix(count)
        return here.enumerated().map { (here.count - $0, $1) }
    }

    func entry(_ id: MessageID) -> Entry? { entries.last { $0.id == id } }

    /// Whether `id` is what the member wrote last in `chat`; an answer to that need not say so.
    func isNewest(_ id: MessageID, in chat: String) -> Bool {
        entries.last { $0.chat == chat && !$0.isFromBot }?.id == id
    }
}
