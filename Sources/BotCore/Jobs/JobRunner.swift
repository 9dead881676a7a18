import BotKit
public import Foundation
import Logging
public import ServiceLifecycle

/// Does stored jobs when they are due: the urgent first, each kind within its own bound, again when they fail.
public actor JobRunner: Service {
    let store: JobStore
    private let handlers: [String: AnyJobHandler]
    let schedules: [Schedule]
    let settings: JobSettings
    private let deliveries: DeliveryDesk
    private let audit: AuditLog
    let ids: RowIDs
    let time: any TimeSource
    let logger: Logger
    private let metrics = JobMetrics()
    private let alerts: OperatorAlerts
    let signal = Signal()

    private var running: [String: Int] = [:]
    private var leased: Set<Int64> = []
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
        store: JobStore, handlers: [any JobHandler], schedules: [Schedule], settings: JobSettings,
        deliveries: DeliveryDesk, audit: AuditLog, ids: RowIDs, time: any TimeSource, logger: Logger,
        alerts: OperatorAlerts
    ) {
        self.store = store
        self.handlers = Dictionary(handlers.map { AnyJobHandler($0) }.map { ($0.kind, $0) }) { first, _ in first }
        self.schedules = schedules
        self.settings = settings
        self.deliveries = deliveries
        self.audit = audit
        self.ids = ids
        self.time = time
        self.logger = logger
        self.alerts = alerts
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
    public func isIdle(by date: Date) -> Bool { leased.isEmpty && (quietUntil.map { $0 > date } ?? false) }

    private func work() async {
        await withDiscardingTaskGroup { group in
            while !signal.isClosed && !Task.isCancelled {
                for job in await claim() {
                    group.addTask { await self.perform(job) }
                }
                await signal.wait(until: quietUntil ?? time.now.adding(settings.lease), time: time)
            }
        }
    }

    // MARK: - Finding work

    /// Brings the table in order after a start: the calendar, and what the process before this one left.
    private func prepare(at now: Date) async throws {
        try await takeBackClock(at: now)
        _ = try await store.takeBack(at: now, includingOwn: true)
        isPrepared = true
    }

    /// Takes the jobs that are due and fit, and notes until when there is nothing more.
    private func claim() async -> [ClaimedJob] {
        let changesBefore = changes
        quietUntil = nil
        do {
            let now = try await readClock()
            if !isPrepared { try await prepare(at: now) }
            try await fireSchedules(at: now)
            let latest = latestLease(at: now)
            if try await store.takeBack(at: now, includingOwn: false, except: leased, after: latest) > 0 {
                logger.warning("took back jobs of a process that gave no sign of life")
            }
            let limit = min(settings.concurrency - leased.count, 1_000)
            var jobs: [ClaimedJob] = []
            if limit > 0, !rooms.isEmpty {
                jobs = try await store.claim(rooms, limit: limit, at: now, lease: settings.lease)
            }
            for job in jobs {
                leased.insert(job.row)
                running[job.kind, default: 0] += 1
                metrics.started(late: now.timeIntervalSince(job.runAt))
            }
            let quiet = await quietTime(at: now)
            // Work may have been stored, or have ended, while we looked.
            if changes == changesBefore { quietUntil = quiet } else { signal.raise() }
            return jobs
        } catch {
            logger.warning("the job table could not be read", metadata: ["error": "\(error.safeDescription)"])
            quietUntil = time.now.adding(.seconds(2))
            return []
        }
    }

    /// How many more jobs of each kind may run.
    private var rooms: [String: Int] {
        handlers.mapValues { $0.concurrency - running[$0.kind, default: 0] }.filter { $0.value > 0 }
    }

    /// Until when there is nothing to look for, after what is due now was taken.
    private func quietTime(at now: Date) async -> Date {
        // When nothing more may run, the end of a job is what to wait for.
        let kinds = leased.count < settings.concurrency ? Array(rooms.keys) : []
        var due: Date?
        do {
            due = kinds.isEmpty ? nil : try await store.nextDue(kinds, at: now)
        } catch {
            due = now.adding(.seconds(2))
        }
        return [due, nextRuns.values.min(), time.now.adding(settings.lease)].compactMap { $0 }.min() ?? now
    }

    // MARK: - Doing it

    private func perform(_ job: ClaimedJob) async {
        await end(job, with: await outcome(of: job))
        leased.remove(job.row)
        running[job.kind, default: 1] -= 1
        wake()
    }

    private func outcome(of job: ClaimedJob) async -> Result<JobOutcome, any Error> {
        guard let handler = handlers[job.kind] else { return .success(.giveUp("no handler for this kind")) }
        // It was started often and never ended: a job that ends the process each time must not do so for ever.
        guard job.attempts <= settings.maxAttempts else { return .success(.giveUp("started too often without an end")) }
        do {
            return .success(try await handler.run(job, at: time.now))
        } catch {
            return .failure(error)
        }
    }

    private func end(_ job: ClaimedJob, with result: Result<JobOutcome, any Error>) async {
        do {
            switch result {
            case .success(.done(let deliveries, let writes, let entries)):
                try await finish(job, deliveries: deliveries, writes: writes, recording: entries)
            case .success(.again(let wait)):
                metrics.ended(job.kind, "again")
                try await store.putBack(job, until: time.now.adding(wait), problem: nil, keepsCount: false)
            case .success(.giveUp(let reason)): try await bury(job, problem: reason)
            case .failure where Task.isCancelled: return
            case .failure(let error): try await fail(job, error)
            }
        } catch {
            // The row stays leased; it is taken back when the lease ends.
            logger.warning(
                "the end of a job could not be stored",
                metadata: ["kind": "\(job.kind)", "error": "\(error.safeDescription)"])
        }
    }

    private func finish(
        _ job: ClaimedJob, deliveries: [Delivery], writes: [SQL], recording entries: [AuditEntry]
    ) async throws {
        let parcels = try deliveries.enumerated().map { index, delivery in
            try self.deliveries.parcel(
                delivery.replies, to: delivery.chat, in: delivery.language, quoting: nil,
                key: "job.\(job.row).\(index)",
                about: delivery.member)
        }
        do {
            try await audit.commit(
                [store.finish(job)] + parcels.flatMap(\.statements) + writes,
                recording: entries.map { AuditLog.Event($0, by: .program, reference: TurnReference.of(job.row)) })
        } catch  where error.classified == .defect {
            // Its words or writes cannot be stored. A job that is no longer ours is left alone by the next statement.
            return try await fail(job, error)
        }
        metrics.ended(job.kind, "done")
        for parcel in parcels { await self.deliveries.send(parcel) }
    }

    private func fail(_ job: ClaimedJob, _ error: any Error) async throws {
        let problem = error.safeDescription
        // What it read was changed by somebody else before it wrote: it reads anew. A defect would only come again.
        let mayHelp = error.classified == .outage || error as? DatabaseError == .conflict
        guard mayHelp, job.attempts < settings.maxAttempts else { return try await bury(job, problem: problem) }
        metrics.ended(job.kind, "retried")
        logger.warning("a job failed and is tried again", metadata: ["kind": "\(job.kind)", "error": "\(problem)"])
        let doubled = settings.retryBase * (1 << min(job.attempts - 1, 16))
        let wait = min(doubled, Self.longestRetry) * Double.random(in: 0.5...1)
        try await store.putBack(job, until: time.now.adding(wait), problem: problem, keepsCount: true)
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
                if !leased.isEmpty {
                    try await store.renew(Array(leased), until: time.now.adding(settings.lease))
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("leases could not be renewed", metadata: ["error": "\(error.safeDescription)"])
            }
        }
    }
}
