/// Waits for `duration`; the one place of the emulator that sleeps, for it has to play a slow network in real time.
///
/// - Throws: `CancellationError` when the emulator stops meanwhile.
func pause(_ duration: Duration) async throws {
    guard duration > .zero else { return }
    try await Task.sleep(for: duration)
}
