public import BotKit

/// What a group decides about the bot: `activation`.
public struct GroupsFeature: Feature {
    public static let name = "groups"
    public let responders: [any Responder] = [ActivationCommand()]

    public init() {}
}
