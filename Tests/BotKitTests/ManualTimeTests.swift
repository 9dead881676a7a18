import BotKit
import Foundation
import Testing
import TestKit

@Suite struct ManualTimeTests {
    let start = Date(milliseconds: 1_767_225_600_000)
    let time: ManualTime

    init() { time = ManualTime(start) }

    private func waitForSleepers(_ count: Int) async throws {
        try #require(await eventually { time.wakeTimes.count >= count })
    }

    @Test func `stands still until it is moved`() {
        #expect(time.now == start)
        time.advance(by: .milliseconds(1500))
        #expect(time.now == start.addingTimeInterval(1.5))
    }

    @Test func `returns at once when the time has passed`() async throws {
        try await time.sleep(until: start)
        try await time.sleep(for: .zero)
    }

    @Test func `wakes those whose time has come and no others`() async throws {
        async let early: Void = time.sleep(for: .seconds(1))
        async let late: Void = time.sleep(for: .seconds(60))
        try await waitForSleepers(2)
        time.advance(by: .seconds(1))
        try await early
        #expect(time.wakeTimes == [start.addingTimeInterval(60)])
        time.advance(by: .seconds(59))
        try await late
        #expect(time.wakeTimes.isEmpty)
    }

    @Test func `ends a sleep whose task is cancelled`() async throws {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { [time] in
                do {
                    try await time.sleep(for: .seconds(60))
                    return false
                } catch { return error is CancellationError }
            }
            group.cancelAll()
            #expect(await group.next() == true)
        }
        #expect(time.wakeTimes.isEmpty)
    }
}
