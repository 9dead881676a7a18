public import BotKit
import DequeModule
public import Foundation
import Logging
public import ServiceLifecycle

/// Sends what is stored: in order within a chat, at the network's pace, again when it failed, never blindly twice.
public actor OutboxSender: Service, DeliveryReports {
    private struct Queue {
        var items: Deque<OutboxItem> = []
        /// The newest row that was in `items`; the table holds what is newer when `hasMore`.
        var newest: Int64 = 0
        var hasMore = false
        /// The chat's own hold, after the network complained or the store failed.
        var heldUntil: Date = .distantPast
        var complaints = 0
        /// The message sent last, while its news decides whether the next may follow.
        var awaited: (row: Int64, until: Date)?
        /// The last message that there was news of; news may come before the send returns.
        var lastNews: Int64?
    }
    private enum Step {
        case rest
        case wait(until: Date)
        case load(after: Int64)
        case send(OutboxItem, any MessageProvider)
        case bury(OutboxItem, String)
    }
    /// How many items of a chat are held in memory.
    private static let capacity = 100

    private let store: OutboxStore
    private let directory: ProviderDirectory
    private let settings: OutboxSettings
    private let time: any TimeSource
    private let logger: Logger
    private let metrics: OutboxMetrics
    private let group: LaneGroup
    private var queues: [ChatID: Queue] = [:]
    private var gates: [AccountID: AccountGate] = [:]
    private var chatMeter = PaceMeter<ChatID>()
    private var parked: Set<ChatID> = []

    init(
        store: OutboxStore, directory: ProviderDirectory, settings: OutboxSettings, time: any TimeSource, logger: Logger,
        metrics: OutboxMetrics
    ) {
        self.store = store
        self.directory = directory
        self.settings = settings
        self.time = time
        self.logger = logger
        self.metrics = metrics
        group = LaneGroup(limit: settings.chats, time: time)
    }

    /// Sends what waits from before, then what comes, until shutdown.
    public func run() async throws {
        let (toSend, parked) = try await store.openChats()
        self.parked = Set(parked)
        for chat in toSend { reload(chat) }
        await withGracefulShutdownHandler {
            await group.run { chat in await self.drain(chat) }
        } onGracefulShutdown: {
            self.group.stop()
        }
    }

    /// Whether nothing is being sent and nothing is due by `date`.
    public func isIdle(by date: Date) -> Bool { group.isIdle(by: date) }

    /// Makes the rows for `replies` and the statements that store them. Call `accept` when they are stored.
    nonisolated func prepare(_ replies: [RenderedReply], to chat: ChatID, at now: Date, ids: RowIDs, key: String?) throws
        -> (items: [OutboxItem], statements: [SQL])
    {
        let provider = directory.provider(of: chat)
        let items = replies.map { reply in
            OutboxItem(
                row: ids.next(at: now), chat: chat, reply: reply, state: .queued, attempts: 0, repeated: false,
                notBefore: now, networkID: provider?.makeMessageID(), createdAt: now)
        }
        let statements = try items.enumerated().map { index, item in
            try OutboxStore.insert(item, key: key.map { "\($0).\(index)" })
        }
        return (items, statements)
    }

    /// Lines up items that are stored.
    func accept(_ items: [OutboxItem]) {
        for item in items {
            var queue = queues[item.chat] ?? Queue()
            if queue.hasMore || queue.items.count >= Self.capacity {
                queue.hasMore = true
            } else {
                queue.items.append(item)
                queue.newest = max(queue.newest, item.row)
            }
            queues[item.chat] = queue
            group.wake(item.chat)
        }
    }

    /// The member of `chat` wrote: a network that waited for that takes our messages again.
    func memberWrote(in chat: ChatID) async throws {
        guard parked.remove(chat) != nil else { return }
        try await store.unpark(chat, at: time.now)
        reload(chat)
    }

    public func report(_ report: DeliveryReport) async throws {
        let known = try await place(of: report)
        guard let (row, chat) = known else { return metrics.strayReport() }
        switch report.event {
        case .reached(let state):
            try await store.note(state, row: row, as: report.message)
            settle(row, in: chat, moveOn: state >= .sent)
        case .failed(let failure):
            metrics.failed(failure.code)
            try await take(failure, ofRow: row, in: chat)
        }
    }

    // MARK: - The lane of a chat

    private func reload(_ chat: ChatID) {
        queues[chat, default: Queue()].items.removeAll()
        queues[chat]?.newest = 0
        queues[chat]?.hasMore = true
        group.wake(chat)
    }

    private func drain(_ chat: ChatID) async {
        // At shutdown what can go out at once still does; what has to wait is sent after the restart.
        while !Task.isCancelled {
            switch nextStep(for: chat) {
            case .rest: return
            case .wait(let until): return group.wake(chat, at: until)
            case .load(let after): await load(chat, after: after)
            case .send(let item, let provider): await send(item, through: provider)
            case .bury(let item, let problem): await bury(item, problem: problem)
            }
        }
    }

    private func nextStep(for chat: ChatID) -> Step {
        guard let queue = queues[chat] else { return .rest }
        let now = time.now
        guard let head = queue.items.first else {
            if queue.hasMore { return .load(after: queue.newest) }
            if queue.heldUntil <= now && (queue.awaited?.until ?? now) <= now { queues[chat] = nil }
            return .rest
        }
        if settings.maxAge > .zero, head.createdAt.adding(settings.maxAge) < now { return .bury(head, "too_old") }
        guard let provider = directory.provider(of: chat) else { return .bury(head, "no_account") }
        let abilities = provider.abilities
        let gate = gates[chat.account, default: AccountGate()]
        let earliest = [
            head.notBefore, queue.heldUntil, queue.awaited?.until ?? now,
            gate.earliest(for: chat.account, by: abilities.accountPace, at: now),
            abilities.chatPace.map { chatMeter.earliest(for: chat, by: $0, at: now) } ?? now,
        ].max() ?? now
        if earliest > now { return .wait(until: earliest) }
        gates[chat.account, default: AccountGate()].spend(chat.account, by: abilities.accountPace, at: now)
        if let pace = abilities.chatPace { chatMeter.spend(chat, by: pace, at: now) }
        return .send(head, provider)
    }

    private func load(_ chat: ChatID, after row: Int64) async {
        do {
            var loaded = try await store.open(in: chat, after: row, limit: Self.capacity)
            let wait = directory.provider(of: chat).flatMap {
                $0.abilities.choosesMessageIDs ? nil : $0.abilities.lostAnswerWait
            }
            // A send that was cut by the end of a process may have gone out: wait for news of it first.
            for index in loaded.indices where loaded[index].state == .sending {
                if let wait { loaded[index].notBefore = max(loaded[index].notBefore, time.now.adding(wait)) }
            }
            queues[chat]?.items = Deque(loaded)
            queues[chat]?.newest = loaded.last?.row ?? row
            queues[chat]?.hasMore = loaded.count == Self.capacity
        } catch {
            pause(chat, after: error)
        }
    }

    private func send(_ item: OutboxItem, through provider: any MessageProvider) async {
        var item = item
        do {
            if item.state == .sending && !provider.abilities.choosesMessageIDs {
                // The news never came. It is sent once more, and only once.
                guard !item.repeated else { return await bury(item, problem: "uncertain") }
                item.repeated = true
            }
            guard try await store.markSending(item) else { return remove(item.row, from: item.chat) }
            if item.repeated { metrics.repeated() }
            item.state = .sending
            replaceHead(with: item)
        } catch {
            return pause(item.chat, after: error)
        }
        let outgoing = OutgoingMessage(
            row: item.row, chat: item.chat, messageID: item.networkID, reply: item.reply, attempt: item.attempts)
        item.attempts += 1
        do {
            let id = try await provider.send(outgoing)
            try await storeFirmly(item.chat) { try await self.store.markAccepted(item.row, as: id) }
            metrics.sent()
            gates[item.chat.account]?.noteSuccess()
            queues[item.chat]?.complaints = 0
            accepted(item, wait: provider.abilities.orderWait)
        } catch {
            let failure = error as? SendFailure ?? SendFailure(.uncertain, code: "unknown", "the send was interrupted")
            metrics.failed(failure.code)
            await handle(failure, of: item, through: provider)
        }
    }

    private func accepted(_ item: OutboxItem, wait: Duration?) {
        remove(item.row, from: item.chat)
        guard let wait, wait > .zero, queues[item.chat]?.items.isEmpty == false else { return }
        if queues[item.chat]?.lastNews != item.row {
            queues[item.chat]?.awaited = (item.row, time.now.adding(wait))
        }
    }

    // MARK: - Failures

    private func handle(_ failure: SendFailure, of item: OutboxItem, through provider: any MessageProvider) async {
        var item = item
        let now = time.now
        switch failure.remedy {
        case .retry(let after):
            let backOff = backOff(after: item.attempts)
            item.state = .queued
            item.notBefore = now.adding(max(after ?? .zero, backOff))
        case .uncertain:
            item.notBefore = now.adding(
                provider.abilities.choosesMessageIDs ? backOff(after: item.attempts) : provider.abilities.lostAnswerWait)
        case .holdChat(let base):
            let complaints = min((queues[item.chat]?.complaints ?? 0) + 1, 8)
            queues[item.chat]?.complaints = complaints
            queues[item.chat]?.heldUntil = now.adding(base * (1 << (2 * (complaints - 1))))
            item.state = .queued
        case .holdAccount(let span):
            gates[item.chat.account, default: AccountGate()].hold(until: now.adding(span))
            item.state = .queued
        case .stopAccount:
            gates[item.chat.account, default: AccountGate()].hold(until: now.adding(.seconds(600)))
            item.state = .queued
            alert("account_stopped", failure)
        case .windowClosed: return await park(item, problem: failure.code)
        case .giveUp: return await bury(item, problem: failure.code)
        }
        let final = item
        await storeOrPause(item.chat) {
            try await self.store.set(final.row, to: final.state, notBefore: final.notBefore, problem: failure.code)
        }
        replaceHead(with: item)
    }

    /// A message that the network had taken failed on its way.
    private func take(_ failure: SendFailure, ofRow row: Int64, in chat: ChatID) async throws {
        let now = time.now
        let state: OutboxItem.State =
            switch failure.remedy {
            case .windowClosed: .parked
            case .giveUp, .stopAccount, .uncertain: .dead
            case .retry, .holdChat, .holdAccount: .queued
            }
        let wait: Duration =
            switch failure.remedy {
            case .retry(let after): max(after ?? .zero, backOff(after: 2))
            case .holdChat(let span), .holdAccount(let span): span
            default: .zero
            }
        let isBelieved = try await store.noteFailure(
            row: row, state: state, notBefore: now.adding(wait), problem: failure.code)
        guard isBelieved else { return }
        if state == .parked { parked.insert(chat) }
        if state == .dead { alert("not_delivered", failure) }
        if failure.remedy == .stopAccount {
            gates[chat.account, default: AccountGate()].hold(until: now.adding(.seconds(600)))
        }
        settle(row, in: chat, moveOn: true)
        if state == .queued { reload(chat) }
    }

    private func park(_ item: OutboxItem, problem: String) async {
        let stored = await storeOrPause(item.chat) {
            try await self.store.set(item.row, to: .parked, notBefore: self.time.now, problem: problem)
        }
        guard stored else { return }
        parked.insert(item.chat)
        metrics.parked()
        remove(item.row, from: item.chat)
    }

    private func bury(_ item: OutboxItem, problem: String) async {
        let stored = await storeOrPause(item.chat) {
            try await self.store.set(item.row, to: .dead, notBefore: self.time.now, problem: problem)
        }
        guard stored else { return }
        alert("dead_letter", SendFailure(.giveUp, code: problem, "a reply was not delivered"))
        remove(item.row, from: item.chat)
    }

    private func backOff(after attempts: Int) -> Duration {
        let doubled = settings.retryBase * (1 << min(attempts, 20))
        return min(doubled, settings.retryCap) * Double.random(in: 0.5...1)
    }

    private func alert(_ kind: String, _ failure: SendFailure) {
        metrics.alert(kind)
        logger.critical(
            "a reply needs the operator",
            metadata: ["alert": "\(kind)", "code": "\(failure.code)", "problem": "\(failure.description)"])
    }

    // MARK: - Small steps

    private func place(of report: DeliveryReport) async throws -> (row: Int64, chat: ChatID)? {
        if let row = report.row, let chat = try await store.chat(ofRow: row) { return (row, chat) }
        return try await store.row(withNetworkID: report.message)
    }

    /// The doubt or the wait about a row is over.
    private func settle(_ row: Int64, in chat: ChatID, moveOn: Bool) {
        if let head = queues[chat]?.items.first, head.row == row, head.notBefore > time.now {
            queues[chat]?.items.removeFirst()
        }
        if moveOn {
            queues[chat]?.lastNews = row
            if queues[chat]?.awaited?.row == row { queues[chat]?.awaited = nil }
        }
        group.wake(chat)
    }

    private func replaceHead(with item: OutboxItem) {
        guard queues[item.chat]?.items.first?.row == item.row else { return }
        queues[item.chat]?.items[0] = item
    }

    private func remove(_ row: Int64, from chat: ChatID) {
        guard queues[chat]?.items.first?.row == row else { return }
        queues[chat]?.items.removeFirst()
    }

    private func pause(_ chat: ChatID, after error: any Error) {
        queues[chat]?.heldUntil = time.now.adding(.seconds(2))
        logger.warning("the store failed; the outbox tries again", metadata: ["error": "\(error.safeDescription)"])
    }

    @discardableResult
    private func storeOrPause(_ chat: ChatID, _ body: () async throws -> Void) async -> Bool {
        do {
            try await body()
            return true
        } catch {
            pause(chat, after: error)
            return false
        }
    }

    /// Stores that the network took a message. It went out, so a store that fails is asked again, for a while.
    private func storeFirmly(_ chat: ChatID, _ body: () async throws -> Void) async throws {
        for attempt in 0..<8 {
            if await storeOrPause(chat, body) { return }
            try await time.sleep(for: .milliseconds(100 * (1 << attempt)))
        }
        throw SendFailure(.uncertain, code: "store", "the network took it, the store did not")
    }
}
