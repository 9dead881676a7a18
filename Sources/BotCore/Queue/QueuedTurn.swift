import BotKit
import Foundation

/// The answer to a turn whose work is heavy. Its row in the job table has the number of the turn.
struct QueuedTurn: Job {
    static let kind = "core.turn"
    static let isHeavy = true
    /// What the keys of such answers in the outbox begin with.
    static let keyWord = "later"
    /// The turn's messages in the inbox.
    var rows: [Int64]
    /// The feature that makes the answer, how the message turned to us, and what was chosen, as they were found when
    /// the member's right to it was looked at: what holds by then may lead elsewhere.
    var feature = ""
    var addressing = ""
    var choice: String?

    /// The statement that stores the work of a line that ended in the queue.
    static func storing(_ line: TurnLine, at time: Date) throws -> [SQL] {
        guard line.isQueued, let turn = line.turn else { return [] }
        let owner = JobOwner(turn.member.id, in: turn.chat.id)
        let work = QueuedTurn(
            rows: line.rows, feature: line.feature, addressing: turn.addressing.rawValue, choice: turn.choice)
        return [try .enqueue(work, id: line.id, at: time, of: owner)]
    }
}

/// Makes the answers that waited in the queue, as the line of a message would have made them at once.
struct QueuedTurns: Sendable {
    let inbox: InboxStore
    let opener: TurnOpener
    let access: AccessGuard
    let policy: AccessPolicy
    let tokens: SaidTokens
    let router: Router
    let presence: Presence
    let deliveries: DeliveryDesk
    let endings: TurnEndings
    let ids: RowIDs
    let time: any TimeSource

    func handler(_ settings: QueueSettings) -> AnyJobHandler {
        AnyJobHandler(
            QueuedTurn.self, concurrency: settings.concurrency,
            retries: .init(attempts: settings.attempts, base: settings.retryBase)
        ) { job, error, _ in
            try await follow(job) { line in
                endings.take(error, in: &line, isStopped: false)
            }
        } body: { job, _ in
            let result = try await follow(job) { line in
                guard !job.isCancelled else { return line.end(with: Refusal(.cancelled, reason: "work_cancelled")) }
                try await answer(try job.work(), &line)
            }
            return .done(result ?? JobResult())
        }
    }

    /// What a member reads first: that the work goes on, and how much goes before.
    static func receipt(ahead: Int) -> Reply {
        switch ahead {
        case 0: .text(.processing)
        case 1: .text(.processingAfterOne)
        default: .text(.processingAfter.with(["count": "\(ahead)"]))
        }
    }

    /// - Returns: `nil` when nothing is left of the turn: its messages were erased.
    private func follow(
        _ job: ClaimedJob, _ body: @Sendable (inout TurnLine) async throws -> Void
    ) async throws -> JobResult? {
        let work: QueuedTurn = try job.work()
        let stored = try await inbox.queued(work.rows)
        guard !stored.isEmpty else { return nil }
        var line = TurnLine(stored, at: time.now)
        var turn = try await opener.reopen(stored)
        turn.addressing = Addressing(rawValue: work.addressing) ?? turn.addressing
        turn.choice = work.choice
        turn.dialogue = nil
        try await tokens.hide(in: &turn)
        line.turn = turn
        line.step = .answer
        try await body(&line)
        return try result(of: line)
    }

    private func answer(_ work: QueuedTurn, _ line: inout TurnLine) async throws {
        guard var turn = line.turn else { return }
        do {
            // Much may have been decided while it waited.
            try await access.check(turn)
            let route = try router.route(adapting: &turn)
            line.feature = route.feature
            guard route.feature == work.feature, route.responder.isHeavy(turn) else {
                throw Defect("a queued turn would be answered by another responder than it was let in for")
            }
            let groups = deliveries.directory.provider(of: turn.chat.id)?.groups
            line.permissions += try await policy.require(route.responder.needs, for: turn, in: groups)
            let turn = turn
            let answer = try await presence.during(turn, takesTime: true, isAnnounced: true) {
                try await route.responder.answer(turn)
            }
            line.end(.answered, because: .answered, with: answer)
        } catch {
            if Task.isCancelled || error.classified == .outage { throw error }
            endings.take(error, in: &line, isStopped: false)
        }
    }

    private func result(of line: TurnLine) throws -> JobResult {
        guard let turn = line.turn else { return JobResult() }
        let now = time.now
        let parcel = try deliveries.parcel(line.answer.replies, for: turn, key: "\(QueuedTurn.keyWord).\(line.id)")
        var writes = [InboxStore.conclude(line, at: now)] + line.answer.writes
        if let dialogue = line.answer.dialogue {
            writes.append(dialogue.statement(for: turn.member.id, in: turn.chat.id))
        }
        writes += try line.answer.jobs.map { try SQL.enqueue($0, id: ids.next(at: now), at: now) }
        return JobResult(parcels: [parcel], writes: writes, events: line.events)
    }
}

extension Text {
    fileprivate static let cancelled = Text(
        "core.work_cancelled", en: "Whoever runs me took this out of the queue, so there will be no answer to it.",
        he: "מי שמפעיל אותי הוציא את זה מהתור, ולכן לא תהיה על זה תשובה.")
    fileprivate static let processing = Text(
        "core.processing", en: "Processing… I'll write to you when it's ready.",
        he: "בטיפול… אכתוב לך כשזה יהיה מוכן.")
    fileprivate static let processingAfterOne = Text(
        "core.processing_after_one", en: "Processing… I'll write to you when it's ready. 1 job is ahead of you.",
        he: "בטיפול… אכתוב לך כשזה יהיה מוכן. יש לפניך משימה אחת.")
    fileprivate static let processingAfter = Text(
        "core.processing_after", en: "Processing… I'll write to you when it's ready. {count} jobs are ahead of you.",
        he: "בטיפול… אכתוב לך כשזה יהיה מוכן. יש לפניך {count} משימות.")
}
