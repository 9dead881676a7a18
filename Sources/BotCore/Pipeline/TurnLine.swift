import BotKit
import Foundation

/// What the line of a message came to, so far.
struct TurnLine: Sendable {
    /// The rows of the inbox that it ends.
    var rows: [Int64]
    var turn: Turn?
    var jobs: [any Job] = []
    var outcome = TurnOutcome.failed
    /// The step that it is at, or ended at.
    var step = TurnStage.open
    private(set) var reason = TurnReason.failed
    /// The word of the refusal that ended it.
    private(set) var refusal: String?
    /// How much heavy work goes before this one, when it is heavy and was let into the queue.
    var ahead: Int?
    /// The feature that answers; `none` until it is found.
    var feature = "none"
    var answer: Answer = []
    /// What the member was allowed to do with a session, or not allowed to do.
    var permissions: [AuditEntry] = []
    /// What the audit is told of an answer that is not for everybody and writes no entry of its own.
    var allowance: AuditEntry?
    /// What hides the tokens of sessions in what is stored of its messages.
    var masks: [SQL] = []
    /// What takes the member's heavy work out of the queue, although nothing is answered.
    var cancellation: [SQL] = []
    /// The names that chat and member bore while the answer was made, when they bear others by now.
    private(set) var renames: [(member: IdentityMove.Names<MemberID>, chat: IdentityMove.Names<ChatID>)] = []
    /// Whether the answer could not be stored and an apology stands in its place.
    var isApology = false

    /// The name of the turn: its first row, which stays the same.
    let id: Int64
    /// When this process took it up.
    let beganAt: Date
    /// Whether an earlier process may have taken it up before.
    let isRepeated: Bool

    init(_ messages: [StoredMessage], at now: Date) {
        rows = messages.map(\.row)
        id = messages[0].row
        beganAt = now
        isRepeated = messages.contains(where: \.isCounted)
    }

    mutating func end(_ outcome: TurnOutcome, because reason: TurnReason, with answer: Answer) {
        self.outcome = outcome
        self.reason = reason
        self.answer = answer
    }

    /// Ends with words for the member, if the member turned to us.
    mutating func end(_ outcome: TurnOutcome, because reason: TurnReason, saying text: Text) {
        end(outcome, because: reason, with: turn?.isAddressed == true ? [.text(text)] : [])
    }

    /// Ends with the words of a refusal, if the member turned to us.
    mutating func end(with refusal: Refusal) {
        self.refusal = String(refusal.reason.prefix(64))
        permissions += refusal.audit.map { entry in
            var entry = entry
            entry.details["feature"] = feature
            return entry
        }
        end(.refused, because: .refused, saying: refusal.text)
        // A quote would show what was deleted.
        guard refusal.reason == Refusal.sessionInGroup else { return }
        answer.replies = answer.replies.map { Reply($0.content, quotes: false) }
    }

    /// Whether its answer is heavy work that is made later.
    var isQueued: Bool { reason == .queued }

    /// How it ended, for the record.
    var verdict: TurnVerdict {
        TurnVerdict(reason, at: step, refusal: refusal, feature: feature == "none" ? nil : feature)
    }

    /// Ends with the catalogue's words for a failure that is not the member's.
    mutating func end(_ outcome: TurnOutcome, because reason: TurnReason, saying code: ErrorCode) {
        let text = code.text ?? ErrorCode.internalError.text
        if let text { end(outcome, because: reason, saying: text.with(["reference": reference])) }
    }

    /// Two rows turned out to be one person while the answer was made: it ends under the names that remain.
    /// - Returns: whether they are others than before.
    mutating func rename(to place: InboxStore.Place) -> Bool {
        guard let turn, turn.chat.id != place.chat || turn.member.id != place.member else { return false }
        renames.append(
            (.init(old: turn.member.id, new: place.member), .init(old: turn.chat.id, new: place.chat)))
        self.turn?.chat.id = place.chat
        self.turn?.member.id = place.member
        return true
    }

    /// Ends with an apology instead of an answer that cannot be stored.
    mutating func apologize() {
        jobs = []
        isApology = true
        step = .deliver
        refusal = nil
        end(.failed, because: .failed, saying: .internalError)
    }

    /// What the audit is told, in the member's name.
    var events: [AuditLog.Event] {
        guard let turn else { return [] }
        let isToldOfUse = outcome == .answered && answer.audit.isEmpty
        return (permissions + answer.audit + (isToldOfUse ? [allowance].compactMap(\.self) : [])).map {
            AuditLog.Event($0, by: .member(turn.member.id), in: turn.chat.id, reference: reference)
        }
    }

    /// A short word that a member can pass on and an operator can find in the log.
    var reference: String { TurnReference.of(id) }

    /// The statements that leave the dialogues and the language as the turn left them. They come before the replies,
    /// whose menu takes the place of the one that was answered.
    func memory(defaultLanguage: Language) -> [SQL] {
        guard let turn else { return [] }
        var statements: [SQL] = []
        if let dialogue = answer.dialogue {
            statements.append(dialogue.statement(for: turn.member.id, in: turn.chat.id))
        } else if outcome == .answered, let dialogue = turn.dialogue {
            statements.append(dialogue.removal(for: turn.member.id, in: turn.chat.id))
        }
        if outcome == .answered, turn.choice != nil {
            statements.append(OpenMenu.removal(for: turn.member.id, in: turn.chat.id))
        }
        if turn.isAddressed, turn.language != (turn.rememberedLanguage ?? defaultLanguage) {
            statements.append(
                """
                INSERT INTO chat_setting (chat, language) VALUES (\(turn.chat.id), \(turn.language))
                ON CONFLICT (chat) DO UPDATE SET language = excluded.language
                """)
        }
        return statements
    }
}

/// What became of a turn.
enum TurnEnd: Sendable {
    case closed
    /// The process is shutting down; nothing was stored.
    case interrupted
    /// The store could not be read; the turn must be tried again.
    case notOpened(any Error)
    /// The store did not take the end of the turn; only that must be tried again.
    case notStored(any Error, TurnLine)
}
