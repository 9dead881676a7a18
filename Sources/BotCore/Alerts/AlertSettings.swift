public import BotKit
public import Configuration
import Foundation

/// Who hears of alerts, and when there is one: `ALERT_CHAT`, `ALERT_WEBHOOK_URL`, `ALERT_WEBHOOK_SECRET`,
/// `ALERT_INSTANCE`, `ALERT_REPEAT_MINUTES`, `ALERT_MAX_PER_HOUR`, `ALERT_MAX_AGE_SECONDS`,
/// `ALERT_PROVIDER_DOWN_SECONDS`, `ALERT_MODEL_FAILURES`, `ALERT_DISK_FREE_PERCENT`, `COST_ALERT_ENABLED` and
/// `COST_ALERT_THRESHOLD_USD`.
public struct AlertSettings: SettingsGroup {
    public static let title = "Alerts"

    static let chat = Setting.flag(
        "ALERT_CHAT", default: true,
        "Whether alerts are also sent to owners, in each direct chat in which they have written to the bot.")
    static let webhook = Setting.secret(
        "ALERT_WEBHOOK_URL", "An address, http:// or https://, that alerts are posted to as JSON. None without it.")
    static let webhookSecret = Setting.secret(
        "ALERT_WEBHOOK_SECRET",
        "Signs what is posted: X-Martlet-Signature-256 is sha256= and the HMAC-SHA256 of the body with this key.")
    static let instance = Setting.text(
        "ALERT_INSTANCE", default: "martlet", "The name of this installation in what is posted.")
    static let repeatAfter = Setting.integer(
        "ALERT_REPEAT_MINUTES", default: 60, in: 0...10_080,
        "The same alert is told once in so many minutes, and how often it came besides. 0 = every time.")
    static let perHour = Setting.integer(
        "ALERT_MAX_PER_HOUR", default: 20, in: 0...1_000,
        "How many alerts are told in an hour, whatever they are; all are in the log. 0 = no limit.")
    static let maxAge = Setting.seconds(
        "ALERT_MAX_AGE_SECONDS", default: 21_600, in: 0...604_800,
        "An alert that could not be told for so long is dropped. 0 = never.")
    static let providerDown = Setting.seconds(
        "ALERT_PROVIDER_DOWN_SECONDS", default: 120, in: 0...86_400,
        "How long an account may be out of reach before there is an alert. 0 = no alert.")
    static let modelFailures = Setting.integer(
        "ALERT_MODEL_FAILURES", default: 3, in: 0...1_000,
        "How many questions in a row the language model may leave unanswered, all repeats and fall-backs used up, "
            + "before there is an alert. 0 = no alert.")
    static let diskFree = Setting.integer(
        "ALERT_DISK_FREE_PERCENT", default: 5, in: 0...99,
        "There is an alert when less than so many percent of the disk of MARTLET_HOME are free. 0 = no alert.")
    static let costEnabled = Setting.flag(
        "COST_ALERT_ENABLED", default: true, "Whether there is an alert about what models cost.")
    static let costThreshold = Setting.number(
        "COST_ALERT_THRESHOLD_USD", default: 50, in: 0...1_000_000,
        "What models may cost in a month (UTC), in US dollars, before there is an alert; another comes at 80 % of it. "
            + "0 = no alert.")

    public static let settings = [
        chat.described, webhook.described, webhookSecret.described, instance.described, repeatAfter.described,
        perHour.described, maxAge.described, providerDown.described, modelFailures.described, diskFree.described,
        costEnabled.described, costThreshold.described,
    ]

    public var usesChat: Bool
    /// As it was written; it may hold a secret.
    public var webhook: String?
    var webhookSecret: String?
    var instance: String
    var repeatAfter: Duration
    var perHour: Int
    var maxAge: Duration
    public var providerDown: Duration
    public var modelFailures: Int
    public var diskFree: Int
    /// `nil` when there is none.
    var costThreshold: Double?

    public init(_ config: ConfigReader) throws {
        usesChat = try config[Self.chat]
        webhook = try config[Self.webhook]
        webhookSecret = try config[Self.webhookSecret]
        instance = try config[Self.instance]
        repeatAfter = .seconds(try config[Self.repeatAfter] * 60)
        perHour = try config[Self.perHour]
        maxAge = try config[Self.maxAge]
        providerDown = try config[Self.providerDown]
        modelFailures = try config[Self.modelFailures]
        diskFree = try config[Self.diskFree]
        let threshold = try config[Self.costThreshold]
        costThreshold = try config[Self.costEnabled] && threshold > 0 ? threshold : nil
        if let webhook {
            let url = URL(string: webhook)
            guard let url, ["http", "https"].contains(url.scheme?.lowercased() ?? ""), url.host()?.isEmpty == false
            else {
                throw Misconfiguration(
                    "ALERT_WEBHOOK_URL", "is no address that starts with http:// or https://",
                    remedy: "Set ALERT_WEBHOOK_URL to the address that shall get alerts, or remove it.")
            }
        }
    }
}
