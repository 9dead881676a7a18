public import BotKit
import Foundation
import Logging

extension OutboxSender {
    /// A wait from which on those behind a reply do not wait with it.
    private static let longWait = Duration.seconds(3_600)

    // MARK: - A send that failed

    func handle(_ failure: SendFailure, of item: OutboxItem, through provider: any MessageProvider) async {
        var item = item
        let now = readClock()
        let backOff = backOff(after: item.attempts + item.vainAttempts)
        switch failure.remedy {
        case .postpone(let span): return await postpone(item, by: span, problem: failure.code)
        case .retry(let after?) where after >= Self.longWait:
            return await postpone(item, by: after, problem: failure.code)
        case .retry(let after):
            item.state = .queued
            item.notBefore = now.adding(max(after ?? .zero, backOff))
        case .uncertain:
            // News that came before the failure has ended the doubt already.
            if let queue = queues[item.chat], queue.lastNews >= item.row { return remove(item.row, from: item.chat) }
            item.notBefore = now.adding(
                provider.abilities.choosesMessageIDs ? backOff : provider.abilities.lostAnswerWait)
        case .holdChat(let base):
            hold(item.chat, base: base, at: now)
            item.state = .queued
        case .holdAccount(let span):
            gates[item.chat.account, default: newGate].hold(until: now.adding(span), at: now)
            item.state = .queued
        case .stopAccount:
            stop(item.chat.account, at: now, failure, isLate: false)
            item.state = .queued
            if settings.stoppedAccountRest == .zero { item.notBefore = now.adding(backOff) }
        case .windowClosed: return await park(item, problem: failure.code, through: provider)
        case .giveUp: return await bury(item, problem: failure.code)
        }
        // In memory first: if the store fails, a message that surely did not go out is not one in doubt.
        replaceHead(with: item)
        let final = item
        _ = await storeOrPause(item.chat) {
            try await self.store.set(
                final, to: final.state, notBefore: final.notBefore, waitingSince: final.waitingSince,
                problem: failure.code)
        }
    }

    /// Keeps a reply back while later ones go out. If the store takes no note of it, it is tried again.
    private func postpone(_ item: OutboxItem, by span: Duration, problem: String) async {
        var item = item
        item.state = .queued
        replaceHead(with: item)
        let (until, final) = (readClock().adding(span), item)
        let stored = await storeOrPause(item.chat) {
            try await self.store.set(
                final, to: .queued, notBefore: until, waitingSince: OutboxStore.waitingSince(postponedUntil: until),
                problem: problem)
        }
        guard let stored else { return }
        guard stored, queues[item.chat]?.items.first?.row == item.row else { return remove(item.row, from: item.chat) }
        queues[item.chat]?.postpone(until: until)
    }

    private func park(_ item: OutboxItem, problem: String, through provider: any MessageProvider) async {
        var item = item
        item.state = .queued
        replaceHead(with: item)
        let present = await storeOrPause(item.chat) { try await provider.presentName(of: item.chat) }
        guard let present else { return }
        // The member writes under that name, and may have done so already.
        guard present == item.chat else { return await move(item, to: present) }
        // Before it is stored: a member who writes meanwhile must find it.
        parked.insert(item.chat)
        let final = item
        let stored = await storeOrPause(item.chat) {
            try await self.store.set(final, to: .parked, notBefore: self.time.now, problem: problem)
        }
        guard let stored else { return }
        if stored { metrics.parked() }
        remove(item.row, from: item.chat)
    }

    private func move(_ item: OutboxItem, to chat: ChatID) async {
        let moved: Void? = await storeOrPause(item.chat) {
            try await self.store.move(item.row, to: chat, at: self.time.now)
        }
        guard moved != nil else { return }
        remove(item.row, from: item.chat)
        letGo(of: item.row, to: chat)
    }

    /// Gives up what this version cannot read, so that the rest of the chat goes out.
    func buryUnreadable(_ page: RowPage<OutboxItem>, in chat: ChatID) async throws {
        let count = try await store.buryUnreadable(page.unreadable, problem: "unreadable")
        guard count > 0 else { return }
        alerts.raise(
            "dead_letter", "stored replies are damaged or of a newer version, and are not sent", in: chat,
            ["code": "unreadable", "rows": .own(page.unreadableList)])
    }

    /// - Parameter isExpected: whether that is nothing for the operator to look into.
    func bury(_ item: OutboxItem, problem: String, isExpected: Bool = false) async {
        var item = item
        if problem != "uncertain" { item.state = .queued }
        replaceHead(with: item)
        let final = item
        let stored = await storeOrPause(item.chat) {
            try await self.store.set(final, to: .dead, notBefore: self.time.now, problem: problem)
        }
        guard let stored else { return }
        if stored, item.reply.validUntil != nil {
            logger.warning("news for an owner was not delivered", metadata: ["code": "\(problem)"])
        } else if stored, !isExpected {
            TurnReference.$current.withValue(TurnReference.of(item.row)) {
                alert("dead_letter", SendFailure(.giveUp, code: problem, "a reply was not delivered"), in: item.chat)
            }
        }
        remove(item.row, from: item.chat)
    }

