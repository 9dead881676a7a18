public import BotKit
import DequeModule
public import Foundation
import Logging
public import ServiceLifecycle

/// Sends what is stored: in order within a chat, at the network's pace, again when it failed, never blindly twice.
public actor OutboxSender: Service, DeliveryReports {
    private enum Step {
        case rest
        case wait(until: Date)
        case load
        /// Looks up whether the member ever wrote.
        case acquaint
        /// The member blocked us: looks up whether they wrote since.
        case spare(OutboxItem)
        /// Another process may send for the account: counts anew what went out.
        case take
        case send(OutboxItem, any MessageProvider, lease: String?)
        case bury(OutboxItem, String)
    }

    let store: OutboxStore
    let directory: ProviderDirectory
    let settings: OutboxSettings
    let limits: LimitSettings
    let time: any TimeSource
    let logger: Logger
    let metrics: OutboxMetrics
    let alerts: OperatorAlerts
    let group: LaneGroup
    var queues: [ChatID: OutboxQueue] = [:]
    var gates: [AccountID: AccountGate] = [:]
    /// What went to each chat in the last minute.
    var chatLogs: [ChatID: SlidingLog] = [:]
    /// The chats that wait until their account is taken.
    var takings: [AccountID: [ChatID]] = [:]
    /// Chats of which is known that somebody wrote there, as far as there is room for them.
    var heard: Set<ChatID> = []
    /// The chats that want nothing from us, and since when.
    var blocked: [ChatID: Date] = [:]
    /// Chats where something was parked by this process, for members who write while that is being stored.
    var parked: Set<ChatID> = []
    /// Rows on their way to the network, and from which chat. When that is joined with another, the other must not send
    /// them too.
    var underWay: [Int64: ChatID] = [:]
    /// Accounts that are missed, so that the operator hears of each once.
    private var missing: Set<AccountID> = []
    /// Whether what waited at the start is known.
    private(set) var hasStarted = false
    var chatMeter = PaceMeter<ChatID>()
    /// The latest time that was read, to notice a clock that is set back.
    var clockRead: Date = .distantPast
    /// How many queues there may be before the spent ones are forgotten.
    private var queueLimit = 1_024

    init(
        store: OutboxStore, directory: ProviderDirectory, settings: OutboxSettings, limits: LimitSettings,
        time: any TimeSource, logger: Logger, metrics: OutboxMetrics, alerts: OperatorAlerts
    ) {
        self.store = store
        self.directory = directory
        self.settings = settings
        self.limits = limits
        self.time = time
        self.logger = logger
        self.metrics = metrics
        self.alerts = alerts
        group = LaneGroup(limit: settings.chats, time: time)
    }

    /// Sends what waits from before, then what comes, until shutdown.
    public func run() async throws {
        try await recallLimits()
        for chat in try await store.openChats() { reload(chat) }
        hasStarted = true
        await withGracefulShutdownHandler {
            await group.run { chat in await self.drain(chat) }
        } onGracefulShutdown: {
            self.group.stop()
        }
    }

    /// Whether nothing is being sent and nothing is due by `date`; not before what waited at the start is known.
    public func isIdle(by date: Date) -> Bool { hasStarted && group.isIdle(by: date) }

    /// Makes the rows for `replies` and the statements that store them. Call `accept` when they are stored.
    nonisolated func prepare(
        _ replies: [RenderedReply], to chat: ChatID, at now: Date, ids: RowIDs, key: String?,
        about member: MemberID? = nil
    ) throws -> (items: [OutboxItem], statements: [SQL]) {
        let provider = directory.provider(of: chat)
        let items = replies.map { reply in
            OutboxItem(
                row: ids.next(at: now), chat: chat, reply: reply, state: .queued, attempts: 0, repeated: false,
                notBefore: now, networkID: provider?.makeMessageID(), createdAt: now, waitingSince: now)
        }
        let statements = try items.enumerated().map { index, item in
            try OutboxStore.insert(item, key: key.map { "\($0).\(index)" }, about: member)
        }
        return (items, statements)
    }

    /// Lines up items that are stored.
    func accept(_ items: [OutboxItem]) {
        let now = readClock()
        for var item in items {
            item.correct(at: now)
            queues[item.chat, default: OutboxQueue()].accept(item)
            group.wake(item.chat)
        }
    }

    /// Reads from the table what may be stored for `chat` without our knowing.
    func lookAgain(in chat: ChatID) { reload(chat) }

    // MARK: - The window of a chat

    /// The statements that let parked replies go out again when the members of `chats` write, one for each, to be
    /// stored with what they wrote. The table alone knows what is parked: chats of one person may be joined in it.
    nonisolated func unparking(_ chats: [ChatID]) -> [SQL] { chats.map { OutboxStore.unpark($0, at: time.now) } }

    /// The members of `chats` wrote: a network that waited for that takes our messages again.
    /// - Parameter reopened: the chats whose parked replies were reopened by what is stored.
    func membersWrote(in chats: [ChatID], reopened: Set<ChatID>) async {
        for chat in chats {
            if blocked[chat] != nil { await forgetBlock(by: chat) }
            queues[chat]?.visits += 1
            guard parked.remove(chat) != nil || reopened.contains(chat) else { continue }
            do {
                // Something was parked while their words were being stored.
                if !reopened.contains(chat) { try await store.database.run(OutboxStore.unpark(chat, at: time.now)) }
                reload(chat)
            } catch {
                parked.insert(chat)
                logger.warning("parked replies wait on", metadata: ["error": "\(error.safeDescription)"])
            }
        }
    }

    // MARK: - The lane of a chat

    func reload(_ chat: ChatID) {
        queues[chat, default: OutboxQueue()].reload()
        group.wake(chat)
    }

    private func drain(_ chat: ChatID) async {
        // At shutdown what can go out at once still does; what has to wait, or waits until its account is taken, is
        // sent after the restart.
        while !Task.isCancelled {
            switch nextStep(for: chat) {
            case .rest: return
            case .wait(let until): return group.wake(chat, at: until)
            case .load: await load(chat)
            case .acquaint: await acquaint(chat)
            case .spare(let item): await spare(item)
            case .take: guard await take(chat.account, for: chat) else { return }
            case .send(let item, let provider, let lease): await send(item, through: provider, under: lease)
            case .bury(let item, let problem): await bury(item, problem: problem)
            }
            if group.isCrowded && !group.isStopped { return group.wake(chat) }
        }
    }

    private func nextStep(for chat: ChatID) -> Step {
        let now = readClock()
        guard let queue = queues[chat] else { return .rest }
        if queue.isSpent(at: now) {
            queues[chat] = nil
            return .rest
        }
        if queue.pausedUntil > now { return .wait(until: queue.pausedUntil) }
        if let due = queue.postponedUntil, due <= now {
            queues[chat]?.postponedUntil = nil
            queues[chat]?.reload()
            return .load
        }
        guard let head = queue.items.first else {
            if queue.hasMore { return .load }
            if let due = queue.postponedUntil { return .wait(until: due) }
            forgetSpentQueues(at: now)
            return .rest
        }
        let provider = directory.provider(of: chat)
        if let end = head.reply.validUntil, end < now { return .bury(head, ErrorCode.expired.label) }
        if settings.maxAge > .zero, head.waitingSince.adding(settings.maxAge) < now {
            return .bury(head, provider == nil ? "no_account" : "too_old")
        }
        guard let provider else { return waitForAccount(of: head, at: now) }
        if !missing.isEmpty { missing.remove(chat.account) }
        if blocked[chat] != nil { return .spare(head) }
        let lease = gates[chat.account]?.lease
        if lease == nil, limits.countsSends {
            let rest = gates[chat.account]?.takeAgainAt ?? now
            return rest > now ? .wait(until: rest) : .take
        }
        let abilities = provider.abilities
        var earliest = max(head.notBefore, queue.heldUntil, queue.awaited?.until ?? now)
        if let pace = abilities.chatPace { earliest = max(earliest, chatMeter.earliest(for: chat, by: pace, at: now)) }
        if let log = chatLogs[chat] { earliest = max(earliest, log.earliest(under: limits.perChat, in: 60, at: now)) }
        if earliest > now { return .wait(until: earliest) }
        if let end = trialEnd(of: chat.account, at: now) { return .wait(until: end) }
        guard let isStranger = isStranger(chat) else { return .acquaint }
        if isStranger, let free = gates[chat.account]?.earliestToStranger(at: now), free > now {
            return .wait(until: free)
        }
        if let place = place(of: chat, by: abilities.accountPace, at: now) { return .wait(until: place) }
        gates[chat.account, default: newGate].spend(chat.account, by: abilities.accountPace, at: now)
        noteSending(to: chat, isStranger: isStranger, at: now)
        if let pace = abilities.chatPace { chatMeter.spend(chat, by: pace, at: now) }
        beginTrial(of: head)
        return .send(head, provider, lease: lease)
    }

    /// Its account is not configured: the operator may bring it back until the reply is too old.
    private func waitForAccount(of item: OutboxItem, at now: Date) -> Step {
        let account = item.chat.account
        if missing.insert(account).inserted {
            alerts.raise(
                "account_missing", "replies wait for an account that is not configured",
                ["account": .own(account.rawValue), "setting": "\(directory.setting(of: account))"])
        }
        let look = now.adding(.seconds(600))
        guard settings.maxAge > .zero else { return .wait(until: look) }
        return .wait(until: min(look, item.waitingSince.adding(settings.maxAge + .milliseconds(1))))
    }

    /// When it is the chat's turn among all of its account; `nil` when that is now.
    private func place(of chat: ChatID, by pace: Pace?, at now: Date) -> Date? {
        let gate = gates[chat.account, default: newGate]
        if let place = queues[chat]?.place {
            if place > now { return place }
            queues[chat]?.place = nil
            if gate.earliest(for: chat.account, by: pace, at: now) <= now { return nil }
        }
        let place = gates[chat.account, default: gate].place(for: chat.account, by: pace, at: now)
        guard place > now else { return nil }
        if gates[chat.account]?.isFullAnew(at: now) == true { tellThatHourIsFull(of: chat.account) }
        queues[chat]?.place = place
        return place
    }

    private func forgetSpentQueues(at now: Date) {
        guard queues.count > queueLimit else { return }
        queues = queues.filter { !$0.value.isSpent(at: now) }
        queueLimit = max(1_024, queues.count * 2)
    }

    private func load(_ chat: ChatID) async {
        let reloads = queues[chat]?.reloads
        queues[chat]?.hasMore = false
        queues[chat]?.isLoading = true
        do {
            let page = try await store.open(in: chat, at: readClock(), limit: OutboxQueue.capacity)
            if !page.unreadable.isEmpty { try await buryUnreadable(page, in: chat) }
            var loaded = page.items.filter { underWay[$0.row] == nil }
            let wait = directory.provider(of: chat).flatMap {
                $0.abilities.choosesMessageIDs ? nil : $0.abilities.lostAnswerWait
            }
            let now = readClock()
            for index in loaded.indices { loaded[index].correct(at: now) }
            // A send that was cut by the end of a process may have gone out: wait for news of it first.
            for index in loaded.indices where loaded[index].state == .sending {
                if let wait { loaded[index].notBefore = max(loaded[index].notBefore, now.adding(wait)) }
            }
            // Behind a full page there is another look.
            let due = page.isFull ? nil : try await store.nextPostponed(in: chat, after: now)
            if queues[chat]?.reloads == reloads {
                queues[chat]?.take(loaded, andMore: page.isFull)
                queues[chat]?.postponedUntil = due
            }
        } catch {
            queues[chat]?.hasMore = true
            pause(chat, after: error)
        }
        queues[chat]?.isLoading = false
    }

    // MARK: - Small steps

    func replaceHead(with item: OutboxItem) {
        guard queues[item.chat]?.items.first?.row == item.row else { return }
        queues[item.chat]?.items[0] = item
    }

    func remove(_ row: Int64, from chat: ChatID) {
        guard queues[chat]?.items.first?.row == row else { return }
        queues[chat]?.items.removeFirst()
    }

    func pause(_ chat: ChatID, after error: any Error) {
        queues[chat]?.pausedUntil = readClock().adding(.seconds(2))
        logger.warning("the store failed; the outbox tries again", metadata: ["error": "\(error.safeDescription)"])
    }
}
