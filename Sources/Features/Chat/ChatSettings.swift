public import BotKit
public import Configuration

/// How the bot talks: `PRE_PROMPT`, `GPT_PREFIX`, `RESET_PREFIX`, `MAX_MODEL_TOKENS`,
/// `MODEL_CHOICES`, `VISION_ENABLED`, `VISION_MAX_IMAGES`, `VISION_MAX_BYTES`.
public struct ChatSettings: SettingsGroup {
    public static let title = "Chat"

    static let prePrompt = Setting<String?>.text("PRE_PROMPT", "What the model is told before every conversation.")
    static let gptPrefix = Setting.word("GPT_PREFIX", default: "!gpt", "The word that asks the model.")
    static let resetPrefix = Setting.word("RESET_PREFIX", default: "!reset", "The word that forgets the conversation.")
    static let contextTokens = Setting.integer(
        "MAX_MODEL_TOKENS", default: 4_096, in: 256...2_000_000,
        "How many tokens of pre-prompt, conversation and question are sent; the oldest of the conversation are left "
            + "out first. A larger question, or one with images, is sent all the same, without the conversation."
    ).neverZero("the question itself needs room")
    static let modelChoices = Setting.list(
        "MODEL_CHOICES",
        "The models, by name or alias, that an admin of a group may choose for it (!config gpt model). Admins of the "
            + "bot may choose any.")
    static let vision = Setting.flag("VISION_ENABLED", default: true, "Whether images are given to the model.")
    static let visionImages = Setting.limit(
        "VISION_MAX_IMAGES", default: 4, upTo: 100, "How many images of one question are given to the model.")
    static let visionBytes = Setting.integer(
        "VISION_MAX_BYTES", default: 5_242_880, in: 1_024...52_428_800,
        "The largest image given to the model, in bytes."
    ).neverZero("a file must fit into memory; VISION_ENABLED=false leaves images out")

    public static let settings = [
        prePrompt.described, gptPrefix.described, resetPrefix.described,
        contextTokens.described, modelChoices.described, vision.described, visionImages.described,
        visionBytes.described,
    ]

    public var prePrompt: String?
    public var gptPrefix: String
    public var resetPrefix: String
    public var contextTokens: Int
    /// The models that an admin of a group may choose for it.
    public var modelChoices: Set<String>
    public var visionEnabled: Bool
    public var visionMaxImages: Int
    public var visionMaxBytes: Int

    public init(_ config: ConfigReader) throws {
        prePrompt = try config[Self.prePrompt]
        gptPrefix = try config[Self.gptPrefix]
        resetPrefix = try config[Self.resetPrefix]
        contextTokens = try config[Self.contextTokens]
        modelChoices = Set(try config[Self.modelChoices])
        visionEnabled = try config[Self.vision]
        visionMaxImages = try config[Self.visionImages]
        visionMaxBytes = try config[Self.visionBytes]
    }
}
