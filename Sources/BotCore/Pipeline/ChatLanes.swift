import BotKit
import DequeModule
public import Foundation
import Logging
public import ServiceLifecycle

/// Hands each chat's messages to the pipeline in order, many chats side by side.
///
/// A chat holds a bounded number of messages in memory; what exceeds it stays in the inbox table, where it lies anyway,
/// and is read when the lane is empty. Nothing is dropped and nothing changes places.
public actor ChatLanes: Service {
    private enum Step {
        case rest
        case wait(until: Date)
        case load
        case learnRule
        case store(TurnLine)
        /// - Parameter stop: the message that ended it before it began.
        case turn([StoredMessage], stop: InboundMessage?)
    }

    private let pipeline: MessagePipeline
    private let store: InboxStore
    private let settings: PipelineSettings
    private let burst: Burst
    private let time: any TimeSource
    private let logger: Logger
    private let alerts: OperatorAlerts
    let group: LaneGroup
    private let begins: BeginLedger
    private var lanes: [ChatID: ChatLane] = [:]
    private var running: [ChatID: TurnControl] = [:]
    /// Rows that are being stored and will be submitted.
    private var arriving: Set<Int64> = []
    private var backlog = 0
    private var hasRecovered = false
    /// The chat whose turn may be what ends the process. Such turns run one at a time, so that none is taken for
    /// another.
    private var suspect: ChatID?
    /// The chats whose next turn waits for that one to end.
    private var waitingSuspects: Set<ChatID> = []

    init(
        pipeline: MessagePipeline, store: InboxStore, settings: PipelineSettings, time: any TimeSource, logger: Logger,
        alerts: OperatorAlerts
    ) {
        self.pipeline = pipeline
        self.store = store
        self.settings = settings
        self.time = time
        self.logger = logger
        self.alerts = alerts
        burst = Burst(
            settle: settings.settle, limit: settings.settleTexts,
            longest: settings.maxLength > 0 ? settings.maxLength : .max, names: settings.names
        ) { pipeline.isCall($0) }
        group = LaneGroup(limit: settings.lanes, time: time)
        begins = BeginLedger(
            limit: settings.maxBegins, store: store, firstRow: store.ids.next(at: time.now), logger: logger,
            alerts: alerts)
    }

    /// Answers what waits from before, then what comes, until shutdown; running turns are finished first.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            try await recover()
            await group.run { chat in await self.drain(chat) }
        } onGracefulShutdown: {
            self.group.stop()
        }
    }

    /// Whether no turn runs, and none is due by `date`; not before what waited at the start is lined up.
    public func isIdle(by date: Date) -> Bool { hasRecovered && group.isIdle(by: date) }

    /// How many messages are stored and not closed, in memory and in the table.
    var depth: Int { backlog }

    // MARK: - What comes in

    /// Makes room for messages that are about to be stored.
    /// - Returns: `false` when there is none; otherwise `submit` or `forget` follows.
    func expect(_ rows: [Int64]) -> Bool {
        // News of what was sent, without messages, is let in even when the line is full: it is what empties it.
        guard settings.inboxCapacity == 0 || backlog < settings.inboxCapacity || rows.isEmpty else { return false }
        backlog += rows.count
        arriving.formUnion(rows)
        return true
    }

    /// Gives back the room of messages that could not be stored.
    func forget(_ rows: [Int64]) {
        backlog -= rows.count
        arriving.subtract(rows)
    }

    /// Lines up messages that are stored, those that were new among the expected `rows`. A word that stops an answer
    /// overtakes what waits.
    func submit(_ messages: [StoredMessage], of rows: [Int64]) {
        backlog -= rows.count - messages.count
        arriving.subtract(rows)
        for var stored in messages {
            let chat = stored.message.chat
            stored.overtakes = stopRunningTurn(for: stored.message)
            var lane = lanes[chat] ?? ChatLane()
            let isFull = lane.hasMore || lane.waiting.count >= settings.laneCapacity
            // Until the old messages are lined up, new ones are read from the table behind them.
            if !hasRecovered || lane.isLoading || (isFull && !stored.overtakes) {
                lane.hasMore = true
            } else {
                lane.waiting.append(stored)
            }
            lanes[chat] = lane
            group.wake(chat)
        }
    }

    private func recover() async throws {
        while !group.isStopped {
            do { return try await lineUpWaiting() } catch  where error.classified == .outage {
                logger.warning(
                    "the store failed; what waits is looked for again", metadata: ["error": "\(error.safeDescription)"])
                try await time.sleep(for: .seconds(2))
            }
        }
    }

    private func lineUpWaiting() async throws {
        try await begins.giveUp { try await pipeline.giveUp($0) }
        let waiting = try await store.waitingChats(before: begins.firstRow)
        let count = waiting.reduce(0) { $0 + $1.count }
        if count > 0 { logger.info("answering what came before the restart", metadata: ["count": "\(count)"]) }
        backlog += count
        for (chat, _) in waiting {
            lanes[chat, default: ChatLane()].hasMore = true
            group.wake(chat)
        }
        hasRecovered = true
    }

    // MARK: - The lane of a chat

    private func drain(_ chat: ChatID) async {
        while !group.isStopped && !Task.isCancelled {
            switch nextStep(for: chat) {
            case .rest: return
            case .wait(let until): return group.wake(chat, at: until)
            case .load: await load(chat)
            case .learnRule: await learnRule(of: chat)
            case .store(let line): end(await pipeline.deliver(line), of: line.rows.count, in: chat)
            case .turn(let messages, let stop): await take(messages, stoppedBy: stop, in: chat)
            }
            if group.isCrowded { return group.wake(chat) }
        }
    }

    private func nextStep(for chat: ChatID) -> Step {
        guard var lane = lanes[chat] else { return .rest }
        let now = time.now
        if let until = lane.rest(at: now) { return .wait(until: until) }
        if let line = lane.unstored { return .store(line) }
        guard let first = lane.waiting.first else {
            if lane.hasMore { return .load }
            lanes[chat] = nil
            return .rest
        }
        if lane.rule == nil, burst.asksForRule(first.message) { return .learnRule }
        if burst.isPart(first.message, by: lane.rule), let last = lane.waiting.last {
            let patience = first.message.receivedAt.adding(settings.settle * 10)
            let settled = min(last.message.receivedAt.adding(settings.settle), patience)
            if settled > now && settled < now.adding(settings.settle * 2) { return .wait(until: settled) }
        }
        let turn = burst.take(from: &lane.waiting, by: lane.rule)
        if turn.contains(where: \.isSuspect) {
            guard suspect == nil else {
                waitingSuspects.insert(chat)
                return .rest
            }
            suspect = chat
        }
        lanes[chat] = lane
        return .turn(turn, stop: stop(of: turn, among: lane.waiting))
    }

    /// The word by which the member of a turn ended it while it waited.
    private func stop(of turn: [StoredMessage], among waiting: Deque<StoredMessage>) -> InboundMessage? {
        let last = turn[turn.count - 1]
        guard !pipeline.isStop(last.message) else { return nil }
        return waiting.first {
            $0.message.sender.id == last.message.sender.id && $0.row > last.row && pipeline.isStop($0.message)
        }?.message
    }

    private func load(_ chat: ChatID) async {
        lanes[chat]?.isLoading = true
        do {
            // What came while the table was read may belong to the burst that was found: it is read once more.
            for _ in 0..<3 {
                lanes[chat]?.hasMore = false
                let page = try await store.waiting(in: chat, limit: settings.laneCapacity)
                if !page.unreadable.isEmpty { try await setAside(page, in: chat) }
                // What is being stored at this moment is submitted in the next.
                lanes[chat]?.waiting = Deque(page.items.filter { !arriving.contains($0.row) })
                if page.isFull { lanes[chat]?.hasMore = true }
                guard !page.isFull, lanes[chat]?.hasMore == true else { break }
            }
        } catch {
            lanes[chat]?.hasMore = true
            pause(chat, after: error)
        }
        lanes[chat]?.isLoading = false
    }

    private func learnRule(of chat: ChatID) async {
        do {
            let own = try await store.activation(of: chat)
            lanes[chat]?.rule = settings.activation(own: own)
        } catch {
            pause(chat, after: error)
        }
    }

    /// Ends what this version cannot read, so that the rest of the chat is answered.
    private func setAside(_ page: RowPage<StoredMessage>, in chat: ChatID) async throws {
        let count = try await store.setAside(page.unreadable, at: time.now)
        guard count > 0 else { return }
        backlog -= count
        alerts.raise(
            "unreadable_message", "stored messages are damaged or of a newer version, and are not answered", in: chat,
            ["rows": .own(page.unreadableList)])
    }

    private func take(_ messages: [StoredMessage], stoppedBy stop: InboundMessage?, in chat: ChatID) async {
        var messages = messages
        let control = TurnControl()
        if let stop, control.stop() { pipeline.noteStop(by: stop) }
        running[chat] = control
        let result: TurnEnd
        do {
            messages = try await begins.count(messages)
            result = await pipeline.handle(messages, control: control)
        } catch {
            result = Task.isCancelled ? .interrupted : .notOpened(error)
        }
        running[chat] = nil
        // The turn may have changed it.
        lanes[chat]?.rule = nil
        if case .notOpened = result { lanes[chat]?.waiting.prepend(contentsOf: messages) }
        if case .interrupted = result { await begins.takeBack(messages) }
        end(result, of: messages.count, in: chat)
        guard suspect == chat else { return }
        suspect = nil
        for chat in waitingSuspects { group.wake(chat) }
        waitingSuspects = []
    }

    private func end(_ result: TurnEnd, of count: Int, in chat: ChatID) {
        switch result {
        case .closed:
            backlog -= count
            lanes[chat]?.failures = 0
            lanes[chat]?.unstored = nil
        case .interrupted:
            // The process is ending; the messages are still in the inbox and are answered after the restart.
            group.stop()
        case .notOpened(let error): pause(chat, after: error)
        case .notStored(let error, let line):
            lanes[chat]?.unstored = line
            pause(chat, after: error)
        }
    }

    private func pause(_ chat: ChatID, after error: any Error) {
        lanes[chat]?.pause(at: time.now)
        logger.warning("the store failed; the chat is tried again", metadata: ["error": "\(error.safeDescription)"])
    }

    /// Cancels the chat's running turn when `message` is a word that does so. In a group the answer is everybody's, so
    /// whoever is answered at all may stop it.
    private func stopRunningTurn(for message: InboundMessage) -> Bool {
        guard pipeline.isStop(message), let turn = running[message.chat], turn.stop() else { return false }
        pipeline.noteStop(by: message)
        return true
    }
}
