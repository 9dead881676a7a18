import BotKit
import Foundation

/// Accounts whose network takes nothing from them until the operator has acted: they rest, then one reply tries, and
/// the others go when it went out.
extension OutboxSender {
    /// The network takes nothing from an account. The operator hears of it once for each trouble.
    /// - Parameter isLate: whether it says so of a message that it had taken.
    func stop(_ account: AccountID, at now: Date, _ failure: SendFailure, isLate: Bool) {
        let rest = settings.stoppedAccountRest
        var gate = gates[account, default: newGate]
        let isKnown = gate.stop?.code == failure.code
        gate.stop = AccountStop(code: failure.code, at: now, isLate: isLate)
        if rest > .zero { gate.rest(until: now.adding(rest)) }
        gates[account] = gate
        if !isKnown { alert("account_stopped", failure, about: account) }
    }

    /// Until when a chat of a stopped account waits for the reply that tries; `nil` when none does.
    func trialEnd(of account: AccountID, at now: Date) -> Date? {
        guard let trial = gates[account]?.stop?.trial else { return nil }
        guard trial.until > now else {
            gates[account]?.stop = nil
            return nil
        }
        // Its end wakes all who wait, so this is only a precaution.
        return min(trial.until, now.adding(.seconds(60)))
    }

    /// A reply is on its way: on a stopped account it is the one that tries.
    func beginTrial(of item: OutboxItem) {
        if settings.stoppedAccountRest > .zero { gates[item.chat.account]?.stop?.begin(item.row) }
    }

    /// The network took a reply that was on its way since `start`.
    func noteSuccess(of item: OutboxItem, since start: Date, newsWait: Duration) {
        let account = item.chat.account
        gates[account]?.noteSuccess()
        // What was under way when the account was stopped says nothing about now.
        guard let stop = gates[account]?.stop, start > stop.since else { return }
        if stop.isLate, stop.trial?.row == item.row {
            gates[account]?.stop?.awaitNews(until: readClock().adding(newsWait))
            // Who looked while it was on its way waits for longer than that.
            wakeAll(of: account)
        } else {
            resume(account)
        }
    }

    /// There is news that a reply went out.
    func noteArrival(of row: Int64, in chat: ChatID) {
        if gates[chat.account]?.stop?.trial?.row == row { resume(chat.account) }
    }

    /// A reply is no longer on its way.
    func endTrial(of item: OutboxItem) {
        let account = item.chat.account
        guard gates[account]?.stop?.trial?.row == item.row else { return }
        gates[account]?.stop?.end(item.row)
        if gates[account]?.stop?.trial == nil { wakeAll(of: account) }
    }

    private func resume(_ account: AccountID) {
        if gates[account]?.stop != nil { alerts.end("account_stopped", about: account.rawValue) }
        gates[account]?.stop = nil
        wakeAll(of: account)
    }

    private func wakeAll(of account: AccountID) {
        for chat in queues.keys where chat.account == account { group.wake(chat) }
    }
}
