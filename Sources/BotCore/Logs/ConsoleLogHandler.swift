public import BotKit
import Foundation
public import Logging

/// Writes each event as one line for people: local time, level, message, then label and metadata.
///
/// Hebrew stays in its logical order. Terminal controls and direction overrides in the data are taken out, so that
/// nothing that was logged can draw on the screen.
public struct ConsoleLogHandler: LogHandler {
    private static let messageLimit = 4000
    private static let valueLimit = 400

    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level
    private let label: String
    private let sink: LogSink
    private let isColoured: Bool
    private let time: any TimeSource

    public init(
        label: String, level: Logger.Level, sink: LogSink, isColoured: Bool,
        metadataProvider: Logger.MetadataProvider? = nil, time: any TimeSource = SystemTime()
    ) {
        self.label = label
        logLevel = level
        self.sink = sink
        self.isColoured = isColoured
        self.metadataProvider = metadataProvider
        self.time = time
    }

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) { sink.write(Array(line(for: event).utf8)) }

    /// The line with its line end.
    func line(for event: LogEvent) -> String {
        let level = event.level.word.uppercased()
        let fields = LogFields(of: event, handler: metadata, provider: metadataProvider)
        var line = coloured(Self.clock(time.now), "2") + " "
        line += coloured(level.padding(toLength: 8, withPad: " ", startingAt: 0), event.level.colour)
        line += " " + fields.message.harmless(limit: Self.messageLimit)
        var rest = " · " + label.harmless(limit: Self.valueLimit)
        for (key, value) in fields.all {
            let text =
                switch value {
                case .text(let text): text.harmless(limit: Self.valueLimit)
                case .integer(let number): String(number)
                case .flag(let flag): String(flag)
                }
            rest +=
                " \(key.harmless(limit: Self.valueLimit))=\(text.contains(" ") || text.isEmpty ? "\"\(text)\"" : text)"
        }
        if fields.isTruncated { rest += " …" }
        return line + coloured(rest, "2") + "\n"
    }

    private func coloured(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// The time of day where the machine stands: `09:05:07.042`.
    private static func clock(_ date: Date) -> String {
        let milliseconds = date.milliseconds
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        func digits(_ value: some BinaryInteger, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(parts.tm_hour, 2) + ":" + digits(parts.tm_min, 2) + ":" + digits(parts.tm_sec, 2) + "."
            + digits(abs(milliseconds % 1000), 3)
    }
}

extension Logger.Level {
    /// The colour's number in ISO/IEC 6429 (SGR).
    fileprivate var colour: String {
        switch self {
        case .trace, .debug: "2"
        case .info, .notice: "32"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }
}

extension String {
    /// The text on one line, without terminal sequences (ISO/IEC 6429 CSI and OSC) and direction controls, cut after
    /// `limit` scalars.
    func harmless(limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var scalars = unicodeScalars.makeIterator()
        var count = 0
        while let scalar = scalars.next() {
            guard count < limit else {
                result.append("…")
                break
            }
            switch scalar {
            case "\u{1B}":
                switch scalars.next() {
                case "[": skipSequence(&scalars) { (0x40...0x7E).contains($0.value) }
                case "]", "P", "X", "^", "_": skipSequence(&scalars) { $0 == "\u{07}" || $0 == "\\" || $0 == "\u{9C}" }
                default: break
                }
            case "\u{9B}": skipSequence(&scalars) { (0x40...0x7E).contains($0.value) }
            case "\n", "\r", "\t", "\u{2028}", "\u{2029}", "\u{85}": result.append(" ")
            case _ where [UInt8].isHidden(scalar.value): continue
            default: result.append(scalar)
            }
            count += 1
        }
        return String(result)
    }

    /// Drops what follows up to and with the end of a terminal sequence, at most 256 scalars.
    private func skipSequence(_ scalars: inout UnicodeScalarView.Iterator, until isEnd: (UnicodeScalar) -> Bool) {
        for _ in 0..<256 {
            guard let scalar = scalars.next(), !isEnd(scalar) else { return }
        }
    }
}
