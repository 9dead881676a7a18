public import Logging
import Synchronization

/// Keeps what is logged, for a test to look at.
public final class LogBook: Sendable {
    /// One record.
    public struct Entry: Sendable {
        public let level: Logger.Level
        public let message: String
        public let metadata: Logger.Metadata
    }
    private let state = Mutex<[Entry]>([])

    public init() {}

    /// What was logged, in order.
    public var entries: [Entry] { state.withLock { $0 } }
    /// The alerts to the operator, by their names.
    public var alerts: [String] { entries.compactMap { $0.metadata["alert"].map { "\($0)" } } }
    /// Whether there is one alert about a chat, and it names the chat by a keyed hash.
    public var alertsOfOneHiddenChat: Bool {
        let chats = entries.filter { $0.metadata["alert"] != nil }.compactMap { $0.metadata["chat"].map { "\($0)" } }
        return chats.count == 1 && chats[0].wholeMatch(of: /[0-9a-f]{12}/) != nil
    }
    /// Writes into the book, from the level trace on.
    public var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?
        var logLevel = Logger.Level.trace

        init(book: LogBook) { self.book = book }

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let entry = Entry(level: event.level, message: "\(event.message)", metadata: event.metadata ?? [:])
            book.state.withLock { $0.append(entry) }
        }
    }
}
