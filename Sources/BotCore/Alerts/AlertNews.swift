import BotKit
import Foundation

/// Something that was raised, or is over, before anybody decided whether to tell of it.
struct AlertNews: Sendable, Hashable, Codable {
    /// The word of an `AlertKind`.
    var kind: String
    /// What it is about; empty when there is only one such thing.
    var subject = ""
    /// For the placeholders of the kind's text.
    var values: [String: String] = [:]
    /// What ties it to the log, and to the reply when a turn raised it.
    var reference: String
    var at: Date
    /// How often it was raised, in a row.
    var count = 1
    /// Whether it is over.
    var isEnd = false

    /// The oldest and the newest have one subject and one direction.
    func isSame(as other: AlertNews) -> Bool { kind == other.kind && subject == other.subject }
}

/// What is told.
struct AlertMessage: Sendable, Hashable {
    var news: AlertNews
    /// How often it happened besides, without a word.
    var suppressed = 0
    /// Whether nothing more is told for a while.
    var isLastOfHour = false
    let toldAt: Date
}
