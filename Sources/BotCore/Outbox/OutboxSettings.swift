public import BotKit
public import Configuration

/// How replies go out: `OUTBOX_MAX_AGE_SECONDS`, `OUTBOX_RETRY_MILLISECONDS`, `OUTBOX_RETRY_MAX_SECONDS`,
/// `OUTBOX_CHATS`, `OUTBOX_PARKED_MAX_SECONDS`, `ANSWER_MAX_MESSAGES`.
public struct OutboxSettings: SettingsGroup {
    public static let title = "Replies"

    static let maxAge = Setting.seconds(
        "OUTBOX_MAX_AGE_SECONDS", default: 86_400, in: 0...2_592_000,
        "A reply that could not be sent for this long becomes a dead letter and alerts the operator. 0 = never.")
    static let retryBase = Setting.milliseconds(
        "OUTBOX_RETRY_MILLISECONDS", default: 1_000, in: 10...60_000,
        "The first wait after a failed send; it doubles with each further one, with jitter.")
    static let retryCap = Setting.seconds(
        "OUTBOX_RETRY_MAX_SECONDS", default: 300, in: 1...86_400, "The longest wait between two attempts.")
    static let chats = Setting.integer(
        "OUTBOX_CHATS", default: 64, in: 1...10_000, "To how many chats replies are sent at the same time.")
    static let parkedMaxAge = Setting.seconds(
        "OUTBOX_PARKED_MAX_SECONDS", default: 1_814_400, in: 3_600...2_419_200,
        "A reply that waits for its member to write (Cloud API: after 24 hours) for this long becomes a dead letter. "
            + "Replies are removed after 30 days, so at most 28.")
    static let maxMessages = Setting.integer(
        "ANSWER_MAX_MESSAGES", default: 3, in: 1...20, "Into how many messages a long answer may be split.")

    public static let settings = [
        maxAge.described, retryBase.described, retryCap.described, chats.described, parkedMaxAge.described,
        maxMessages.described,
    ]

    public var maxAge: Duration
    public var retryBase: Duration
    public var retryCap: Duration
    public var chats: Int
    public var parkedMaxAge: Duration
    public var maxMessages: Int

    public init(_ config: ConfigReader) throws {
        maxAge = try config[Self.maxAge]
        retryBase = try config[Self.retryBase]
        retryCap = try config[Self.retryCap]
        chats = try config[Self.chats]
        parkedMaxAge = try config[Self.parkedMaxAge]
        maxMessages = try config[Self.maxMessages]
    }
}
