import BotKit
import Foundation
import Logging

/// The line that every message follows: open, guard, watch, route, authorize, answer, deliver, record.
struct MessagePipeline: Sendable {
    let database: any Database
    let ids: RowIDs
    let opener: TurnOpener
    let guards: [any Guard]
    let watchers: [any Watcher]
    let router: Router
    let access: AccessPolicy
    let presence: Presence
    let deliveries: DeliveryDesk
    let jobs: JobRunner
    let stops: StopNotes
    let time: any TimeSource
    let logger: Logger
    let metrics: PipelineMetrics

    /// Answers one message, or one burst. The whole product is in this order.
    func handle(_ messages: [StoredMessage], control: TurnControl) async -> TurnEnd {
        let start = ContinuousClock.now
        var line = Line(messages)
        do {
            let turn = try await opener.open(messages)
            line.turn = turn
            try await check(turn)
            line.jobs = await watch(turn)
            let responder = try router.responder(for: turn)
            try access.require(responder.needs, for: turn)
            let answer = try await control.run {
                try await presence.during(turn, takesTime: responder.takesTime) { try await responder.answer(turn) }
            }
            line.end(.answered, with: answer)
        } catch {
            guard take(error, in: &line, isStopped: control.isStopped) else { return .interrupted }
        }
        let end = await deliver(line)
        record(line, took: ContinuousClock.now - start)
        return end
    }

    /// Whether a message is a word that ends a running answer. Asked before its turn, to let it overtake.
    func isStop(_ message: InboundMessage) -> Bool {
        guard let text = message.text, text.utf8.count <= 64 else { return false }
        return router.isStop(text)
    }

    /// Remembers that `message` stopped an answer, for its own turn.
    func noteStop(by message: InboundMessage) { stops.note(message.id) }

    // MARK: - Guard and Watch

    private func check(_ turn: Turn) async throws {
        for guardian in guards { try await guardian.check(turn) }
    }

    private func watch(_ turn: Turn) async -> [any Job] {
        var jobs: [any Job] = []
        for watcher in watchers {
            do {
                jobs += try await watcher.see(turn)
            } catch {
                logger.warning("a watcher failed", metadata: ["error": "\(error.safeDescription)"])
            }
        }
        return jobs
    }

    // MARK: - Endings

    /// What a line came to, so far.
    private struct Line {
        let rows: [Int64]
        var turn: Turn?
        var jobs: [any Job] = []
        var outcome = TurnOutcome.failed
        var answer: Answer = []
        var closesDialogue = false

        init(_ messages: [StoredMessage]) { rows = messages.map { $0.row } }

        mutating func end(_ outcome: TurnOutcome, with answer: Answer) {
            self.outcome = outcome
            self.answer = answer
            closesDialogue = outcome == .answered && turn?.dialogue != nil && answer.dialogue == nil
        }

        /// Ends with words for the member, if the member turned to us.
        mutating func end(_ outcome: TurnOutcome, saying text: Text) {
            end(outcome, with: turn?.isAddressed == true ? [.text(text)] : [])
        }
    }

    /// Turns what was thrown into an ending.
    /// - Returns: `false` when the process is shutting down and the message shall be answered after the restart.
    private func take(_ error: any Error, in line: inout Line, isStopped: Bool) -> Bool {
        if Task.isCancelled { return false }
        if isStopped {
            line.end(.stopped, with: [])
            return true
        }
        if let silence = error as? Silence {
            line.end(silence.outcome, with: [])
            return true
        }
        switch error.classified {
        case .refusal:
            guard let refusal = error as? Refusal else { break }
            metrics.refused(refusal.reason)
            line.end(.refused, saying: refusal.text)
            return true
        case .outage:
            logger.warning("a turn failed for now", metadata: metadata(of: line, error))
            line.end(.failed, saying: .tryAgainShortly)
            return true
        case .misconfiguration, .defect: break
        }
        logger.error("a turn failed", metadata: metadata(of: line, error))
        line.end(.failed, saying: .somethingBroke.with(["reference": reference(of: line)]))
        return true
    }

