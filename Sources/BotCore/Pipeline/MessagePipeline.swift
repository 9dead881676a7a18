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
    let tokens: SaidTokens
    let attempts: AttemptRecord
    let denials: DenialLimit
    let limit: WorkLimit
    let backlog: BacklogLimit
    let audit: AuditLog
    let presence: Presence
    let deliveries: DeliveryDesk
    let jobs: JobRunner
    let queue: HeavyQueue
    let desk: any WorkQueue
    let endings: TurnEndings
    /// Moves what an answer wrote under names that were given up while it was made.
    let move: IdentityMove
    let stops: StopNotes
    let time: any TimeSource
    let logger: Logger
    let metrics: PipelineMetrics

    /// Answers one message, or one burst. The whole product is in this order.
    func handle(_ messages: [StoredMessage], control: TurnControl) async -> TurnEnd {
        await TurnReference.$current.withValue(TurnReference.of(messages[0].row)) {
            await follow(messages, control: control)
        }
    }

    private func follow(_ messages: [StoredMessage], control: TurnControl) async -> TurnEnd {
        let start = ContinuousClock.now
        var line = TurnLine(messages, at: time.now)
        do {
            var opened = try await metrics.time(.open) { try await open(messages, &line) }
            line.turn = opened
            line.step = .guard
            try await metrics.time(.guard) {
                try await hideTokens(in: &opened, &line)
                try await check(opened, &line)
            }
            let turn = opened
            line.jobs = await metrics.time(.watch) { await watch(turn) }
            let (responder, turnToAnswer) = try await metrics.time(.route) { try await route(turn, &line) }
            line.step = .answer
            let isQueued = line.ahead != nil
            let answer = try await metrics.time(.answer) { [line] in
                try await control.run {
                    try await presence.during(turnToAnswer, takesTime: responder.takesTime && !isQueued) {
                        if let ahead = line.ahead { return [QueuedTurns.receipt(ahead: ahead)] }
                        return try await responder.answer(turnToAnswer)
                    }
                }
            }
            line.end(.answered, because: isQueued ? .queued : .answered, with: answer)
        } catch {
            if Task.isCancelled { return .interrupted }
            if line.turn == nil, error.classified == .outage { return .notOpened(error) }
            endings.take(error, in: &line, isStopped: control.isStopped)
        }
        await denials.thin(&line)
        let end = await metrics.time(.deliver) { await deliver(line) }
        if case .closed = end { record(line, took: ContinuousClock.now - start) }
        return end
    }

    /// Whether a message is a word that ends a running answer, of somebody who is answered. Asked before its turn, and
    /// so before the guards, to let it overtake.
    func isStop(_ message: InboundMessage) -> Bool {
        guard var text = message.text, text.utf8.count <= 64 else { return false }
        if message.isGroup { text = text.withoutMentions(of: opener.settings.names) }
        return router.isStop(text) && access.admitted.mayStop(message.sender.id, inGroup: message.isGroup)
    }

    /// Whether a text calls a command, so that it is no part of a burst.
    func isCall(_ text: String) -> Bool { router.isCall(text) }

    /// Remembers that `message` stopped an answer, for its own turn.
    func noteStop(by message: InboundMessage) { stops.note(message.id) }

    // MARK: - Open, Guard, Watch, Route and Authorize

    private func open(_ messages: [StoredMessage], _ line: inout TurnLine) async throws -> Turn {
        do { return try await opener.open(messages) } catch let silence as Silence {
            try await look(at: messages, turnedAwayFor: silence.reason, &line)
            throw silence
        }
    }

    private func check(_ turn: Turn, _ line: inout TurnLine) async throws {
        do { for guardian in guards { try await guardian.check(turn) } } catch let silence as Silence {
            guard silence.reason != .limited else {
                try await note(flooding: turn, &line)
                throw silence
            }
            access.admitted.remove(turn.member.id)
            try await note(turn, turnedAwayFor: silence.reason.rawValue, &line)
            throw silence
        } catch let refusal as Refusal where refusal.reason == ErrorCode.unknownMember.label {
            try await note(turn, turnedAwayFor: refusal.reason, &line)
            throw refusal
        } catch let refusal as Refusal where refusal.reason == FloodGuard.reason {
            try await note(flooding: turn, &line)
            line.permissions.append(AuditEntry(.permissionDenied, .denied, details: ["reason": refusal.reason]))
            throw refusal
        }
        access.admitted.note(turn.member.id)
    }

    func note(_ turn: Turn, turnedAwayFor reason: String, _ line: inout TurnLine) async throws {
        guard let attempt = try await attempts.entry(of: turn, turnedAwayFor: reason) else { return }
        line.permissions.append(attempt)
    }

    /// Who writes too much is silenced, and may still stop what is made for them alone.
    private func note(flooding turn: Turn, _ line: inout TurnLine) async throws {
        access.admitted.note(turn.member.id, isFlooding: true)
        guard !turn.chat.isGroup, router.isStop(turn.text) else { return }
        line.cancellation = try await desk.cancel(of: turn.member.id, in: turn.chat.id).writes
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

    private func route(_ turn: Turn, _ line: inout TurnLine) async throws -> (any Responder, Turn) {
        var turn = turn
        line.step = .route
        let route = try router.route(adapting: &turn)
        line.feature = route.feature
        line.step = .authorize
        let groups = deliveries.directory.provider(of: turn.chat.id)?.groups
        let needs = route.responder.needs
        do { line.permissions += try await access.require(needs, for: turn, in: groups) } catch let refusal as Refusal {
            let action: AuditEntry.Action = refusal.isAboutSession ? .sessionRefused : .permissionDenied
            line.permissions.append(
                AuditEntry(
                    action, .denied,
                    details: ["feature": route.feature, "permission": needs.name, "reason": refusal.reason]))
            throw refusal
        }
        if needs.role > .user, !needs.isElevated { line.allowance = AccessPolicy.allowance(needs) }
        try await backlog.check(turn, for: route.responder)
        if route.responder.isHeavy(turn) { line.ahead = try await queue.enter(line.id, of: turn.member.id) }
        if route.responder.costs { try await limit.take(for: turn) }
        return (route.responder, turn)
    }

    // MARK: - Deliver and Record

    /// Stores replies, jobs and "this message is answered" in one transaction, then sends.
    func deliver(_ line: TurnLine) async -> TurnEnd {
        let end = await store(line)
        // Until then its place in the queue is taken, however often storing it is tried.
        if line.ahead != nil, case .closed = end { await queue.settle(line.id) }
        return end
    }

    private func store(_ line: TurnLine) async -> TurnEnd {
        do {
            let notice = try await presence.notice(in: line)
            let parcel = try line.turn.map {
                try deliveries.parcel(line.answer.replies, for: $0, key: "turn.\(line.id)", replacing: notice)
            }
            let jobs = line.jobs + line.answer.jobs
            let now = time.now
            var statements = [InboxStore.close(line, at: now)]
            statements += line.memory(defaultLanguage: opener.settings.language)
            statements += parcel?.statements ?? []
            statements += try jobs.map { try SQL.enqueue($0, id: ids.next(at: now), at: now) }
            statements += try QueuedTurn.storing(line, at: now)
            statements += line.answer.writes
            statements += line.masks + line.cancellation
            statements += line.renames.flatMap { move.statements(of: $0.member, in: [$0.chat]) }
            try await audit.commit(statements, recording: line.events)
            if let parcel { await deliveries.send(parcel) }
            // What was said meanwhile under the old name has moved too.
            if let chat = line.renames.last?.chat.new { await deliveries.lookAgain(in: chat) }
            if !jobs.isEmpty || line.isQueued { await self.jobs.wake() }
            return .closed
        } catch DatabaseError.conflict {
            return await resolveConflict(of: line)
        } catch  where error.classified == .outage {
            return .notStored(error, line)
        } catch is CancellationError {
            return .interrupted
        } catch {
            return await giveUp(line, after: error)
        }
    }

    /// Somebody changed a row first: the line was closed before, its chat was joined with another, or what the answer
    /// wanted to write has changed.
    private func resolveConflict(of line: TurnLine) async -> TurnEnd {
        do {
            let open = try await opener.inbox.open(line.rows)
            var line = line
            if open.count == line.rows.count, let last = open.last, line.rename(to: last) { return await store(line) }
            line.rows = open.map(\.row)
            guard line.rows.isEmpty else { return await giveUp(line, after: DatabaseError.conflict) }
            // A store that failed may have done its work all the same: what it stored is sent.
            if let chat = line.turn?.chat.id { await deliveries.lookAgain(in: chat) }
            logger.warning(
                "a turn was already closed; its answer is dropped", metadata: endings.metadata(of: line, nil))
            return .closed
        } catch {
            return .notStored(error, line)
        }
    }

    /// The answer cannot be stored, by our own fault: the line ends with an apology instead.
    private func giveUp(_ line: TurnLine, after error: any Error) async -> TurnEnd {
        logger.error("an answer could not be stored", metadata: endings.metadata(of: line, error))
        if !line.isApology { metrics.failed(error.catalogued) }
        guard !line.isApology else { return .notStored(error, line) }
        var line = line
        line.apologize()
        return await store(line)
    }

    private func record(_ line: TurnLine, took duration: Duration) {
        metrics.ended(line.outcome, in: line.feature, after: duration)
        logger.debug("a turn ended", metadata: ["turn": .own(line.id), "outcome": "\(line.outcome.rawValue)"])
    }
}

extension Refusal {
    /// Whether the session was at fault, and not the member's role or the place.
    fileprivate var isAboutSession: Bool { reason.hasPrefix("session_") }
}
