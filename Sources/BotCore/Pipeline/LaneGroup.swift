import BotKit
import DequeModule
import Foundation
import Synchronization

/// Runs the work of many chats side by side and the work of one chat in order.
///
/// A lane is a chat with something to do. `wake` starts its drain as a child task, or has it run once more when it is
/// already running; no more than `limit` drains run at once, the others wait their turn. What there is to do is kept
/// by the owner: a lane is only the right to do it.
final class LaneGroup: Sendable {
    private enum Phase { case waiting, running, runningAgain }
    private struct Alarm: Sendable {
        let id: UInt64
        let chat: ChatID
        let at: Date
    }
    private struct State {
        var phases: [ChatID: Phase] = [:]
        var waiting: Deque<ChatID> = []
        var running = 0
        var nextAlarm: UInt64 = 0
        var alarms: [ChatID: Alarm] = [:]
        var isStopped = false
    }

    private let limit: Int
    private let time: any TimeSource
    private let state = Mutex(State())
    private let starts: AsyncStream<ChatID>
    private let start: AsyncStream<ChatID>.Continuation
    private let alarms: AsyncStream<Alarm>
    private let alarm: AsyncStream<Alarm>.Continuation

    init(limit: Int, time: any TimeSource) {
        self.limit = limit
        self.time = time
        (starts, start) = AsyncStream.makeStream()
        (alarms, alarm) = AsyncStream.makeStream()
    }

    /// Has the chat's drain run, now or as soon as there is room.
    func wake(_ chat: ChatID) {
        state.withLock { wake(chat, in: &$0) }
    }

    /// Has the chat's drain run at `date`; it holds no place until then. A chat has one alarm, the earliest: the drain
    /// that it starts looks at what there is to do, and asks for the next.
    func wake(_ chat: ChatID, at date: Date) {
        let new: Alarm? = state.withLock { state in
            if let set = state.alarms[chat], set.at <= date { return nil }
            state.nextAlarm += 1
            let alarm = Alarm(id: state.nextAlarm, chat: chat, at: date)
            state.alarms[chat] = alarm
            return alarm
        }
        if let new { alarm.yield(new) }
    }

    /// Whether no drain runs or waits, and no alarm is due by `date`.
    func isIdle(by date: Date) -> Bool {
        state.withLock { $0.phases.isEmpty && !$0.alarms.values.contains { $0.at <= date } }
    }

    /// Whether chats wait for a place. A drain that has much to do then gives up its own for a while.
    var isCrowded: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// Runs drains until `stop` is called, then waits for those that run.
    func run(_ drain: @escaping @Sendable (ChatID) async -> Void) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.ringAlarms() }
            for await chat in starts {
                group.addTask {
                    await drain(chat)
                    self.finished(chat)
                }
            }
            alarm.finish()
        }
    }

    /// Starts no further drain; those that run shall end soon.
    func stop() {
        state.withLock { $0.isStopped = true }
        start.finish()
    }

    /// Whether drains shall end after what they are doing now.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    private func wake(_ chat: ChatID, in state: inout State) {
        switch state.phases[chat] {
        case nil where state.running < limit:
            state.running += 1
            state.phases[chat] = .running
            start.yield(chat)
        case nil:
            state.phases[chat] = .waiting
            state.waiting.append(chat)
        case .running: state.phases[chat] = .runningAgain
        case .waiting, .runningAgain: break
        }
    }

    private func finished(_ chat: ChatID) {
        state.withLock { state in
            if state.phases[chat] == .runningAgain {
                // Those who wait go first: a chat that never rests must not keep its place for ever.
                state.phases[chat] = .waiting
                state.waiting.append(chat)
            } else {
                state.phases[chat] = nil
            }
            if let next = state.waiting.popFirst() {
                state.phases[next] = .running
                start.yield(next)
            } else {
                state.running -= 1
            }
        }
    }

    private func ringAlarms() async {
        await withDiscardingTaskGroup { group in
            for await alarm in alarms {
                group.addTask {
                    try? await self.time.sleep(until: alarm.at)
                    guard !Task.isCancelled else { return }
                    self.ring(alarm)
                }
            }
            group.cancelAll()
        }
    }

    /// An alarm that an earlier one has replaced stays silent.
    private func ring(_ alarm: Alarm) {
        state.withLock { state in
            guard state.alarms[alarm.chat]?.id == alarm.id else { return }
            state.alarms[alarm.chat] = nil
            wake(alarm.chat, in: &state)
        }
    }
}
