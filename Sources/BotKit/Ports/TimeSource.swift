public import Foundation

/// Where the time comes from, so that a test or a script can move it.
public protocol TimeSource: Sendable {
    var now: Date { get }
    /// Waits until `time`; returns at once when that has passed.
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until time: Date) async throws
}

extension TimeSource {
    /// Waits for a span from now.
    public func sleep(for duration: Duration) async throws { try await sleep(until: now.adding(duration)) }
}
