import Synchronization

/// The jobs that this process does now, so that whoever cancels one can end it.
public final class RunningJobs: Sendable {
    private struct State {
        var controls: [Int64: TurnControl] = [:]
        /// What was stopped and does not run: it may begin before that is stored.
        var stopped: Set<Int64> = []
    }
    /// How many of those are remembered; what a member stopped never begins, and stays among them.
    private static let room = 10_000
    private let state = Mutex(State())

    public init() {}

    var rows: Set<Int64> { Set(state.withLock(\.controls.keys)) }
    var count: Int { state.withLock(\.controls.count) }

    /// A job begins; one that was stopped just before is at its end. Should that not have been stored, it begins again
    /// when its lease is over.
    func begin(_ job: ClaimedJob) -> TurnControl {
        let control = TurnControl()
        let isStopped = state.withLock { state in
            state.controls[job.row] = control
            return state.stopped.remove(job.row) != nil && !job.isCancelled
        }
        if isStopped { _ = control.stop() }
        return control
    }

    func end(_ row: Int64, _ control: TurnControl) {
        // It may have been taken back and begun anew meanwhile.
        state.withLock { if $0.controls[row] === control { $0.controls[row] = nil } }
    }

    /// Ends jobs at once, or as soon as they begin; their rows stay as they are.
    func stop(_ rows: [Int64]) {
        let controls = state.withLock { state in
            if state.stopped.count > Self.room { state.stopped = [] }
            state.stopped.formUnion(rows.filter { state.controls[$0] == nil })
            return state.controls.filter { rows.contains($0.key) }
        }
        // One that is at its end may be tried again.
        let ended = controls.filter { !$0.value.stop() }.keys
        if !ended.isEmpty { state.withLock { $0.stopped.formUnion(ended) } }
    }

    /// Ends jobs that are somebody else's by now, or nobody's.
    func letGo(_ rows: Set<Int64>) {
        for control in state.withLock({ state in rows.compactMap { state.controls[$0] } }) { _ = control.stop() }
    }
}
