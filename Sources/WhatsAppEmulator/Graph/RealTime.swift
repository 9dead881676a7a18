/// The one place of the emulator that sleeps, for it has to play a slow network in real time.
enum RealTime {
    /// Waits for `duration`.
    /// - Throws: `CancellationError` when the emulator stops meanwhile.
    static func pass(_ duration: Duration) async throws {
        guard duration > .zero else { return }
        try await Task.sleep(for: duration)
    }
}
