import Synchronization

/// Follows the number that each commit of ratchets raises by one in the database.
///
/// As long as one commit comes after the other it is known without asking. Where they overlap, or one failed and may
/// have happened all the same, the database is asked.
final class RatchetCount: Sendable {
    private struct State {
        var number: Int64
        var inFlight = 0
        var begun = 0
        var isSure = true
    }
    private let state: Mutex<State>

    init(_ number: Int64) { state = Mutex(State(number: number)) }

    /// Runs a commit.
    /// - Parameter ask: reads the number in the database.
    /// - Returns: a number that the database has reached, with this commit or after it.
    func count(_ commit: () async throws -> Void, orAsk ask: () async throws -> Int64) async throws -> Int64 {
        state.withLock { state in
            state.begun += 1
            state.inFlight += 1
            if state.inFlight > 1 { state.isSure = false }
        }
        do { try await commit() } catch {
            state.withLock { state in
                state.inFlight -= 1
                state.isSure = false
            }
            throw error
        }
        let (number, begun): (Int64?, Int) = state.withLock { state in
            state.inFlight -= 1
            guard state.isSure else { return (nil, state.begun) }
            state.number += 1
            return (state.number, state.begun)
        }
        if let number { return number }
        let found = try await ask()
        state.withLock { state in
            state.number = max(state.number, found)
            // Nothing was under way while the database was asked, so that the answer holds.
            if state.inFlight == 0 && state.begun == begun { state.isSure = true }
        }
        return found
    }
}
