public import Foundation

/// Where a client takes the time and its waits from, so that tests can hold both.
public struct WebTime: Sendable {
    public var now: @Sendable () -> Date
    /// How long something has lasted is measured by this one, which nobody sets.
    public var instant: @Sendable () -> ContinuousClock.Instant
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Date, instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.instant = instant
        self.sleep = sleep
    }

    /// The machine's clock.
    public static let system = WebTime(now: { Date() }, sleep: { try await Task.sleep(for: $0, clock: .continuous) })
}
