public import BotKit
public import Logging

/// Writes each event as one JSON object on one line, at most 16 kB.
///
/// The keys are `time`, `level`, `label` and `message`, then the metadata, flattened with dots, then `error` and, when
/// something was cut, `truncated`.
public struct JSONLogHandler: LogHandler {
    /// The longest line without its line end.
    static let maximumBytes = 16_384
    private static let messageLimit = 8192
    private static let keyLimit = 96
    private static let valueLimit = 2048

    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level
    private let label: String
    private let sink: LogSink
    private let time: any TimeSource

    public init(
        label: String, level: Logger.Level, sink: LogSink, metadataProvider: Logger.MetadataProvider? = nil,
        time: any TimeSource = SystemTime()
    ) {
        self.label = label
        logLevel = level
        self.sink = sink
        self.metadataProvider = metadataProvider
        self.time = time
    }

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) { sink.write(line(for: event)) }

    /// The line with its line end.
    func line(for event: LogEvent) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(512)
        line.append(contentsOf: #"{"time":""#.utf8)
        Timestamp(time.now).write(to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: event.level.word.utf8)
        line.append(contentsOf: #"","label":"#.utf8)
        line.appendJSON(label, limit: Self.keyLimit)
        line.append(contentsOf: #","message":"#.utf8)
        let fields = LogFields(of: event, handler: metadata, provider: metadataProvider)
        line.appendJSON(fields.message, limit: Self.messageLimit)

        var isTruncated = fields.isTruncated
        for (key, value) in fields.all {
            let before = line.count
            line.append(UInt8(ascii: ","))
            line.appendJSON(key, limit: Self.keyLimit)
            line.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): line.appendJSON(text, limit: Self.valueLimit)
            case .integer(let number): line.append(contentsOf: String(number).utf8)
            case .flag(let flag): line.append(contentsOf: (flag ? "true" : "false").utf8)
            }
            if line.count > Self.maximumBytes - Self.ending.count {
                line.removeSubrange(before...)
                isTruncated = true
            }
        }
        if isTruncated { line.append(contentsOf: Self.ending) }
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    private static let ending = Array(#","truncated":true}"#.utf8).dropLast()
}
