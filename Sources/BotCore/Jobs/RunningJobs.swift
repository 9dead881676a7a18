import Synchronization

/// The jobs that this process does now, so that whoever cancels one can end it.
public final class RunningJobs: Sendable {
    private let controls = Mutex<[Int64: TurnControl]>([:])

    public init() {}

    var rows: Set<Int64> { Set(controls.withLock(\.keys)) }
    var count: Int { controls.withLock(\.count) }

    func begin(_ row: Int64) -> TurnControl {
        let control = TurnControl()
        controls.withLock { $0[row] = control }
        return control
    }

    func end(_ row: Int64, _ control: TurnControl) {
        // It may have been taken back and begun anew meanwhile.
        controls.withLock { if $0[row] === control { $0[row] = nil } }
    }

    /// Ends jobs at once; their rows stay as they are.
    func stop(_ rows: [Int64]) {
        for control in controls.withLock({ controls in rows.compactMap { controls[$0] } }) { _ = control.stop() }
    }
}
