import Foundation
import Testing

/// Whatever goes wrong at whatever moment: no key is used twice, and nothing is lost or told twice.
@Suite(.timeLimit(.minutes(15))) struct ChaosTests {
    private static let seed = ProcessInfo.processInfo.environment["MARTLET_CHAOS_SEED"].flatMap { UInt64($0) }
    private static let steps = ProcessInfo.processInfo.environment["MARTLET_CHAOS_STEPS"].flatMap { Int($0) } ?? 100_000

    @Test func `clients keep their promises over a hundred thousand mishaps`() async throws {
        let seed = Self.seed ?? 7
        let start = ContinuousClock.now
        let report = try await ChaosRun.perform(seed: seed, steps: Self.steps)
        let counts = report.counts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let time = ContinuousClock.now - start
        print("chaos: seed \(seed), \(Self.steps) steps in \(time); \(counts.joined(separator: "; "))")
        #expect(report.wrong.isEmpty, "seed \(seed), \(report.wrong.count): \(report.wrong.prefix(20))")
    }
}
