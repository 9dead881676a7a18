import BotKit
import Logging

/// What a log line says besides time, level and label: its message, and its fields, flat, unique, sorted and bounded.
///
/// Every handler takes both from here and nowhere else, for here they go through `Redaction`, whoever logs.
struct LogFields {
    enum Value: Equatable {
        case text(String)
        case integer(Int64)
        case flag(Bool)
    }

    let message: String
    private(set) var all: [(key: String, value: Value)] = []
    /// Whether there was more than is kept.
    private(set) var isTruncated = false

    /// The most fields of one line.
    static let limit = 32
    private static let depthLimit = 3
    /// The names that the line itself uses; metadata with such a name goes under `metadata`, as `metadata.level`.
    private static let reserved: Set<String> = ["time", "level", "label", "message", "truncated"]

    /// Joins what the handler, its provider and the event carry; the later wins.
    init(of event: LogEvent, handler: Logger.Metadata, provider: Logger.MetadataProvider?) {
        message = Redaction.of(event.message.description)
        var metadata = handler
        if let provided = provider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let reference = TurnReference.current, metadata["reference"] == nil {
            metadata["reference"] = .own(reference)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            // An error that the event itself carries wins over one in the metadata.
            let isTaken = Self.reserved.contains(key) || (key == "error" && event.error != nil)
            add(value, as: isTaken ? "metadata.\(key)" : key, depth: 1)
        }
        if let error = event.error { all.append(("error", .text(Redaction.of(error.safeDescription)))) }
    }

    private mutating func add(_ value: Logger.MetadataValue, as key: String, depth: Int) {
        guard all.count < Self.limit else {
            isTruncated = true
            return
        }
        switch value {
        case .string(let text): append(text, as: key)
        case .stringConvertible(let convertible):
            switch convertible {
            case let flag as Bool: append(.flag(flag), as: key)
            case let own as OwnLogValue: append(.text(own.description), as: key)
            case let number as Int: append(Int64(number), as: key)
            case let number as Int64: append(number, as: key)
            default: append(convertible.description, as: key)
            }
        case .dictionary(let inner):
            guard depth < Self.depthLimit else {
                isTruncated = true
                return
            }
            for (name, value) in inner.sorted(by: { $0.key < $1.key }) {
                add(value, as: "\(key).\(name)", depth: depth + 1)
            }
        case .array(let values):
            guard depth < Self.depthLimit else {
                isTruncated = true
                return
            }
            for (index, value) in values.enumerated().prefix(Self.limit) {
                add(value, as: "\(key).\(index)", depth: depth + 1)
            }
            if values.count > Self.limit { isTruncated = true }
        }
    }

    private mutating func append(_ text: String, as key: String) {
        let isSecret = !text.isEmpty && Redaction.isSecret(field: key)
        append(.text(isSecret ? "***" : Redaction.of(text)), as: key)
    }

    /// A number from outside may be somebody's as well.
    private mutating func append(_ number: Int64, as key: String) {
        let text = String(number)
        let shown = Redaction.of(text)
        append(shown == text ? .integer(number) : .text(shown), as: key)
    }

    private mutating func append(_ value: Value, as key: String) {
        let key = Redaction.of(key)
        guard !all.contains(where: { $0.key == key }) else {
            isTruncated = true
            return
        }
        all.append((key, value))
    }
}

extension Logger.Level {
    /// The level in the words of `LOG_LEVEL`.
    var word: String { self == .warning ? "warn" : rawValue }
}
