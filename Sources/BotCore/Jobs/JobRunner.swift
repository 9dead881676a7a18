import BotKit
public import Foundation
import Logging
public import ServiceLifecycle

/// Does stored jobs when they are due: the urgent first, each kind within its own bound, again when they fail. Of heavy
/// work little is done at once, and each member gets a fair share.
public actor JobRunner: Service {
    let store: JobStore
    private let handlers: [String: AnyJobHandler]
    private let heavyKinds: [String]
    private let role: JobRole
    let schedules: [Schedule]
    let settings: JobSettings
    let queue: QueueSettings
    private let deliveries: DeliveryDesk
    private let audit: AuditLog
    let ids: RowIDs
    let time: any TimeSource
    let logger: Logger
    private let metrics = JobMetrics()
    private let alerts: OperatorAlerts
    let signal = Signal()
    private let underWay: RunningJobs
    /// How soon it is noticed what another process stored.
    private static let glance = Duration.milliseconds(500)

    private var running: [String: Int] = [:]
    /// When each schedule is due next, by its name.
    var nextRuns: [String: Date] = [:]
    /// The latest time that was read, to notice a clock that is set back.
    var clockRead: Date = .distantPast
    /// When every process had the time to renew its leases by the clock as it is; `nil` before the first look.
    var leasesTrusted: Date?
    /// The longest wait after a failure.
    static let longestRetry = Duration.seconds(3_600)
    /// Whether the table was brought in order after the start.
    private var isPrepared = false
    /// Nothing is due before this time; `nil` while that is not known.
    private var quietUntil: Date?
    /// Counts what may have changed the answer to that, so that a look which began earlier does not give it.
    private var changes = 0

    init(
        store: JobStore, role: JobRole, handlers: [AnyJobHandler], schedules: [Schedule], settings: JobSettings,
        queue: QueueSettings, deliveries: DeliveryDesk, audit: AuditLog, ids: RowIDs, time: any TimeSource,
        logger: Logger,
        alerts: OperatorAlerts, underWay: RunningJobs
    ) {
        self.store = store
        self.role = role
        let own = handlers.filter { $0.isHeavy || !role.isWorker }
        self.handlers = Dictionary(own.map { ($0.kind, $0) }) { first, _ in first }
        heavyKinds = own.filter(\.isHeavy).map(\.kind)
        self.schedules = role.isWorker ? [] : schedules
        self.settings = settings
        self.queue = queue
        self.deliveries = deliveries
        self.audit = audit
        self.ids = ids
        self.time = time
        self.logger = logger
        self.alerts = alerts
        self.underWay = underWay
    }

    /// Runs jobs until shutdown; those that run then are finished.
    public func run() async throws {
        for schedule in schedules where CronExpression(schedule.cron) == nil {
            throw Defect("schedule \(schedule.name) has no valid calendar expression")
        }
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepLeases() }
                await self.work()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.signal.close()
        }
    }

    /// Looks for work that was just stored.
    public func wake() {
        changes += 1
        quietUntil = nil
        signal.raise()
    }

    /// Whether nothing runs and nothing is due by `date`.
    public func isIdle(by date: Date) -> Bool { underWay.count == 0 && (quietUntil.map { $0 > date } ?? false) }

    private func work() async {
        await withDiscardingTaskGroup { group in
            while !signal.isClosed && !Task.isCancelled {
                for (job, control) in await claim() {
                    group.addTask {
                        await TurnReference.$current.withValue(job.reference) { await self.perform(job, control) }
                    }
                }
                await signal.wait(until: quietUntil ?? time.now.adding(settings.lease), time: time)
            }
        }
    }

    // MARK: - Finding work

    /// Brings the table in order after a start: the calendar, and what the process before this one left.
    private func prepare(at now: Date) async throws {
        _ = try await store.takeBack(at: now, includingOwn: true)
        try await takeBackClock(at: now)
        isPrepared = true
    }

    /// Takes the jobs that are due and fit, and notes until when there is nothing more.
    private func claim() async -> [(ClaimedJob, TurnControl)] {
        let changesBefore = changes
        quietUntil = nil
        // What was claimed is done, whatever happens afterwards.
        var begun: [(ClaimedJob, TurnControl)] = []
        do {
            let now = try await readClock()
            if !isPrepared { try await prepare(at: now) }
            try await fireSchedules(at: now)
            let latest = latestLease(at: now)
            if try await store.takeBack(at: now, includingOwn: false, except: underWay.rows, after: latest) > 0 {
                logger.warning("took back jobs of a process that gave no sign of life")
            }
            if role.isWorker { underWay.letGo(underWay.rows.subtracting(try await store.held(underWay.rows))) }
            if lightRoom > 0, !rooms.isEmpty {
                begun += begin(try await store.claim(rooms, limit: lightRoom, at: now, lease: settings.lease), at: now)
            }
            let condition = role.condition(without: await absentAccounts(), at: now)
            if heavyRoom > 0, !heavyKinds.isEmpty {
                let jobs = try await store.claimFairly(
                    heavyKinds, where: condition, limit: heavyRoom, at: now, lease: settings.lease)
                begun += begin(jobs, at: now)
            }
            let quiet = await quietTime(at: now, heavyWhere: condition)
            // Work may have been stored, or have ended, while we looked.
            if changes == changesBefore { quietUntil = quiet } else { signal.raise() }
            return begun
        } catch {
            logger.warning("the job table could not be read", metadata: ["error": "\(error.safeDescription)"])
            quietUntil = time.now.adding(.seconds(2))
            return begun
        }
    }

    private func begin(_ jobs: [ClaimedJob], at now: Date) -> [(ClaimedJob, TurnControl)] {
        jobs.map { job in
            running[job.kind, default: 0] += 1
            metrics.started(late: now.timeIntervalSince(job.runAt), isHeavy: handlers[job.kind]?.isHeavy ?? false)
            return (job, underWay.begin(job))
        }
    }

    /// How many more jobs of each kind may run, heavy ones excepted.
    private var rooms: [String: Int] {
        handlers.filter { !$0.value.isHeavy }.mapValues { $0.concurrency - running[$0.kind, default: 0] }
            .filter { $0.value > 0 }
    }

    private var runningHeavy: Int { heavyKinds.reduce(0) { $0 + running[$1, default: 0] } }
    private var heavyRoom: Int { min(queue.concurrency - runningHeavy, 1_000) }
    private var lightRoom: Int { min(settings.concurrency - (underWay.count - runningHeavy), 1_000) }

    /// The accounts that have no connection now. A worker has none at all, and knows nothing of the bot's.
    private func absentAccounts() async -> [AccountID] {
        guard !role.isWorker else { return [] }
        var absent: [AccountID] = []
        for provider in deliveries.directory.all where await !provider.isConnected { absent.append(provider.account) }
        return absent
    }

    /// Until when there is nothing to look for, after what is due now was taken.
    private func quietTime(at now: Date, heavyWhere condition: SQL) async -> Date {
        // When nothing more may run, the end of a job is what to wait for.
        let kinds = lightRoom > 0 ? Array(rooms.keys) : []
        var due: [Date?] = [nextRuns.values.min(), time.now.adding(settings.lease)]
        do {
            // Asked first: what another process ends after this leaves a job that the next question finds.
            let others = try await store.hasHeavyWork(besides: underWay.rows)
            if others || role.isWorker { due.append(time.now.adding(Self.glance)) }
            if !kinds.isEmpty { due.append(try await store.nextDue(kinds, at: now)) }
            if heavyRoom > 0, !heavyKinds.isEmpty {
                due.append(try await store.nextHeavyDue(heavyKinds, where: condition))
            }
        } catch {
            due.append(now.adding(.seconds(2)))
        }
        return due.compactMap { $0 }.min() ?? now
    }

    // MARK: - Doing it

    private func perform(_ job: ClaimedJob, _ control: TurnControl) async {
        let result = await outcome(of: job, control)
        if !control.isStopped { await end(job, with: result) }
        underWay.end(job.row, control)
        running[job.kind, default: 1] -= 1
        wake()
    }

    private func outcome(of job: ClaimedJob, _ control: TurnControl) async -> Result<JobEnding, any Error> {
        guard let handler = handlers[job.kind] else { return .success(.giveUp("no handler for this kind")) }
        // It was started often and never ended: a job that ends the process each time must not do so for ever.
        // What failed ended, where that is counted apart.
        let starts = handler.retries == nil ? job.attempts : job.attempts - job.failures
        guard starts <= settings.maxAttempts else { return .failure(Defect("started too often without an end")) }
        let now = time.now
        do {
            return .success(try await control.run { try await handler.run(job, at: now) })
        } catch {
            return .failure(error)
        }
    }

    private func end(_ job: ClaimedJob, with result: Result<JobEnding, any Error>) async {
        do {
            switch result {
            case .success(.done(let result)): try await finish(job, result)
            case .success(.again(let wait)):
                metrics.ended(job.kind, "again")
                try await store.putBack(job, until: time.now.adding(wait), problem: nil, after: .wish)
            case .success(.giveUp(let reason)): try await bury(job, problem: reason)
            case .failure where Task.isCancelled:
                // The bot finds its own after the start; what a worker leaves would wait for the end of its lease.
                if role.isWorker { try await store.putBack(job, until: time.now, problem: nil, after: .interruption) }
            case .failure(let error): try await fail(job, error)
            }
        } catch {
            // The row stays leased; it is taken back when the lease ends.
            logger.warning(
                "the end of a job could not be stored",
                metadata: ["kind": "\(job.kind)", "error": "\(error.safeDescription)"])
        }
    }

    private func finish(_ job: ClaimedJob, _ result: JobResult) async throws {
        do { try await commit(job, result, as: "done") } catch  where error.classified == .defect {
            // Its words or writes cannot be stored. A job that is no longer ours is left alone by the next statement.
            try await fail(job, error)
        }
    }

    private func commit(_ job: ClaimedJob, _ result: JobResult, as outcome: String) async throws {
        var writes = result.parcels.flatMap(\.statements) + result.writes
        if role.isWorker {
            let now = time.now
            for chat in Set(result.parcels.flatMap(\.items).map(\.chat)) {
                writes.append(
                    try .enqueue(LookAgain(chat: chat), id: ids.next(at: now), at: now, key: chat.rawValue))
            }
        }
        try await audit.commit([store.finish(job)] + writes, recording: result.events)
        metrics.ended(job.kind, outcome)
        if !role.isWorker { for parcel in result.parcels { await deliveries.send(parcel) } }
    }

    private func fail(_ job: ClaimedJob, _ error: any Error) async throws {
        let problem = error.safeDescription
        let retries = handlers[job.kind]?.retries
        if retries != nil, error as? DatabaseError == .conflict {
            // Its chat was joined with another, or it was taken out of the queue.
            return try await store.putBack(job, until: time.now, problem: nil, after: .interruption)
        }
        let tries = retries.map { job.failures + 1 < $0.attempts } ?? (job.attempts < settings.maxAttempts)
        // What it read was changed by somebody else before it wrote: it reads anew. A defect would only come again.
        let mayHelp = error.classified == .outage || error as? DatabaseError == .conflict
        guard mayHelp, tries else { return try await giveUp(job, error) }
        metrics.ended(job.kind, "retried")
        logger.warning("a job failed and is tried again", metadata: ["kind": "\(job.kind)", "error": "\(problem)"])
        let count = retries == nil ? job.attempts : job.failures + 1
        let doubled = (retries?.base ?? settings.retryBase) * (1 << min(count - 1, 16))
        let wait = min(doubled, Self.longestRetry) * Double.random(in: 0.5...1)
        try await store.putBack(job, until: time.now.adding(wait), problem: problem, after: .failure)
    }

    /// Ends a job that will not be tried again: with words for who waits for it, or as a dead letter.
    private func giveUp(_ job: ClaimedJob, _ error: any Error) async throws {
        let problem = error.safeDescription
        let result: JobResult?
        do {
            result = try await handlers[job.kind]?.lastWords(of: job, after: error, at: time.now)
        } catch  where error.classified != .outage {
            // Who waits for it cannot even be found.
            result = nil
        }
        guard let result else { return try await bury(job, problem: problem) }
        do { try await commit(job, result, as: "given_up") } catch DatabaseError.conflict {
            // Its chat was joined with another: the words go out under the new name.
            try await store.putBack(job, until: time.now, problem: problem, after: .interruption)
        } catch  where error.classified == .defect {
            try await bury(job, problem: problem)
        }
    }

    private func bury(_ job: ClaimedJob, problem: String) async throws {
        guard try await store.bury(job, problem: problem) else { return }
        metrics.ended(job.kind, "dead")
        // An alert that cannot be posted is none itself.
        guard job.kind != AlertPost.kind else { return }
        alerts.raise("dead_job", "a job is given up", ["kind": "\(job.kind)", "problem": "\(problem)"])
    }

    private func keepLeases() async {
        while !Task.isCancelled {
            do {
                try await time.sleep(for: settings.lease / 3)
                if underWay.count > 0 {
                    try await store.renew(Array(underWay.rows), until: time.now.adding(settings.lease))
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("leases could not be renewed", metadata: ["error": "\(error.safeDescription)"])
            }
        }
    }
}
