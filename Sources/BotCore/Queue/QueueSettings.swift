public import BotKit
public import Configuration

/// How heavy work is done: `QUEUE_CONCURRENCY`, `QUEUE_MAX_DEPTH`, `QUEUE_ATTEMPTS`, `QUEUE_RETRY_MILLISECONDS`.
public struct QueueSettings: SettingsGroup {
    public static let title = "Heavy work"

    static let concurrency = Setting.limit(
        "QUEUE_CONCURRENCY", default: 5, upTo: 1_000,
        "How many pieces of heavy work, such as a question with an image, each process does at the same time.")
    static let maxDepth = Setting.limit(
        "QUEUE_MAX_DEPTH", default: 200, upTo: 1_000_000,
        "How many may wait and run altogether; who asks for more is told that the system is busy.")
    static let attempts = Setting.integer(
        "QUEUE_ATTEMPTS", default: 3, in: 1...100,
        "How often a piece is tried before its member is told that it failed."
    ).neverZero("nothing would be tried at all")
    static let retryBase = Setting.milliseconds(
        "QUEUE_RETRY_MILLISECONDS", default: 2_000, in: 1...600_000,
        "The first wait after a piece failed; it doubles with each further failure, with jitter."
    ).neverZero("a failing piece would be tried without a pause")

    public static let settings = [
        concurrency.described, maxDepth.described, attempts.described, retryBase.described,
    ]

    /// `Int.max` when it is off.
    public var concurrency: Int
    /// `Int.max` when it is off.
    public var maxDepth: Int
    public var attempts: Int
    public var retryBase: Duration

    public init(_ config: ConfigReader) throws {
        concurrency = try config[Self.concurrency]
        maxDepth = try config[Self.maxDepth]
        attempts = try config[Self.attempts]
        retryBase = try config[Self.retryBase]
    }
}
