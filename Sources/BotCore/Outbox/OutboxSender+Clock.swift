import BotKit
import Foundation
import Logging

/// Waits are times of the machine's clock. When that is set back, they are set back with it: none gets longer.
extension OutboxSender {
    /// By how much the clock may go back before that is called a step, in seconds.
    static let clockTolerance: TimeInterval = 1

    /// The time. Every wait of the outbox is counted from here.
    func readClock() -> Date {
        let now = time.now
        let step = now.timeIntervalSince(clockRead)
        guard step < -Self.clockTolerance else {
            clockRead = max(clockRead, now)
            return now
        }
        clockRead = now
        chatMeter.move(by: step)
        for chat in chatLogs.keys { chatLogs[chat]?.move(by: step) }
        for account in gates.keys { gates[account]?.move(by: step) }
        for chat in queues.keys {
            queues[chat]?.move(by: step)
            group.wake(chat)
        }
        logger.warning(
            "the clock was set back; replies that wait are moved with it", metadata: ["seconds": "\(Int(-step))"])
        return now
    }
}

extension OutboxItem {
    /// Takes off what an item that is read from the table, or handed over, waits only because the clock was set back
    /// since it was made.
    mutating func correct(at now: Date) {
        let ahead = createdAt.timeIntervalSince(now)
        if ahead > OutboxSender.clockTolerance { notBefore -= ahead }
    }
}
