import Foundation
import Testing
import TestKit

@testable import BotKit

@Suite(.timeLimit(.minutes(1))) struct SystemTimeTests {
    @Test func `wakes when the time has come, and at once when it is past`() async throws {
        let time = SystemTime()
        let start = ContinuousClock.now
        try await time.sleep(for: .milliseconds(30))
        #expect(ContinuousClock.now - start >= .milliseconds(29))
        try await time.sleep(until: .distantPast)
    }

    @Test func `a sleeper whose task is cancelled wakes at once`() async {
        await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { try await SystemTime().sleep(for: .seconds(3_600)) } }
            group.cancelAll()
            while let result = await group.nextResult() {
                #expect(throws: CancellationError.self) { try result.get() }
            }
        }
    }

    @Test func `nothing is left of a wait that was cancelled`() async {
        final class Weak: Sendable {
            weak let alarm: Alarm?
            init(_ alarm: Alarm) { self.alarm = alarm }
        }
        let left = await withTaskGroup(of: Weak.self, returning: [Weak].self) { group in
            for _ in 0..<100 {
                group.addTask {
                    let alarm = Alarm()
                    try? await alarm.wait(3_600)
                    return Weak(alarm)
                }
            }
            // By then most of them wait.
            try? await Alarm().wait(0.05)
            group.cancelAll()
            return await group.reduce(into: []) { $0.append($1) }
        }
        // The timers are taken down on a queue of their own.
        #expect(await eventually { left.allSatisfy { $0.alarm == nil } })
    }
}
