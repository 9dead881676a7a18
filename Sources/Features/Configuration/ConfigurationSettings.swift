public import BotKit
public import Configuration
public import Foundation

/// How settings are changed in chats: `AI_CONFIG_PREFIX`, `LEGACY_SECRET_CONFIG_UNTIL`.
public struct ConfigurationSettings: SettingsGroup {
    public static let title = "Settings in chats"

    static let prefix = Setting.word(
        "AI_CONFIG_PREFIX", default: "!config", "The word that shows and changes settings; !config works beside it.")
    static let secretsUntil = Setting<Date?>(
        "LEGACY_SECRET_CONFIG_UNTIL", shape: "a day such as 2026-12-31", default: nil, written: nil,
        "Up to this day, UTC, an admin with a session may still replace the model's key in a chat (!config gpt "
            + "apiKey), with a warning and until the next start. Without it secrets can never be set in a chat. They "
            + "can never be read in one."
    ) { text in try? Date(text, strategy: .iso8601.year().month().day()) }

    public static let settings = [prefix.described, secretsUntil.described]

    public var prefix: String
    /// The last day, from its first moment on, on which a secret may be set in a chat.
    public var secretsUntil: Date?

    public init(_ config: ConfigReader) throws {
        prefix = try config[Self.prefix]
        secretsUntil = try config[Self.secretsUntil]
    }

    /// Whether a secret may still be set in a chat.
    func takesSecrets(at time: Date) -> Bool { secretsUntil.map { time < $0.addingTimeInterval(86_400) } ?? false }
}
