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
    private struct Lane {
        var waiting: Deque<StoredMessage> = []
        /// The newest row that was in `waiting`; the table holds what is newer when `hasMore`.
        var newest: Int64 = 0
        var hasMore = false
        /// After a failure of the store: not before this time.
        var pausedUntil: Date?
        var failures = 0
    }
    private struct RunningTurn {
        let control: TurnControl
        let members: Set<MemberID>
    }
    private enum Step {
        case rest
        case wait(until: Date)
        case load(after: Int64)
        case turn([StoredMessage])
    }

    private let pipeline: MessagePipeline
    private let store: InboxStore
    private let settings: PipelineSettings
    private let time: any TimeSource
    private let logger: Logger
    private let group: LaneGroup
    private var lanes: [ChatID: Lane] = [:]
    private var running: [ChatID: RunningTurn] = [:]
    private var backlog = 0

    init(
        pipeline: MessagePipeline, store: InboxStore, settings: PipelineSettings, time: any TimeSource, logger: Logger
    ) {
        self.pipeline = pipeline
        self.store = store
        self.settings = settings
        self.time = time
        self.logger = logger
        group = LaneGroup(limit: settings.lanes, time: time)
    }

    /// Answers what waits from before, then what comes, until shutdown; running turns are finished first.
    public func run() async throws {
        try await recover()
        await withGracefulShutdownHandler {
            await group.run { chat in await self.drain(chat) }
        } onGracefulShutdown: {
            self.group.stop()
        }
    }

    /// Whether no turn runs, and none is due by `date`.
    public func isIdle(by date: Date) -> Bool { group.isIdle(by: date) }

    /// Whether the inbox may take another message.
    var hasRoom: Bool { settings.inboxCapacity == 0 || backlog < settings.inboxCapacity }

    /// Lines up messages that are stored. A word that stops an answer overtakes what waits.
    func submit(_ messages: [StoredMessage]) {
        backlog += messages.count
        for var stored in messages {
            let chat = stored.message.chat
            stored.overtakes = stopRunningTurn(for: stored.message)
            var lane = lanes[chat] ?? Lane()
            if lane.hasMore || lane.waiting.count >= settings.laneCapacity {
                lane.hasMore = true
            } else {
                lane.waiting.append(stored)
                lane.newest = max(lane.newest, stored.row)
            }
            lanes[chat] = lane
            group.wake(chat)
        }
    }

    private func recover() async throws {
        let given = try await store.noteRestart(limit: 20)
        if given > 0 { logger.error("gave up messages that were met by too many restarts", metadata: ["count": "\(given)"]) }
        backlog = try await store.waitingCount()
        if backlog > 0 { logger.info("answering what came before the restart", metadata: ["count": "\(backlog)"]) }
        for chat in try await store.waitingChats() where lanes[chat] == nil {
            lanes[chat] = Lane(hasMore: true)
            group.wake(chat)
        }
    }

    private func drain(_ chat: ChatID) async {
        while !group.isStopped && !Task.isCancelled {
            switch nextStep(for: chat) {
            case .rest: return
            case .wait(let until): return group.wake(chat, at: until)
            case .load(let after): await load(chat, after: after)
            case .turn(let messages): await take(messages, in: chat)
            }
        }
    }

    private func nextStep(for chat: ChatID) -> Step {
        guard var lane = lanes[chat] else { return .rest }
        let now = time.now
        if let until = lane.pausedUntil {
            if until > now { return .wait(until: until) }
            lane.pausedUntil = nil
        }
        guard let first = lane.waiting.first else {
            if lane.hasMore { return .load(after: lane.newest) }
            lanes[chat] = nil
            return .rest
        }
        if settings.settle > .zero, Burst.isPart(first.message), let last = lane.waiting.last {
            let patience = first.message.receivedAt.adding(settings.settle * 10)
            let settled = min(last.message.receivedAt.adding(settings.settle), patience)
            if settled > now && settled < now.adding(settings.settle * 2) {
                lanes[chat] = lane
                return .wait(until: settled)
            }
        }
        let turn = Burst.take(from: &lane.waiting)
        lanes[chat] = lane
        return .turn(turn)
    }

    private func load(_ chat: ChatID, after row: Int64) async {
        do {
            let loaded = try await store.waiting(in: chat, after: row, limit: settings.laneCapacity)
            guard var lane = lanes[chat] else { return }
            lane.waiting.append(contentsOf: loaded)
            lane.newest = max(lane.newest, loaded.last?.row ?? 0)
            lane.hasMore = loaded.count == settings.laneCapacity
            lanes[chat] = lane
        } catch {
            pause(chat, after: error)
        }
    }

    private func take(_ messages: [StoredMessage], in chat: ChatID) async {
        let control = TurnControl()
        running[chat] = RunningTurn(control: control, members: Set(messages.map(\.message.sender.id)))
        let end = await pipeline.handle(messages, control: control)
        running[chat] = nil
        switch end {
        case .closed:
            backlog -= messages.count
            lanes[chat]?.failures = 0
        case .interrupted:
            // The process is ending; the messages are still in the inbox and are answered after the restart.
            group.stop()
        case .storeFailed(let error):
            lanes[chat]?.waiting.prepend(contentsOf: messages)
            pause(chat, after: error)
        }
    }

    private func pause(_ chat: ChatID, after error: any Error) {
        lanes[chat]?.failures += 1
        let failures = min(lanes[chat]?.failures ?? 1, 6)
        let delay = Duration.milliseconds(500 * (1 << failures))
        lanes[chat]?.pausedUntil = time.now.adding(delay)
        logger.warning("the store failed; the chat is tried again", metadata: ["error": "\(error.safeDescription)"])
    }

    /// Cancels the chat's running turn when `message` is a word that does so.
    private func stopRunningTurn(for message: InboundMessage) -> Bool {
        guard pipeline.isStop(message) else { return false }
        guard let turn = running[message.chat], !message.isGroup || turn.members.contains(message.sender.id) else {
            return false
        }
        guard turn.control.stop() else { return false }
        pipeline.noteStop(by: message)
        return true
    }
}

/// What became of a turn.
enum TurnEnd: Sendable {
    case closed
    /// The process is shutting down; nothing was stored.
    case interrupted
    /// The store did not take the end of the turn; it must be tried again.
    case storeFailed(any Error)
}
