import Synchronization

/// Runs tasks on the thread that asks for it, one job at a time: what happens next is for the test to choose.
final class SteppedExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    var isIdle: Bool { jobs.withLock { $0.isEmpty } }

    /// Runs one of the jobs that wait.
    /// - Parameter choose: picks one of so many.
    /// - Returns: whether there was one.
    @discardableResult
    func step(_ choose: (Int) -> Int = { _ in 0 }) -> Bool {
        let job: UnownedJob? = jobs.withLock { jobs in
            guard !jobs.isEmpty else { return nil }
            return jobs.remove(at: choose(jobs.count))
        }
        job?.runSynchronously(on: asUnownedTaskExecutor())
        return job != nil
    }

    /// Runs jobs until none is left.
    func drain() { while step() {} }
}
