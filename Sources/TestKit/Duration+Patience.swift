import BotKit
import Foundation

extension Duration {
    /// How many times longer than usual a test may take: `MARTLET_TEST_PATIENCE`, a whole number, or 1. A sanitizer
    /// makes everything slower, so `make sanitize` sets it.
    public static let slowness = max(
        1, ProcessInfo.processInfo.environment["MARTLET_TEST_PATIENCE"].flatMap(Int.init) ?? 1)

    /// How long a test waits for what should happen by itself: long, for a busy machine must not fail it.
    public static let patience = Duration.seconds(30) * slowness
}

/// Waits until `condition` holds, looking every few milliseconds of the machine's clock.
///
/// The one place where a test waits for something that happens by itself. It gives up after `limit` and returns
/// `false`, so that the test can say what did not happen: `#expect(await eventually { provider.sent.count == 2 })`.
/// - Parameter interval: the pause between two looks; longer where a look costs something.
public func eventually(
    within limit: Duration = .patience, every interval: Duration = .milliseconds(2),
    _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        if ContinuousClock.now >= deadline || Task.isCancelled { return false }
        try? await SystemTime().sleep(for: interval)
    }
}

/// Waits until `look` gives something, and returns it: for what other programs do, so with three times the patience.
/// - Throws: `WaitedInVain` with `what` when nothing came within `limit`.
public func eventually<Value>(
    _ what: String, within limit: Duration = .patience * 3, _ look: () async throws -> Value?
) async throws -> Value {
    var value: Value?
    _ = try await eventually(within: limit, every: .milliseconds(10)) {
        value = try await look()
        return value != nil
    }
    guard let value else {
        try Task.checkCancellation()
        throw WaitedInVain(description: "\(what): not within \(limit)")
    }
    return value
}

/// What a test waited for did not happen.
public struct WaitedInVain: Error, CustomStringConvertible {
    public let description: String
}
