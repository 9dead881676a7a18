import BotKit
import Foundation

/// How a job ended, as the core stores it: the statements and rows that become true with its end.
enum JobEnding: Sendable {
    case done(JobResult)
    case again(after: Duration)
    case giveUp(String)
}

/// What a job leaves.
struct JobResult: Sendable {
    var parcels: [DeliveryDesk.Parcel] = []
    var writes: [SQL] = []
    var events: [AuditLog.Event] = []
}

/// A handler of any kind of job, by the kind's stored name.
struct AnyJobHandler: Sendable {
    typealias Running = @Sendable (_ job: ClaimedJob, _ time: Date) async throws -> JobEnding

    let kind: String
    let isHeavy: Bool
    let concurrency: Int
    let retries: Retries?
    private let body: Running
    private let lastWords: @Sendable (_ job: ClaimedJob, _ error: any Error, _ time: Date) async throws -> JobResult?

    /// How often a job that fails is tried, when that is another rule than the one for all jobs.
    struct Retries: Sendable {
        let attempts: Int
        /// The first wait, which doubles.
        let base: Duration
    }

    init(_ handler: any JobHandler, _ desk: DeliveryDesk) { self.init(opening: handler, desk) }

    private init<Handler: JobHandler>(opening handler: Handler, _ desk: DeliveryDesk) {
        self.init(Handler.Work.self, concurrency: handler.concurrency) { job, time in
            guard !job.isCancelled else { return .done(JobResult()) }
            return switch try await handler.run(try job.work(), at: time) {
            case .again(let wait): .again(after: wait)
            case .giveUp(let reason): .giveUp(reason)
            case .done(let deliveries, let writes, let entries):
                .done(try Self.result(of: job, deliveries, writes, entries, desk))
            }
        }
    }

    /// A handler of the core's own, which prepares what it says itself.
    /// - Parameter lastWords: what a job that will not be tried again leaves all the same; `nil` is a dead letter.
    init<Work: Job>(
        _ kind: Work.Type, concurrency: Int, retries: Retries? = nil,
        lastWords: @escaping @Sendable (ClaimedJob, any Error, Date) async throws -> JobResult? = { _, _, _ in nil },
        body: @escaping Running
    ) {
        self.kind = Work.kind
        isHeavy = Work.isHeavy
        self.concurrency = max(1, concurrency)
        self.retries = retries
        self.lastWords = lastWords
        self.body = body
    }

    func run(_ job: ClaimedJob, at time: Date) async throws -> JobEnding { try await body(job, time) }

    func lastWords(of job: ClaimedJob, after error: any Error, at time: Date) async throws -> JobResult? {
        try await lastWords(job, error, time)
    }

    private static func result(
        of job: ClaimedJob, _ deliveries: [Delivery], _ writes: [SQL], _ entries: [AuditEntry], _ desk: DeliveryDesk
    ) throws -> JobResult {
        JobResult(
            parcels: try deliveries.enumerated().map { index, delivery in
                try desk.parcel(
                    delivery.replies, to: delivery.chat, in: delivery.language, quoting: nil,
                    key: "job.\(job.row).\(index)", about: delivery.member)
            },
            writes: writes,
            events: entries.map { AuditLog.Event($0, by: .program, reference: job.reference) })
    }
}

extension ClaimedJob {
    /// What it is about.
    /// - Throws: `Defect` when this version cannot read it.
    func work<Work: Job>() throws -> Work {
        do { return try JSONDecoder().decode(Work.self, from: Data(payload.utf8)) } catch {
            throw Defect("the stored job is damaged or of a newer version")
        }
    }
}