    // MARK: - Deliver and Record

    /// Stores replies, jobs and "this message is answered" in one transaction, then sends.
    private func deliver(_ line: Line) async -> TurnEnd {
        do {
            let parcel = try line.turn.map { try deliveries.parcel(line.answer.replies, for: $0, key: "turn.\($0.id)") }
            let jobs = line.jobs + line.answer.jobs
            let now = time.now
            var statements = [InboxStore.close(line.rows, as: line.outcome)]
            statements += parcel?.statements ?? []
            statements += try jobs.map { try SQL.enqueue($0, id: ids.next(at: now), at: now) }
            statements += line.answer.writes
            statements += dialogueStatements(of: line)
            try await database.transaction(statements)
            if let parcel { await deliveries.send(parcel) }
            if !jobs.isEmpty { await self.jobs.wake() }
            return .closed
        } catch DatabaseError.conflict {
            return await resolveConflict(of: line)
        } catch where error.classified == .outage {
            return .storeFailed(error)
        } catch is CancellationError {
            return .interrupted
        } catch {
            return await giveUp(line, after: error)
        }
    }

    private func dialogueStatements(of line: Line) -> [SQL] {
        guard let turn = line.turn else { return [] }
        var statements: [SQL] = []
        if let dialogue = line.answer.dialogue {
            statements.append(dialogue.statement(for: turn.member.id, in: turn.chat.id))
        } else if line.closesDialogue, let dialogue = turn.dialogue {
            statements.append(dialogue.removal(for: turn.member.id, in: turn.chat.id))
        }
        if turn.isAddressed, turn.language != opener.settings.language || turn.rememberedLanguage != nil,
            turn.language != turn.rememberedLanguage
        {
            statements.append(
                """
                INSERT INTO chat_setting (chat, language) VALUES (\(turn.chat.id), \(turn.language))
                ON CONFLICT (chat) DO UPDATE SET language = excluded.language
                """)
        }
        return statements
    }

    /// Somebody changed a row first: the line was closed before, or what the answer wanted to write has changed.
    private func resolveConflict(of line: Line) async -> TurnEnd {
        do {
            let open = try await database.rows(
                "SELECT id FROM inbox WHERE id IN (\(list: line.rows)) AND state = 'received'")
            guard open.isEmpty else { return await giveUp(line, after: DatabaseError.conflict) }
            logger.warning("a turn was already closed; its answer is dropped", metadata: metadata(of: line, nil))
            return .closed
        } catch {
            return .storeFailed(error)
        }
    }

    /// The answer cannot be stored, by our own fault: the line ends with an apology instead.
    private func giveUp(_ line: Line, after error: any Error) async -> TurnEnd {
        logger.error("an answer could not be stored", metadata: metadata(of: line, error))
        do {
            let apology = Text.somethingBroke.with(["reference": reference(of: line)])
            let replies: [Reply] = line.turn?.isAddressed == true ? [.text(apology)] : []
            let parcel = try line.turn.map { try deliveries.parcel(replies, for: $0, key: "turn.\($0.id)") }
            try await database.transaction([InboxStore.close(line.rows, as: .failed)] + (parcel?.statements ?? []))
            if let parcel { await deliveries.send(parcel) }
            return .closed
        } catch {
            return .storeFailed(error)
        }
    }

    private func record(_ line: Line, took duration: Duration) {
        metrics.ended(line.outcome, after: duration)
        logger.debug("a turn ended", metadata: ["turn": "\(line.rows[0])", "outcome": "\(line.outcome.rawValue)"])
    }

    /// A short word that a member can pass on and an operator can find in the log.
    private func reference(of line: Line) -> String { String(line.rows[0], radix: 36).uppercased() }

    private func metadata(of line: Line, _ error: (any Error)?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["turn": "\(line.rows[0])", "reference": "\(reference(of: line))"]
        if let error { metadata["error"] = "\(error.safeDescription)" }
        return metadata
    }
}
