public import BotKit
public import Configuration
public import Logging

/// How much is logged and in which form.
public struct LogSettings: SettingsGroup {
    public enum Level: String, Sendable, CaseIterable { case error, warn, info, debug, trace }
    public enum Format: String, Sendable, CaseIterable {
        /// For people when a terminal reads along, else JSON.
        case auto
        case json
        case console
    }

    public static let title = "Logs"
    private static let levelSetting = Setting<Level>.choice(
        "LOG_LEVEL", default: .info, "The least grave events that are logged. Message text is never logged.")
    private static let formatSetting = Setting<Format>.choice(
        "LOG_FORMAT", default: .auto, "One JSON object a line, or lines for people; auto looks for a terminal.")
    private static let noColourSetting = Setting<String?>.text(
        "NO_COLOR", "Any value turns the colours of the console format off.")
    public static var settings: [SettingDescription] {
        [levelSetting.described, formatSetting.described, noColourSetting.described]
    }

    public var level: Level
    public var format: Format
    /// Whether the console format may use colours on a terminal.
    public var mayColour: Bool

    public init(_ config: ConfigReader) throws {
        level = try config[Self.levelSetting]
        format = try config[Self.formatSetting]
        mayColour = try config[Self.noColourSetting] == nil
    }

    public init(level: Level = .info, format: Format = .auto, mayColour: Bool = true) {
        self.level = level
        self.format = format
        self.mayColour = mayColour
    }

    /// What `LoggingSystem.bootstrap` wants: the function that makes the handler of a logger from its label.
    /// - Parameter sink: standard output for a server, standard error for a program whose output is data.
    public func handlers(writingTo sink: LogSink, time: any TimeSource = SystemTime())
        -> @Sendable (_ label: String) -> any LogHandler
    {
        let isTerminal = sink.isTerminal
        let level = level.threshold
        let isColoured = isTerminal && mayColour
        if format == .console || format == .auto && isTerminal {
            return { ConsoleLogHandler(label: $0, level: level, sink: sink, isColoured: isColoured, time: time) }
        }
        return { JSONLogHandler(label: $0, level: level, sink: sink, time: time) }
    }
}

extension LogSettings.Level {
    /// The level in swift-log's terms.
    public var threshold: Logger.Level {
        switch self {
        case .error: .error
        case .warn: .warning
        case .info: .info
        case .debug: .debug
        case .trace: .trace
        }
    }
}
