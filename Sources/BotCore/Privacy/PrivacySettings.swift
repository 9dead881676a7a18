public import BotKit
public import Configuration

/// What is kept, and for how long: `RETENTION_DAYS`, `PRIVACY_RUNNING_HOURS`, `EXPORT_INTERVAL_HOURS`.
public struct PrivacySettings: SettingsGroup {
    public static let title = "Privacy"

    static let days = Setting.integer(
        "RETENTION_DAYS", default: 30, in: 1...365,
        "For how many days the messages of a chat are kept, unless the chat chose otherwise with !retention. Enforced "
            + "at 02:00 UTC, and at the start when that was missed. Cannot be 0: nothing is kept for ever.")
    static let runningHours = Setting.integer(
        "PRIVACY_RUNNING_HOURS", default: 24, in: 0...8_760,
        "A chat whose member did not agree to more (!privacy accept) is removed when nobody wrote for so many hours. "
            + "0 = RETENTION_DAYS holds for everybody.")
    static let exportHours = Setting.integer(
        "EXPORT_INTERVAL_HOURS", default: 24, in: 0...8_760,
        "How many hours after one !export a member may ask for the next. 0 = no limit, but one at a time.")

    public static let settings = [days.described, runningHours.described, exportHours.described]

    public var days: Int
    public var runningHours: Int
    public var exportHours: Int

    public init(_ config: ConfigReader) throws {
        days = try config[Self.days]
        runningHours = try config[Self.runningHours]
        exportHours = try config[Self.exportHours]
    }
}
