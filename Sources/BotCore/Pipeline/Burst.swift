import BotKit
import DequeModule
import Foundation

/// Texts that one member sends in quick succession and means as one.
struct Burst: Sendable {
    /// How long a member may be silent within a burst; zero joins nothing.
    let settle: Duration
    /// The most texts that are joined.
    let limit: Int
    /// Whether a text calls a command.
    let isCall: @Sendable (String) -> Bool

    /// The longest time between two texts of a burst by the sender's clock, which may show whole seconds only.
    private var reach: Duration { settle * 10 + .seconds(1) }

    /// Whether a message can be joined with its neighbours: a plain text that is no command and quotes nothing.
    func isPart(_ message: InboundMessage) -> Bool {
        guard settle > .zero, case .text(let text) = message.content, message.quotes == nil else { return false }
        return CommandCall(text) == nil && !isCall(text)
    }

    /// Takes the messages of the next turn from the front. Those that wait are first put in the order in which they
    /// were sent, for networks deliver in any order.
    func take(from waiting: inout Deque<StoredMessage>) -> [StoredMessage] {
        sort(&waiting)
        guard let first = waiting.popFirst() else { return [] }
        var turn = [first]
        guard isPart(first.message) else { return turn }
        while let next = waiting.first, turn.count < limit, isPart(next.message),
            next.message.sender.id == first.message.sender.id,
            next.message.sentAt <= turn[turn.count - 1].message.sentAt.adding(reach)
        {
            turn.append(next)
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
