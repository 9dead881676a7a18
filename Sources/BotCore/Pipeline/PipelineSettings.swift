public import BotKit
public import Configuration

/// How messages come in and are answered: `SETTLE_MILLISECONDS`, `SETTLE_MAX_TEXTS`, `CHAT_LANES`, `LANE_CAPACITY`,
/// `INBOX_CAPACITY`, `ANSWER_MAX_AGE_DIRECT_SECONDS`, `ANSWER_MAX_AGE_GROUP_SECONDS`, `STILL_WORKING_SECONDS`,
/// `MENU_LIFETIME_SECONDS`, `DEFAULT_LANGUAGE`, `PREFIX_ENABLED`, `PREFIX_SKIPPED_FOR_ME`, `GROUPCHATS_ENABLED`,
/// `GROUP_ACTIVATION`, `BOT_NAMES`, `MAX_MESSAGE_LENGTH`, `TURN_MAX_BEGINS`, `SHUTDOWN_SECONDS`.
public struct PipelineSettings: SettingsGroup {
    public static let title = "Messages"

    static let settle = Setting.milliseconds(
        "SETTLE_MILLISECONDS", default: 400, in: 0...10_000,
        "How long to wait for more texts of a burst before answering them as one. 0 answers each at once.")
    static let settleTexts = Setting.limit(
        "SETTLE_MAX_TEXTS", default: 20, upTo: 1_000, "How many texts of a burst are answered as one.")
    static let lanes = Setting.limit(
        "CHAT_LANES", default: 256, upTo: 10_000, "How many chats are answered at the same time.")
    static let laneCapacity = Setting.limit(
        "LANE_CAPACITY", default: 100, upTo: 10_000,
        "How many waiting messages of one chat are held in memory; more wait in the database.")
    static let inboxCapacity = Setting.integer(
        "INBOX_CAPACITY", default: 100_000, in: 0...100_000_000,
        "How many unanswered messages there may be before networks are told to deliver later. 0 = no limit.")
    static let maxAgeDirect = Setting.seconds(
        "ANSWER_MAX_AGE_DIRECT_SECONDS", default: 86_400, in: 0...2_592_000,
        "Direct messages older than this are stored, not answered. 0 = no limit.")
    static let maxAgeGroup = Setting.seconds(
        "ANSWER_MAX_AGE_GROUP_SECONDS", default: 3_600, in: 0...2_592_000,
        "Group messages older than this are stored, not answered. 0 = no limit.")
    static let stillWorking = Setting.seconds(
        "STILL_WORKING_SECONDS", default: 20, in: 0...600,
        "After how long a member is told that the answer takes time. 0 = never.")
    static let menuLifetime = Setting.seconds(
        "MENU_LIFETIME_SECONDS", default: 600, in: 0...2_592_000,
        "How long after a question with options a number, or the words of an option, choose it. 0 = until one is "
            + "chosen or the next question comes.")
    static let language = Setting.text(
        "DEFAULT_LANGUAGE", default: "en", "The language for members whose texts do not show one, such as en or he.")
    static let prefixEnabled = Setting.flag(
        "PREFIX_ENABLED", default: false,
        "Whether only messages that begin with a prefix are answered, in direct chats and in groups; a group with a "
            + "rule of its own (!activation) follows that. When false, a direct chat needs no prefix.")
    static let skipsPrefixInNotes = Setting.flag(
        "PREFIX_SKIPPED_FOR_ME", default: true,
        "Whether the chat of an account's owner with themselves needs no prefix even so (WHATSAPP_WEB_SELF_CHAT).")
    static let groups = Setting.flag(
        "GROUPCHATS_ENABLED", default: true, "Whether the bot answers in groups at all (only when addressed).")
    static let activation = Setting<Activation>.choice(
        "GROUP_ACTIVATION", default: .mention,
        "When the bot answers in groups that have no rule of their own: to a mention, only to a prefix, or always. "
            + "With PREFIX_ENABLED=true it is only to a prefix there.")
    static let names = Setting.list(
        "BOT_NAMES", default: ["martlet"], "Names that count as a mention when they are written as @name.")
    static let maxLength = Setting.integer(
        "MAX_MESSAGE_LENGTH", default: 16_000, in: 0...1_000_000,
        "The most characters in a text that is answered. 0 = no limit.")
    static let maxBegins = Setting.limit(
        "TURN_MAX_BEGINS", default: 20, upTo: 10_000,
        "How often the turn of a message may begin and be ended by a crash before the message is given up.")
    static let shutdown = Setting.seconds(
        "SHUTDOWN_SECONDS", default: 20, in: 1...300, "How long running answers may take after a request to stop."
    ).neverZero("what is being stored at that moment needs time to end")

    public static let settings = [
        settle.described, settleTexts.described, lanes.described, laneCapacity.described, inboxCapacity.described,
        maxAgeDirect.described,
        maxAgeGroup.described, stillWorking.described, menuLifetime.described, language.described,
        prefixEnabled.described, skipsPrefixInNotes.described, groups.described,
        activation.described, names.described, maxLength.described, maxBegins.described, shutdown.described,
    ]

    public var settle: Duration
    public var settleTexts: Int
    public var lanes: Int
    public var laneCapacity: Int
    public var inboxCapacity: Int
    public var maxAgeDirect: Duration
    public var maxAgeGroup: Duration
    public var stillWorking: Duration
    public var menuLifetime: Duration
    public var language: Language
    public var requiresPrefix: Bool
    public var skipsPrefixInNotes: Bool
    public var groupsEnabled: Bool
    public var activation: Activation
    public var names: [String]
    public var maxLength: Int
    public var maxBegins: Int
    public var shutdown: Duration

    public init(_ config: ConfigReader) throws {
        settle = try config[Self.settle]
        settleTexts = try config[Self.settleTexts]
        lanes = try config[Self.lanes]
        laneCapacity = try config[Self.laneCapacity]
        inboxCapacity = try config[Self.inboxCapacity]
        maxAgeDirect = try config[Self.maxAgeDirect]
        maxAgeGroup = try config[Self.maxAgeGroup]
        stillWorking = try config[Self.stillWorking]
        menuLifetime = try config[Self.menuLifetime]
        language = Language(rawValue: try config[Self.language])
        requiresPrefix = try config[Self.prefixEnabled]
        skipsPrefixInNotes = try config[Self.skipsPrefixInNotes]
        groupsEnabled = try config[Self.groups]
        activation = try config[Self.activation]
        names = try config[Self.names]
        maxLength = try config[Self.maxLength]
        maxBegins = try config[Self.maxBegins]
        shutdown = try config[Self.shutdown]
    }

    /// When the bot speaks in a group.
    /// - Parameter own: what was chosen in the group itself, which wins over what is set for all.
    func activation(own: Activation?) -> Activation { own ?? (requiresPrefix ? .prefix : activation) }
}
