import BotKit
import Features
import Foundation
import TestKit
import Testing

@Suite struct PrivacyCommandTests {
    /// What is said, and what is recorded.
    private func say(
        _ text: String, group: String? = nil, language: Language = .english, consent: PrivacyChoice.Consent? = nil,
        isAsked: Bool = false
    ) async throws -> (said: String, audit: [AuditEntry], needs: Permission) {
        let turn = Turn.sample(text, group: group, language: language)
        let feature = PrivacyFeature(book: ListedPrivacy(consent: consent, isAsked: isAsked))
        let responder = try #require(feature.responders.first { $0.accepts(turn) })
        do {
            let answer = try await responder.answer(turn)
            let said = answer.replies.map {
                $0.rendered(in: language, by: Phrasebook(), quoting: nil).text ?? ""
            }.joined(separator: "\n")
            return (said, answer.audit, responder.needs)
        } catch let refusal as Refusal {
            return (Phrasebook().string(refusal.text, in: language), [], responder.needs)
        }
    }

    @Test(
        arguments: [
            "!privacy maybe", "!privacy accept now", "!retention set", "!retention set 0", "!retention set 366",
            "!retention set -5", "!retention set 9999999999999999999999", "!retention set שבע", "!retention set 7 8",
            "!retention 7", "!export all", "!export ייצוא", "!wipe all", "!wipe ABC12", "!wipe ABC123 now",
            "!wipe אבגדהו", "!retention set " + String(repeating: "9", count: 10_000),
            "!wipe " + String(repeating: "A", count: 10_000),
        ])
    func `wrong use is answered with the usage, in the member's language`(_ text: String) async throws {
        let word = try #require(text.split(separator: " ").first)
        for language in [Language.english, .hebrew] {
            let (said, audit, _) = try await say(text, language: language)
            #expect(said.contains(word), "\(text.prefix(40)): \(said)")
            #expect(said.count < 300 && audit.isEmpty)
        }
    }

    @Test func `says what is kept, where and for how long, in each state`() async throws {
        let undecided = try await say("!privacy").said
        #expect(undecided.contains("30 days") && undecided.contains("24 hours") && undecided.contains("May I keep it"))
        #expect(undecided.contains("one database"))
        let given = try await say("/privacy", consent: .given).said
        #expect(given.contains("you agreed") && !given.contains("May I keep it"))
        #expect(try await say("!privacy", consent: .declined).said.contains("as was decided here"))
        #expect(try await say("!privacy", language: .hebrew).said.contains("כמה זמן"))
        #expect(undecided.contains("Your number and name, and what was set or decided here, stay until you wipe them."))
        let group = try await say("!privacy", group: "team")
        #expect(group.said.contains("this group") && !group.said.contains("May I keep it") && group.needs == .everyone)
    }

    @Test func `choices are recorded, and in groups they are the admins'`() async throws {
        let accepted = try await say("!privacy accept")
        #expect(accepted.audit.map(\.action) == [.consentChange] && accepted.needs == .everyone)
        #expect(try await say("!retention set 7").audit.first?.details == ["days": "7"])
        for text in ["!privacy accept", "!privacy decline", "!retention set 7", "!wipe group", "!wipe group ABC123"] {
            #expect(try await say(text, group: "team").needs == .setGroupPrivacy, "\(text)")
        }
        for text in ["!privacy", "!retention", "!retention show", "!wipe", "!wipe ABC123"] {
            #expect(try await say(text, group: "team").needs == .everyone, "\(text)")
        }
        #expect(try await say("!export").needs == .exportOwnData)
        #expect(try await say("!retention show").said.contains("30 days"))
    }

    @Test func `who wants more than the running conversation kept is asked, once`() async throws {
        #expect(try await say("!retention set 60").said.contains("May I keep it for 60?"))
        #expect(try await say("!retention set 60", group: "team").said.contains("May I keep it for 60?"))
        #expect(try await !say("!retention set 7").said.contains("May I keep it"))
        #expect(try await !say("!retention set 60", isAsked: true).said.contains("May I keep it"))
        for consent in PrivacyChoice.Consent.allCases {
            #expect(try await !say("!retention set 60", consent: consent).said.contains("May I keep it"))
        }
        // Whoever asks what is kept may decide there.
        #expect(try await say("!privacy", isAsked: true).said.contains("May I keep it for 30?"))
    }

    @Test func `a wipe is asked about, and its code begins it`() async throws {
        let question = try await say("!wipe").said
        #expect(question.contains("About 12 entries") && question.contains("!wipe ABC123"))
        #expect(try await say("!wipe group", group: "team").said.contains("!wipe group ABC123"))
        let begun = try await say("!wipe abc123")
        #expect(begun.said.contains("receipt") && begun.audit.first?.details["step"] == "confirmed")
        #expect(try await say("!wipe QQQQQQ").said.contains("not waiting"))
        #expect(try await say("!wipe keep").said == "Nothing was erased.")
    }
}
