import BotKit
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Features

/// Who is told what became of a message, and in which words.
@Suite struct WhyTests {
    /// What became of messages, as a test says.
    private struct Records: TurnRecords, PermissionCheck {
        var quoted: TurnRecord?
        var latest: TurnRecord?
        var isGroupAdmin = false

        func record(of message: MessageID, in chat: ChatID) async throws -> TurnRecord? { quoted }
        func last(of member: MemberID, in chat: ChatID, before row: Int64, except feature: String) async throws
            -> TurnRecord?
        {
            #expect(feature == "why")
            return latest
        }
        func holds(_ permission: Permission, _ turn: Turn) async throws -> Bool {
            #expect(permission == .explainOthers)
            return isGroupAdmin || turn.member.role >= permission.role
        }
    }

    static let refusals: [String?] = [nil, "of_another_feature"] + labels

    /// All words of refusals that there are.
    static let labels = ErrorCode.all.filter { $0.failureClass == .refusal && $0.label != "refused" }.map(\.label)

    static let verdicts = TurnReason.allCases.flatMap { reason in
        reason == .refused
            ? refusals.map { TurnVerdict(reason, at: .route, refusal: $0) } : [TurnVerdict(reason, at: .route)]
    }

    private func record(
        _ reason: TurnReason = .answered, of person: String = "dana", refusal: String? = nil, count: Int = 1,
        replies: TurnRecord.Replies = .init()
    ) -> TurnRecord {
        TurnRecord(
            message: "m", chat: .sample(), member: .sample(person), receivedAt: .monday,
            verdict: TurnVerdict(reason, at: .answer, refusal: refusal, feature: "chat"), reference: "ABC123",
            count: count, replies: replies)
    }

