import BotKit
import Foundation

/// A job with a number, which leaves a row in the table `effect` that bears it.
protocol CountedJob: Job {
    var number: Int { get }
    init(number: Int)
    /// How it ends once its work is done.
    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome
}

extension CountedJob {
    /// No key: what happens twice is seen twice.
    static var table: SQL { "CREATE TABLE effect (number BIGINT NOT NULL, kind TEXT NOT NULL)" }

    var effect: SQL { "INSERT INTO effect (number, kind) VALUES (\(number), \(Self.kind))" }
    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome { .done(writes: [effect]) }
}

/// Only its row.
struct PlainJob: CountedJob {
    static let kind = "benchmarks.plain"
    let number: Int
}

/// Heavy work, which waits in the queue.
struct HeavyJob: CountedJob {
    static let kind = "benchmarks.heavy"
    static let isHeavy = true
    let number: Int
}

/// Makes another job necessary.
struct ChainedJob: CountedJob {
    static let kind = "benchmarks.chained"
    let number: Int

    /// The number of the other one.
    static func next(_ number: Int) -> Int { number + 1_000_000 }

    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome {
        let next = PlainJob(number: Self.next(number))
        return .done(writes: [effect, try .enqueue(next, id: ids.next(at: time), at: time)])
    }
}

/// Says something in a chat.
struct SpokenJob: CountedJob {
    static let kind = "benchmarks.spoken"
    let number: Int

    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome {
        let text = Text("benchmarks.done", en: "Number {number} is done.", he: "מספר {number} הסתיים.")
        let chat = ChatID(rawValue: "cloud:1/u\(number)")
        return .done(
            deliveries: [Delivery(to: chat, in: .english, [.text(text.with(["number": "\(number)"]))])],
            writes: [effect])
    }
}

/// Leaves an entry in the audit.
struct AuditedJob: CountedJob {
    static let kind = "benchmarks.audited"
    let number: Int

    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome {
        .done(writes: [effect], audit: [AuditEntry(.configurationUpdate, details: ["setting": "number \(number)"])])
    }
}

/// Fails every other time.
struct FlakyJob: CountedJob {
    static let kind = "benchmarks.flaky"
    let number: Int

    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome {
        if Bool.random() { throw Outage("model", "fails every other time") }
        return .done(writes: [effect])
    }
}

/// Wants to run again every other time.
struct RepeatedJob: CountedJob {
    static let kind = "benchmarks.repeated"
    let number: Int

    func outcome(at time: Date, _ ids: RowIDs) throws -> JobOutcome {
        if Bool.random() { return .again(after: .milliseconds(5)) }
        return .done(writes: [effect])
    }
}

/// Brings the handlers of all of them.
struct CountedJobsFeature: Feature {
    static let name = "benchmarks"
    static let kinds: [any CountedJob.Type] = [
        PlainJob.self, HeavyJob.self, ChainedJob.self, SpokenJob.self, AuditedJob.self, FlakyJob.self,
        RepeatedJob.self,
    ]
    let ids: RowIDs

    var jobs: [any JobHandler] { Self.kinds.map { handler($0) } }

    private func handler<Work: CountedJob>(_ kind: Work.Type) -> any JobHandler { CountedJobHandler<Work>(ids: ids) }

    /// The statement that stores the job with a number. The kinds take turns; heavy work belongs to three members, one
    /// of whom has most of it.
    static func enqueue(_ number: Int, id: Int64, at time: Date) throws -> SQL {
        let owner = JobOwner(
            MemberID(rawValue: "cloud/u\(max(0, number % 10 - 7))"), in: ChatID(rawValue: "cloud:1/u0"))
        let job: any CountedJob = kind(of: number).init(number: number)
        return try .enqueue(job, id: id, at: time, of: owner)
    }

    static func kind(of number: Int) -> any CountedJob.Type { kinds[number % kinds.count] }
}

/// Takes a while for each.
struct CountedJobHandler<Work: CountedJob>: JobHandler {
    let ids: RowIDs
    let concurrency = 4

    func run(_ work: Work, at time: Date) async throws -> JobOutcome {
        try await Task.sleep(for: .milliseconds(.random(in: 0...20)))
        return try work.outcome(at: time, ids)
    }
}
