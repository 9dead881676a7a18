import BotKit
import Foundation

/// A handler of any kind of job, by the kind's stored name.
struct AnyJobHandler: Sendable {
    let kind: String
    let concurrency: Int
    private let body: @Sendable (_ payload: Data, _ time: Date) async throws -> JobOutcome

    init(_ handler: any JobHandler) { self.init(opening: handler) }

    private init<Handler: JobHandler>(opening handler: Handler) {
        kind = Handler.Work.kind
        concurrency = max(1, handler.concurrency)
        body = { payload, time in
            let work: Handler.Work
            do { work = try JSONDecoder().decode(Handler.Work.self, from: payload) } catch {
                throw Defect("the stored job is damaged or of a newer version")
            }
            return try await handler.run(work, at: time)
        }
    }

    func run(_ job: ClaimedJob, at time: Date) async throws -> JobOutcome {
        try await body(Data(job.payload.utf8), time)
    }
}
