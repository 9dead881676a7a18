public import BotKit

/// The queue of heavy work, for operators: `jobs`.
public struct WorkFeature: Feature {
    public static let name = "work"

    public let responders: [any Responder]

    public init(queue: any WorkQueue) {
        responders = [JobsCommand(queue: queue)]
    }
}
