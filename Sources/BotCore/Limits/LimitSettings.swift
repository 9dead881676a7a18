public import BotKit
public import Configuration

/// How much there may be of what: `RATE_LIMIT_ENABLED`, `RATE_LIMIT_PER_USER`, `RATE_LIMIT_PER_USER_WINDOW`,
/// `RATE_LIMIT_GLOBAL`, `RATE_LIMIT_GLOBAL_WINDOW`, `FLOOD_LIMIT`, `FLOOD_BAN_SECONDS`, `SEND_LIMIT_PER_CHAT`,
/// `SEND_WAITING_PER_CHAT`, `SEND_LIMIT_PER_ACCOUNT`, `SEND_LIMIT_STRANGERS`, `SEND_SLOWDOWN_MILLISECONDS`,
/// `BLOCK_ALERT_PERCENT`.
public struct LimitSettings: SettingsGroup {
    public static let title = "Limits"

    static let isEnabled = Setting.flag(
        "RATE_LIMIT_ENABLED", default: true,
        "Whether RATE_LIMIT_PER_USER and RATE_LIMIT_GLOBAL hold; false is 0 for both.")
    static let perMember = Setting.limit(
        "RATE_LIMIT_PER_USER", default: 10, upTo: 10_000,
        "How many answers that cost something (a model is asked) a member gets in each window; who asks for more is "
            + "told to wait. Owners are exempt.")
    static let perMemberWindow = Setting.seconds(
        "RATE_LIMIT_PER_USER_WINDOW", default: 60, in: 1...86_400, "The window of RATE_LIMIT_PER_USER."
    ).neverZero("RATE_LIMIT_PER_USER=0 turns the limit off")
    static let global = Setting.limit(
        "RATE_LIMIT_GLOBAL", default: 100, upTo: 1_000_000,
        "How many such answers all members together get in each window.")
    static let globalWindow = Setting.seconds(
        "RATE_LIMIT_GLOBAL_WINDOW", default: 60, in: 1...86_400, "The window of RATE_LIMIT_GLOBAL."
    ).neverZero("RATE_LIMIT_GLOBAL=0 turns the limit off")
    static let flood = Setting.limit(
        "FLOOD_LIMIT", default: 30, upTo: 1_000,
        "How many messages to the bot a member may send in any minute; who sends more gets one notice, and silence for "
            + "FLOOD_BAN_SECONDS. Owners are exempt.")
    static let floodBan = Setting.seconds(
        "FLOOD_BAN_SECONDS", default: 300, in: 1...86_400, "How long the silence lasts."
    ).neverZero("FLOOD_LIMIT=0 turns the rule off")
    static let perChat = Setting.limit(
        "SEND_LIMIT_PER_CHAT", default: 20, upTo: 10_000,
        "How many replies go to one chat in any minute; what is more waits.")
    static let waiting = Setting.limit(
        "SEND_WAITING_PER_CHAT", default: 100, upTo: 10_000,
        "How many replies may wait to be sent to one chat. While so many do, further messages there get one notice, "
            + "and no answer; !stop and what only admins may do go on. Owners are exempt.")
    static let perAccount = Setting.limit(
        "SEND_LIMIT_PER_ACCOUNT", default: 5_000, upTo: 1_000_000,
        "How many replies an account sends in any hour; what is more waits, and the operator is told.")
    static let strangers = Setting.limit(
        "SEND_LIMIT_STRANGERS", default: 100, upTo: 1_000_000,
        "How many of them go to chats from which no message is stored; what is more waits.")
    static let slowdown = Setting.milliseconds(
        "SEND_SLOWDOWN_MILLISECONDS", default: 1_000, in: 0...60_000,
        "How much longer each reply of an account waits with each level, 0 to 5; the level rises after a minute in "
            + "which more than a tenth of 10 or more sends failed, and falls after one in which fewer than a hundredth "
            + "did. 0 turns this off.")
    static let blockAlert = Setting.integer(
        "BLOCK_ALERT_PERCENT", default: 5, in: 0...99,
        "The operator is told, once a day, when more than so many percent of at least 20 chats that an account wrote "
            + "to within 7 days have blocked it. 0 turns this off.")

    public static let settings = [
        isEnabled.described, perMember.described, perMemberWindow.described, global.described, globalWindow.described,
        flood.described, floodBan.described, perChat.described, waiting.described, perAccount.described,
        strangers.described, slowdown.described, blockAlert.described,
    ]

    /// Each is `Int.max` when it is off.
    public var perMember: Int
    public var perMemberWindow: Duration
    public var global: Int
    public var globalWindow: Duration
    public var flood: Int
    public var floodBan: Duration
    public var perChat: Int
    public var waiting: Int
    public var perAccount: Int
    public var strangers: Int
    /// For each level; zero is none.
    public var slowdown: Duration
    /// Percent; 0 is never.
    public var blockAlert: Int

    /// Whether what goes out is counted.
    var countsSends: Bool { min(perChat, perAccount, strangers) < .max }

    public init(_ config: ConfigReader) throws {
        let isEnabled = try config[Self.isEnabled]
        perMember = isEnabled ? try config[Self.perMember] : .max
        perMemberWindow = try config[Self.perMemberWindow]
        global = isEnabled ? try config[Self.global] : .max
        globalWindow = try config[Self.globalWindow]
        flood = try config[Self.flood]
        floodBan = try config[Self.floodBan]
        perChat = try config[Self.perChat]
        waiting = try config[Self.waiting]
        perAccount = try config[Self.perAccount]
        strangers = try config[Self.strangers]
        slowdown = try config[Self.slowdown]
        blockAlert = try config[Self.blockAlert]
    }
}
