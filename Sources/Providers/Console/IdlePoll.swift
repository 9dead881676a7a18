/// The one place where the console waits by the real clock.
///
/// The clock of the product cannot be used here: with `--manual-clock` it stands still until the console, which waits
/// for the bot to be idle, moves it.
enum IdlePoll {
    /// How often the bot is asked whether it is idle.
    static let interval = Duration.milliseconds(5)

    /// Waits a little; returns at once when the task is cancelled.
    static func pause(for duration: Duration = interval) async {
        try? await Task.sleep(for: duration, clock: .continuous)
    }

    /// Asks `condition` again and again.
    /// - Parameter patience: how long to wait; `nil` for ever.
    /// - Returns: whether it came true.
    @discardableResult
    static func wait(
        patience: Duration?, unless isEnding: () async -> Bool, for condition: () async -> Bool
    ) async -> Bool {
        let deadline = patience.map { ContinuousClock.now + $0 }
        while true {
            if await condition() { return true }
            if await isEnding() { return false }
            if let deadline, ContinuousClock.now >= deadline { return false }
            await pause()
        }
    }
}
