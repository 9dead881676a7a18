import BotKit
import Logging

/// Tells the operator what nobody else can put right: a line in the log, and a count to watch.
struct OperatorAlerts: Sendable {
    /// `nil` when no alert is about a chat.
    let pseudonyms: Pseudonyms?
    let logger: Logger
    private let counters = LabelledCounter("operator_alerts_total", by: "kind")

    /// - Parameters:
    ///   - kind: a word from a closed set, which docs/operations.md explains.
    ///   - message: what happened; it quotes nobody.
    ///   - chat: stands in the log as its keyed hash.
    func raise(_ kind: String, _ message: Logger.Message, in chat: ChatID? = nil, _ details: Logger.Metadata = [:]) {
        counters.increment(kind)
        var metadata = details
        metadata["alert"] = "\(kind)"
        if let chat, let pseudonyms { metadata["chat"] = .own(pseudonyms.of(chat)) }
        logger.critical(message, metadata: metadata)
    }
}
