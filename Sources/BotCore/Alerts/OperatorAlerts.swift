import BotKit
import Logging

/// Tells the operator what nobody else can put right: a line in the log, a count to watch, and, through the mailbox,
/// the owners' chats and a webhook. It waits for nobody.
struct OperatorAlerts: Sendable {
    /// `nil` when no alert is about a chat.
    let pseudonyms: Pseudonyms?
    let logger: Logger
    /// `nil` where the log is all there is.
    let mailbox: AlertMailbox?
    private let counters = LabelledCounter("operator_alerts_total", by: "kind")

    init(pseudonyms: Pseudonyms?, logger: Logger, mailbox: AlertMailbox? = nil) {
        self.pseudonyms = pseudonyms
        self.logger = logger
        self.mailbox = mailbox
    }

    /// - Parameters:
    ///   - kind: the word of an `AlertKind`.
    ///   - message: what happened; it quotes nobody.
    ///   - chat: stands in the log as its keyed hash.
    ///   - details: of these, `account`, `host` or `kind` says what the alert is about, and those that the kind's text
    ///     has placeholders for are filled in there.
    func raise(_ kind: String, _ message: Logger.Message, in chat: ChatID? = nil, _ details: Logger.Metadata = [:]) {
        counters.increment(kind)
        var metadata = details
        metadata["alert"] = "\(kind)"
        if let chat, let pseudonyms { metadata["chat"] = .own(pseudonyms.of(chat)) }
        if let mailbox {
            let subject = ["account", "host", "kind"].compactMap { details[$0] }.first.map { "\($0)" }
            metadata["reference"] = .own(mailbox.raise(kind, about: subject, values: values(in: details, for: kind)))
        }
        logger.critical(message, metadata: metadata)
    }

    /// It is over; who was told of it hears so.
    func end(_ kind: String, about subject: String? = nil) { mailbox?.end(kind, about: subject) }

    /// Short words and numbers; what could be somebody's number, or a text, is not among them.
    private func values(in details: Logger.Metadata, for kind: String) -> [String: String] {
        guard let text = AlertKind.named(kind)?.text.english else { return [:] }
        var values: [String: String] = [:]
        for (key, value) in details where text.contains("{\(key)}") {
            let word = "\(value)"
            let isPlain = word.wholeMatch(of: /[A-Za-z0-9._:\-]{1,80}/) != nil && !word.contains(/[0-9]{7}/)
            values[key] = isPlain ? word : "…"
        }
        return values
    }
}
