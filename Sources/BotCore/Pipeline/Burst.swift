import BotKit
import DequeModule
import Foundation

/// Texts that one member sends in quick succession and means as one.
///
/// In a group only those are joined that turn to the bot themselves: what is said to others beside them is not for us.
struct Burst: Sendable {
    /// How long a member may be silent within a burst; zero joins nothing.
    let settle: Duration
    /// The most texts that are joined.
    let limit: Int
    /// The most UTF-16 units that are joined: a burst must not be refused for what its texts would not be.
    var longest = Int.max
    /// The names of the bot behind `@`.
    var names: [String] = []
    /// Whether a text calls a command.
    let isCall: @Sendable (String) -> Bool

    /// The longest time between two texts of a burst by the sender's clock, which may show whole seconds only.
    private var reach: Duration { settle * 10 + .seconds(1) }

    /// Whether the rule of its group decides what `isPart` says of a message.
    func asksForRule(_ message: InboundMessage) -> Bool { message.isGroup && text(of: message) != nil }

    /// Whether a message can be joined with its neighbours: a plain text that is no command and quotes nothing, and in
    /// a group turns to the bot.
    /// - Parameter rule: the one of its group; nothing is joined there while it is not known.
    func isPart(_ message: InboundMessage, by rule: Activation?) -> Bool {
        guard let text = text(of: message) else { return false }
        guard message.isGroup else { return !calls(text) }
        let bare = text.withoutDirectionControls.withoutMentions(of: names)
        guard !calls(bare) else { return false }
        switch rule {
        case .always: return true
        case .mention: return message.mentionsBot || bare != text.withoutDirectionControls
        case .prefix, nil: return false
        }
    }

    private func text(of message: InboundMessage) -> String? {
        guard settle > .zero, case .text(let text) = message.content, message.quotes == nil else { return nil }
        return text
    }

    private func calls(_ text: String) -> Bool { CommandCall(text) != nil || isCall(text) }

    /// Takes the messages of the next turn from the front. Those that wait are first put in the order in which they
    /// were sent, for networks deliver in any order.
    func take(from waiting: inout Deque<StoredMessage>, by rule: Activation?) -> [StoredMessage] {
        sort(&waiting)
        guard let first = waiting.popFirst() else { return [] }
        var turn = [first]
        guard isPart(first.message, by: rule) else { return turn }
        var length = first.message.text?.utf16.count ?? 0
        while let next = waiting.first, turn.count < limit, isPart(next.message, by: rule),
            // A line end stands between two texts.
            let more = next.message.text?.utf16.count, length + 1 + more <= longest,
            next.message.sender.id == first.message.sender.id,
            next.message.sentAt <= turn[turn.count - 1].message.sentAt.adding(reach)
        {
            turn.append(next)
            length += 1 + more
            waiting.removeFirst()
        }
        return turn
    }

    private func sort(_ waiting: inout Deque<StoredMessage>) {
        func precedes(_ a: StoredMessage, _ b: StoredMessage) -> Bool {
            if a.overtakes != b.overtakes { return a.overtakes }
            return (a.message.sentAt, a.row) < (b.message.sentAt, b.row)
        }
        let isSorted = zip(waiting, waiting.dropFirst()).allSatisfy { !precedes($1, $0) }
        if !isSorted { waiting.sort(by: precedes) }
    }
}
