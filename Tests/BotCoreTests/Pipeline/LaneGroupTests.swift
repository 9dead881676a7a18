import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct LaneGroupTests {
    let time = ManualTime(.monday)
    let drained = Recorder<ChatID>()

    /// Runs a group whose drains `body` does, while `test` looks at it.
    private func run(
        _ group: LaneGroup, _ drain: @escaping @Sendable (ChatID) async -> Void = { _ in },
        _ test: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [drained] in
                await group.run { chat in
                    drained.add(chat)
                    await drain(chat)
                }
            }
            try await test()
            group.stop()
            try await tasks.waitForAll()
        }
    }

    @Test func `drains what was woken before and after it runs`() async throws {
        let group = LaneGroup(limit: 4, time: time)
        group.wake("a")
        try await run(group) {
            #expect(await eventually { drained.values == ["a"] })
            group.wake("b")
            #expect(await eventually { drained.values == ["a", "b"] })
            #expect(await eventually { group.isIdle(by: time.now) })
        }
    }

    @Test func `never runs two drains of one chat, and runs once more after a wake in between`() async throws {
        let group = LaneGroup(limit: 4, time: time)
        let (door, gauge) = (Door(), Gauge())
        door.shut()
        try await run(group) { _ in
            try? await gauge.pass(door)
        } _: {
            group.wake("a")
            #expect(await eventually { door.waiting == 1 })
            for _ in 1...5 { group.wake("a") }
            door.letOneThrough()
            #expect(await eventually { drained.count == 2 && door.waiting == 1 })
            #expect(gauge.most == 1)
            door.open()
            #expect(await eventually { group.isIdle(by: time.now) })
            #expect(drained.count == 2)
        }
    }

    @Test func `runs no more drains than its limit, first come first served`() async throws {
        let group = LaneGroup(limit: 2, time: time)
        let (door, gauge) = (Door(), Gauge())
        door.shut()
        try await run(group) { _ in
            try? await gauge.pass(door)
        } _: {
            for chat in ["a", "b", "c", "d", "e"] as [ChatID] { group.wake(chat) }
            #expect(await eventually { door.waiting == 2 })
            #expect(group.isCrowded)
            for expected in 3...5 {
                door.letOneThrough()
                #expect(await eventually { drained.count == expected && door.waiting == 2 })
            }
            door.open()
            #expect(await eventually { group.isIdle(by: time.now) })
            #expect(drained.values.suffix(3) == ["c", "d", "e"])
            #expect(gauge.most == 2)
        }
    }

    @Test func `a chat that is woken again and again goes behind those that wait`() async throws {
        let group = LaneGroup(limit: 1, time: time)
        let door = Door()
        door.shut()
        try await run(group) { _ in
            try? await door.pass()
        } _: {
            group.wake("busy")
            #expect(await eventually { door.waiting == 1 })
            group.wake("patient")
            group.wake("busy")
            door.letOneThrough()
            #expect(await eventually { drained.count == 2 })
            #expect(drained.values == ["busy", "patient"])
            door.open()
            #expect(await eventually { drained.values == ["busy", "patient", "busy"] })
        }
    }

    @Test func `an alarm holds no place and rings in time`() async throws {
        let group = LaneGroup(limit: 1, time: time)
        try await run(group) {
            group.wake("a", at: time.now.adding(.seconds(10)))
            #expect(group.isIdle(by: time.now))
            #expect(!group.isIdle(by: time.now.adding(.seconds(10))))
            group.wake("b")
            #expect(await eventually { drained.values == ["b"] })
            #expect(await eventually { time.wakeTimes.count == 1 })
            time.advance(by: .milliseconds(9_999))
            #expect(await eventually { group.isIdle(by: time.now) })
            #expect(drained.values == ["b"])
            time.advance(by: .milliseconds(1))
            #expect(await eventually { drained.values == ["b", "a"] })
            #expect(await eventually { group.isIdle(by: .distantFuture) })
        }
    }

    @Test func `a chat has one alarm, the earliest that was asked for`() async throws {
        let group = LaneGroup(limit: 1, time: time)
        try await run(group) {
            for second in [30, 10, 20, 10, 40] { group.wake("a", at: time.now.adding(.seconds(second))) }
            #expect(await eventually { time.wakeTimes.count == 2 })
            time.advance(by: .seconds(10))
            #expect(await eventually { drained.values == ["a"] })
            #expect(await eventually { group.isIdle(by: .distantFuture) })
            time.advance(by: .seconds(60))
            #expect(await eventually { time.wakeTimes.isEmpty })
            #expect(await eventually { group.isIdle(by: .distantFuture) })
            #expect(drained.values == ["a"])
        }
    }

    @Test func `stops after what runs, without waiting for alarms`() async throws {
        let group = LaneGroup(limit: 1, time: time)
        let (door, ended) = (Door(), Gauge())
        door.shut()
        try await run(group) { _ in
            try? await door.pass()
            ended.enter()
        } _: {
            group.wake("a", at: time.now.adding(.seconds(3_600)))
            group.wake("b")
            #expect(await eventually { door.waiting == 1 })
            group.wake("c")
            group.stop()
            #expect(group.isStopped)
            door.open()
        }
        #expect(ended.now == 1)
        #expect(drained.values == ["b"])
    }

    @Test func `loses no wake-up under load`() async throws {
        let group = LaneGroup(limit: 3, time: time)
        let todo = Todo()
        try await run(group) {
            await todo.drain($0)
        } _: {
            await withTaskGroup(of: Void.self) { tasks in
                for task in 0..<8 {
                    tasks.addTask {
                        for number in 0..<500 {
                            let chat = ChatID(rawValue: "c\((task + number) % 7)")
                            await todo.add(chat)
                            group.wake(chat)
                        }
                    }
                }
            }
            #expect(await eventually { await todo.isDone })
            #expect(await eventually { group.isIdle(by: time.now) })
        }
    }

    private actor Todo {
        private var open: [ChatID: Int] = [:]
        private var done = 0
        var isDone: Bool { done == 4_000 }
        func add(_ chat: ChatID) { open[chat, default: 0] += 1 }
        func drain(_ chat: ChatID) {
            done += open[chat] ?? 0
            open[chat] = nil
        }
    }
}
