public import BotKit
public import Configuration

/// How replies go out: `OUTBOX_MAX_AGE_SECONDS`, `OUTBOX_RETRY_MILLISECONDS`, `OUTBOX_RETRY_MAX_SECONDS`,
/// `OUTBOX_CHATS`, `OUTBOX_PARKED_MAX_SECONDS`, `OUTBOX_STOPPED_ACCOUNT_SECONDS`, `ANSWER_MAX_MESSAGES`.
public struct OutboxSettings: SettingsGroup {
    public static let title = "Replies"

    static let maxAge = Setting.seconds(
        "OUTBOX_MAX_AGE_SECONDS", default: 86_400, in: 0...2_592_000,
        "A reply that could not be sent for this long becomes a dead letter and alerts the operator. 0 = never.")
    static let retryBase = Setting.milliseconds(
        "OUTBOX_RETRY_MILLISECONDS", default: 1_000, in: 10...60_000,
        "The first wait after a failed send; it doubles with each further one, with jitter."
    ).neverZero("a network in trouble would be called without a pause")
    static let retryCap = Setting.seconds(
        "OUTBOX_RETRY_MAX_SECONDS", default: 300, in: 1...86_400, "The longest wait between two attempts."
    ).neverZero("a network in trouble would be called without a pause")
    static let chats = Setting.limit(
        "OUTBOX_CHATS", default: 64, upTo: 10_000, "To how many chats replies are sent at the same time.")
    static let parkedMaxAge = Setting.seconds(
        "OUTBOX_PARKED_MAX_SECONDS", default: 1_814_400, in: 0...2_419_200,
        "A reply that waits for its member to write (Cloud API: after 24 hours) for this long becomes a dead letter. "
            + "Dead letters are removed 30 days after the reply was written, so at most 28 days. 0 = never: it is kept "
            + "until its member writes.")
    static let stoppedAccountRest = Setting.seconds(
        "OUTBOX_STOPPED_ACCOUNT_SECONDS", default: 600, in: 0...86_400,
        "How long an account rests that its network has stopped, before one reply tries whether the operator has "
            + "acted; the others follow when it went out. 0 = no rest: replies wait as after any failed send.")
    static let maxMessages = Setting.limit(
        "ANSWER_MAX_MESSAGES", default: 3, upTo: 20,
        "Into how many messages a long answer may be split; what is more is left out.")

    public static let settings = [
        maxAge.described, retryBase.described, retryCap.described, chats.described, parkedMaxAge.described,
        stoppedAccountRest.described, maxMessages.described,
    ]

    public var maxAge: Duration
    public var retryBase: Duration
    public var retryCap: Duration
    public var chats: Int
    public var parkedMaxAge: Duration
    public var stoppedAccountRest: Duration
    public var maxMessages: Int

    public init(_ config: ConfigReader) throws {
        maxAge = try config[Self.maxAge]
        retryBase = try config[Self.retryBase]
        retryCap = try config[Self.retryCap]
        chats = try config[Self.chats]
        parkedMaxAge = try config[Self.parkedMaxAge]
        stoppedAccountRest = try config[Self.stoppedAccountRest]
        maxMessages = try config[Self.maxMessages]
    }
}
