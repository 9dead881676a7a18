import BotKit
import Foundation

extension Duration {
    /// How many times longer than usual a test may take: `MARTLET_TEST_PATIENCE`, a whole number, or 1. A sanitizer
    /// makes everything slower, so `make sanitize` sets it.
    public static let slowness = max(
        1, ProcessInfo.processInfo.environment["MARTLET_TEST_PATIENCE"].flatMap(Int.init) ?? 1)

    /// How long a test waits for what should happen by itself: long, for a busy machine must not fail it.
    public static let patience = Duration.seconds(20) * slowness
}

/// Waits until `condition` holds, looking every few milliseconds of the machine's clock.
///
/// The one place where a test waits for something that happens by itself. It gives up after `limit` and returns
/// `false`, so that the test can say what did not happen: `#expect(await eventually { provider.sent.count == 2 })`.
public func eventually(
    within limit: Duration = .patience, _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= deadline || Task.isCancelled { return false }
        try? await SystemTime().sleep(for: .milliseconds(2))
    }
}
