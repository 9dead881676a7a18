import BotKit
import Foundation
import Synchronization
import Testing
import TestKit

@testable import ControlPlane

@Suite(.timeLimit(.minutes(1))) struct ReadinessTests {
    private let time = ManualTime(Date(timeIntervalSince1970: 1_772_000_000))

    /// Runs `body` while the probes can be asked.
    private func running(
        _ probes: [ReadinessProbe], _ body: (Readiness) async throws -> Void
    ) async throws {
        let readiness = Readiness(probes: probes, limit: .seconds(5), lifetime: .seconds(1), time: time)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await readiness.run() }
            try await body(readiness)
            group.cancelAll()
        }
    }

    @Test func `waits for a hanging probe five seconds and no longer`() async throws {
        let gate = Gate()
        defer { gate.open() }
        let probes = [
            ReadinessProbe(name: "whatsapp") {
                await gate.wait()
                return true
            },
            ReadinessProbe(name: "openai") { true },
        ]
        try await running(probes) { readiness in
            async let answers = readiness.answers()
            #expect(await eventually { !time.wakeTimes.isEmpty })
            #expect(time.wakeTimes == [Date(timeIntervalSince1970: 1_772_000_005)])
            time.advance(by: .seconds(5))
            #expect(await answers == ["openai": true])
            gate.open()
        }
    }

    @Test func `asks each probe once for many questions, and again when the answer is old`() async throws {
        let count = Atomic(0)
        let probe = ReadinessProbe(name: "openai") {
            count.wrappingAdd(1, ordering: .relaxed)
            return true
        }
        try await running([probe]) { readiness in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { #expect(await readiness.answers() == ["openai": true]) } }
            }
            #expect(count.load(ordering: .relaxed) == 1)
            time.advance(by: .seconds(1))
            _ = await readiness.answers()
            #expect(count.load(ordering: .relaxed) == 2)
        }
    }

    @Test func `does not ask a hanging probe twice`() async throws {
        let count = Atomic(0)
        let gate = Gate()
        let probe = ReadinessProbe(name: "openai") {
            count.wrappingAdd(1, ordering: .relaxed)
            await gate.wait()
            return true
        }
        try await running([probe]) { readiness in
            for _ in 0..<3 {
                async let answers = readiness.answers()
                let soonest = time.now.addingTimeInterval(5)
                #expect(await eventually { time.wakeTimes.contains(soonest) })
                time.advance(by: .seconds(5))
                #expect(await answers == [:])
                time.advance(by: .seconds(2))
            }
            #expect(count.load(ordering: .relaxed) == 1)
            gate.open()
        }
    }

    @Test func `says no to everybody once it has stopped`() async throws {
        let readiness = Readiness(
            probes: [ReadinessProbe(name: "openai") { true }], limit: .seconds(5), lifetime: .seconds(1), time: time)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await readiness.run() }
            group.cancelAll()
        }
        #expect(await readiness.answers() == [:])
    }
}