    private func ask(_ turn: Turn, _ records: Records) async throws -> Answer {
        let responder = try #require(
            WhyFeature(records: records, permissions: records).responders.first { $0.accepts(turn) })
        #expect(responder.needs == .everyone)
        return try await responder.answer(turn)
    }

    private func said(_ answer: Answer, in language: Language = .english) -> String {
        answer.replies.map { $0.rendered(in: language, by: Phrasebook(), quoting: nil).text ?? "" }
            .joined(separator: "\n")
    }

    private let quoted = QuotedMessage(id: "m", isFromBot: false)

    @Test(arguments: ["!why", "/why", "!Why?", "!למה"])
    func `tells of the quoted message, or of the last one`(_ text: String) async throws {
        let records = Records(quoted: record(.stopped), latest: record(.tooOld))
        #expect(said(try await ask(.sample(text, quoted: quoted), records)).contains("stopped"))
        let last = said(try await ask(.sample(text), records))
        #expect(last.hasPrefix("About your last message:") && last.contains("too late"))
    }

    @Test func `says when there is nothing to tell of`() async throws {
        let ours = QuotedMessage(id: "m", isFromBot: true)
        #expect(said(try await ask(.sample("!why"), Records())).hasPrefix("I have no earlier message"))
        #expect(said(try await ask(.sample("!why", quoted: quoted), Records())).hasPrefix("I do not have"))
        #expect(said(try await ask(.sample("!why", quoted: ours), Records())).hasPrefix("Nobody asked"))
    }

    @Test(arguments: verdicts)
    func `has words in both languages for every reason, without settings for members`(_ verdict: TurnVerdict)
        async throws
    {
        var record = record()
        record.verdict = verdict
        for (language, letters) in [(Language.english, "a"..."z"), (.hebrew, "א"..."ת")] {
            for role in [Role.user, .operator, .admin, .owner] {
                let answer = try await ask(
                    .sample("!why", role: role, language: language, quoted: quoted), Records(quoted: record))
                let text = said(answer, in: language)
                #expect(text.contains { letters.contains(String($0)) }, "\(verdict) \(text)")
                #expect(!text.contains("{") && answer.audit.isEmpty)
                guard role == .user else { continue }
                #expect(text.firstMatch(of: /[A-Z]{3,}_[A-Z]|!allow|!deny|!block|policy|closed/) == nil, "\(text)")
            }
        }
    }

    @Test func `names the setting or the command to those who run the bot`() async throws {
        let named: [(TurnReason, String)] = [
            (.groupsOff, "GROUPCHATS_ENABLED"), (.groupPolicyOff, "GROUP_POLICY"), (.groupNotAllowed, "!allow group"),
            (.groupDenied, "!allow group"), (.notMentioned, "GROUP_ACTIVATION"), (.notCommand, "!activation"),
            (.prefixRequired, "PREFIX_ENABLED"), (.policyClosed, "ACCESS_POLICY"), (.policyAllowlist, "!allow"),
            (.policyPairing, "!approve"), (.denied, "!unblock"), (.blocked, "!unblock"),
            (.tooOld, "ANSWER_MAX_AGE_DIRECT_SECONDS"), (.givenUp, "TURN_MAX_BEGINS"), (.failed, "ABC123"),
            (.outage, "ABC123"),
        ]
        for (reason, word) in named {
            for language in [Language.english, .hebrew] {
                let answer = try await ask(
                    .sample("!why", role: .operator, language: language, quoted: quoted),
                    Records(quoted: record(reason, of: "omer")))
                // What is read from left to right is set off in Hebrew.
                let text = said(answer, in: language).filter { !("\u{2066}"..."\u{2069}").contains($0) }
                #expect(text.contains(word), "\(text)")
            }
        }
    }

    @Test(arguments: labels)
    func `has a reason of its own for every refusal, with its step, to those who run the bot`(_ label: String)
        async throws
    {
        let settings = [
            "flood": "FLOOD_LIMIT", "rate_limit": "RATE_LIMIT_PER_USER", "rate_limit_global": "RATE_LIMIT_GLOBAL",
            "queue_full": "QUEUE_MAX_DEPTH", "work_cancelled": "!jobs cancel",
            "export_too_soon": "EXPORT_INTERVAL_HOURS", "not_offered": "MODEL_CHOICES",
            "no_such_model": "!config gpt model", "session_needed": "!admin-login",
            "session_invalid": "ADMIN_SESSION_SECONDS", "session_locked": "ADMIN_SESSION_SECONDS",
            "no_such_code": "PAIRING_CODE_SECONDS", "set_by_settings": "ADMIN_PHONE_NUMBERS",
            "unknown_id": "OWNER_PHONE_NUMBERS", "media_too_large": "VISION_MAX_BYTES",
            "too_long": "MAX_MESSAGE_LENGTH", "context_too_long": "MAX_MODEL_TOKENS", "unknown_member": "ACCESS_POLICY",
            "permission": "!role assign", "has_no_role": "!role list", "nothing_to_confirm": "!role list",
            "nothing_to_undo": "!config show", "nothing_to_unset": "!config show", "wipe_not_asked": "!wipe",
        ]
        let limits = ["FLOOD_LIMIT", "RATE_LIMIT_PER_USER", "RATE_LIMIT_GLOBAL", "QUEUE_MAX_DEPTH"]
        for language in [Language.english, .hebrew] {
            let answer = try await ask(
                .sample("!why", role: .operator, language: language, quoted: quoted),
                Records(quoted: record(.refused, refusal: label)))
            let text = said(answer, in: language).filter { !("\u{2066}"..."\u{2069}").contains($0) }
            #expect(!text.hasPrefix("I refused it") && !text.hasPrefix("סירבתי"), "\(text)")
            #expect(settings[label].map(text.contains) ?? true, "\(text)")
            #expect(text.contains("answer") && text.hasSuffix("\(label)."), "\(text)")
            // And no other limit than its own.
            #expect(limits.allSatisfy { !text.contains($0) || $0 == settings[label] }, "\(text)")
        }
        let member = try await ask(.sample("!why", quoted: quoted), Records(quoted: record(.refused, refusal: label)))
        #expect(!said(member).contains("Step:"))
    }

    @Test func `a member is not told of others, and that is recorded; an admin of the group is`() async throws {
        let turn = Turn.sample("!why", group: "g", quoted: quoted)
        var records = Records(quoted: record(.blocked, of: "omer"))
        let refused = try await ask(turn, records)
        #expect(said(refused).hasPrefix("What became of a message I tell only its sender"))
        #expect(refused.audit.map(\.action) == [.permissionDenied] && refused.audit.map(\.outcome) == [.denied])
        records.isGroupAdmin = true
        let told = said(try await ask(turn, records))
        #expect(told.hasPrefix("I was not answering its sender") && !told.contains("!block"))
        let operatorTurn = Turn.sample("!why", role: .operator, group: "g", quoted: quoted)
        records.isGroupAdmin = false
        #expect(said(try await ask(operatorTurn, records)).contains("!block"))
    }

    @Test func `says how far the answer has come`() async throws {
        let replies = TurnRecord.Replies(waiting: 1, parked: 1, sent: 1, problem: "too_old")
        let record = record(count: 3, replies: replies)
        let member = said(try await ask(.sample("!why", quoted: quoted), Records(quoted: record)))
        #expect(member.contains("one of 3 messages") && member.contains("on its way"))
        #expect(member.contains("waits until") && member.contains("could not be sent.") && !member.contains("too_old"))
        let admin = said(try await ask(.sample("!why", role: .admin, quoted: quoted), Records(quoted: record)))
        #expect(admin.contains("too_old") && admin.contains("SETTLE_MILLISECONDS"))
    }

    @Test(arguments: ["!why not", "!why \(String(repeating: "x", count: 5_000))", "!why 🙂", "!למה ככה"])
    func `shows how it is used`(_ text: String) async throws {
        await #expect(throws: Refusal.self) { try await ask(.sample(text), Records(latest: record())) }
    }
}
