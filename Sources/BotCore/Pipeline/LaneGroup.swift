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
        var alarms: [UInt64: Date] = [:]
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
        state.withLock { state in
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
    }

    /// Has the chat's drain run at `date`; it holds no place until then.
    func wake(_ chat: ChatID, at date: Date) {
        let new = state.withLock { state in
            state.nextAlarm += 1
            state.alarms[state.nextAlarm] = date
            return Alarm(id: state.nextAlarm, chat: chat, at: date)
        }
        alarm.yield(new)
    }

    /// Whether no drain runs or waits, and no alarm is due by `date`.
    func isIdle(by date: Date) -> Bool {
        state.withLock { $0.phases.isEmpty && !$0.alarms.values.contains { $0 <= date } }
    }

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

    private func finished(_ chat: ChatID) {
        state.withLock { state in
            if state.phases[chat] == .runningAgain {
                state.phases[chat] = .running
                start.yield(chat)
                return
            }
            state.phases[chat] = nil
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
                    self.wake(alarm.chat)
                    self.state.withLock { $0.alarms[alarm.id] = nil }
                }
            }
            group.cancelAll()
        }
    }
}