    /// Holds a chat for four times as long with each complaint in a row.
    private func hold(_ chat: ChatID, base: Duration, at now: Date) {
        let complaints = min((queues[chat]?.complaints ?? 0) + 1, 8)
        queues[chat, default: OutboxQueue()].complaints = complaints
        queues[chat]?.heldUntil = now.adding(base * (1 << (2 * (complaints - 1))))
    }

    /// - Parameter attempts: how often it was tried, 1 or more.
    private func backOff(after attempts: Int) -> Duration {
        let doubled = settings.retryBase * (1 << min(max(attempts - 1, 0), 20))
        return min(doubled, settings.retryCap) * Double.random(in: 0.5...1)
    }

    /// - Parameter account: which one is in a trouble, when it is not the reply alone.
    func alert(_ kind: String, _ failure: SendFailure, in chat: ChatID? = nil, about account: AccountID? = nil) {
        var details: Logger.Metadata = ["code": "\(failure.code)", "problem": "\(failure.description)"]
        if let account { details["account"] = .own(account.rawValue) }
        alerts.raise(kind, "a reply needs the operator", in: chat, details)
    }

    /// - Returns: what the store said, or `nil` when it failed and the chat rests for a while.
    func storeOrPause<Result>(_ chat: ChatID, _ body: () async throws -> Result) async -> Result? {
        do {
            return try await body()
        } catch {
            pause(chat, after: error)
            return nil
        }
    }

    // MARK: - News

    public func report(_ report: DeliveryReport) async throws {
        guard let place = try await place(of: report) else { return metrics.strayReport() }
        switch report.event {
        case .reached(let state):
            if state >= .sent { noteArrival(of: place.row, in: place.chat) }
            let isDone = try await store.note(state, row: place.row, as: report.message)
            if isDone { settle(place.row, in: place.chat, moveOn: state >= .sent) }
        case .failed(let failure):
            // An attempt whose answer was lost may fail long after the next one has arrived.
            guard place.networkID == nil || place.networkID == report.message else { return metrics.strayReport() }
            metrics.failed(failure.code)
            try await take(failure, of: place)
        }
    }

    private func place(of report: DeliveryReport) async throws -> OutboxStore.Place? {
        if let row = report.row, let place = try await store.place(ofRow: row) { return place }
        return try await store.place(withNetworkID: report.message)
    }

    /// A message that the network had taken failed on its way.
    private func take(_ failure: SendFailure, of place: OutboxStore.Place) async throws {
        let (now, chat) = (readClock(), place.chat)
        var present = chat
        var isOpenAgain = false
        if failure.remedy == .windowClosed {
            if let provider = directory.provider(of: chat) { present = try await provider.presentName(of: chat) }
            // Who wrote after the reply was made has opened the window again; the network may not agree, so once only.
            if place.attempts <= 1 { isOpenAgain = try await store.heard(from: present, since: place.createdAt) }
        }
        let state: OutboxItem.State =
            switch failure.remedy {
            case .windowClosed: present == chat && !isOpenAgain ? .parked : .queued
            case .giveUp, .uncertain: .dead
            case .retry, .postpone, .holdChat, .holdAccount, .stopAccount: .queued
            }
        let wait = wait(after: failure, attempts: place.attempts)
        let notBefore = now.adding(wait.span)
        if state == .parked { parked.insert(chat) }
        let isBelieved = try await store.noteFailure(
            row: place.row, in: present, state: state, notBefore: notBefore,
            waitingSince: wait.isPostponed ? OutboxStore.waitingSince(postponedUntil: notBefore) : nil,
            problem: failure.code, at: now)
        guard isBelieved else { return }
        await noteLateFailure(failure, in: chat, at: now)
        switch failure.remedy {
        case .holdChat(let base): hold(chat, base: base, at: now)
        case .holdAccount(let span): gates[chat.account, default: newGate].hold(until: now.adding(span), at: now)
        case .stopAccount: stop(chat.account, at: now, failure, isLate: true)
        case .giveUp, .uncertain: alert("not_delivered", failure, in: chat)
        case .retry, .postpone, .windowClosed: break
        }
        settle(place.row, in: chat, moveOn: true)
        if state == .queued { reload(present) }
    }

    /// How long a reply waits that failed after it was taken, and whether later ones go out meanwhile.
    private func wait(after failure: SendFailure, attempts: Int) -> (span: Duration, isPostponed: Bool) {
        switch failure.remedy {
        case .postpone(let span): (span, true)
        case .retry(let after?) where after >= Self.longWait: (after, true)
        case .retry(let after): (max(after ?? .zero, backOff(after: attempts)), false)
        case .stopAccount where settings.stoppedAccountRest == .zero: (backOff(after: attempts), false)
        default: (.zero, false)
        }
    }

    /// The doubt or the wait about a row is over.
    private func settle(_ row: Int64, in chat: ChatID, moveOn: Bool) {
        if let head = queues[chat]?.items.first, head.row == row, head.notBefore > time.now { remove(row, from: chat) }
        if moveOn, let queue = queues[chat] {
            queues[chat]?.lastNews = max(queue.lastNews, row)
            if queue.awaited?.row == row { queues[chat]?.awaited = nil }
        }
        group.wake(chat)
    }
}
