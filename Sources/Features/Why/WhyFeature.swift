public import BotKit

/// Says in plain words what became of a message, and what would change it: `why`.
public struct WhyFeature: Feature {
    public static let name = "why"
    public let responders: [any Responder]

    public init(records: any TurnRecords, permissions: any PermissionCheck) {
        responders = [WhyCommand(records: records, permissions: permissions)]
    }

    /// What became of a message, in sentences for whoever runs the bot.
    public static func explanation(of record: TurnRecord) -> [Text] { Explanation(record, withSettings: true).texts }
}
