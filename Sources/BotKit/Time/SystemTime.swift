public import Foundation

/// The machine's clock.
public struct SystemTime: TimeSource {
    public init() {}
    public var now: Date { Date() }
    public func sleep(until time: Date) async throws {
        let seconds = time.timeIntervalSinceNow
        guard seconds > 0 else { return try Task.checkCancellation() }
        try await Alarm().wait(min(seconds, 86_400 * 365))
    }
}
