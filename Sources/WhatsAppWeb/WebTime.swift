public import Foundation

/// Where a client takes the time and its waits from, so that tests can hold both.
public struct WebTime: Sendable {
    public var now: @Sendable () -> Date
    public var sleep: @Sendable (Duration) async throws -> Void

    public init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's clock.
    public static let system = WebTime(now: { Date() }, sleep: { try await Task.sleep(for: $0, clock: .continuous) })
}
