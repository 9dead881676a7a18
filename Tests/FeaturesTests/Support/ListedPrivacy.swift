import BotKit
import Foundation

/// A book in which 30 days are set, where `ABC123` confirms a wipe.
struct ListedPrivacy: PrivacyBook, ConsentDesk {
    private struct Nothing: Job {
        static let kind = "test.nothing"
    }
    var consent: PrivacyChoice.Consent?
    var isAsked = false
    /// What is asked beside an answer.
    var question: Answer?

    func choice(of chat: ChatID) async throws -> PrivacyChoice {
        PrivacyChoice(days: 30, isOwn: false, consent: consent, runningHours: 24, isAsked: isAsked)
    }
    func keeping(_ chat: ChatID, days: Int, at time: Date) -> [SQL] { ["SELECT \(days) AS days"] }
    func noting(_ consent: PrivacyChoice.Consent, in chat: ChatID, at time: Date) -> [SQL] { ["SELECT 1 AS one"] }
    func asking(_ choice: PrivacyChoice, in turn: Turn) -> Answer { [.verbatim("May I keep it for \(choice.days)?")] }
    func question(for turn: Turn) async throws -> Answer? { question }
    func requestingExport(for turn: Turn) async throws -> ExportRequest { .accepted(job: Nothing(), writes: []) }
    func askingWipe(of range: WipeRange, for turn: Turn) async throws -> WipeQuestion {
        WipeQuestion(code: "ABC123", rows: 12, writes: [])
    }
    func confirmingWipe(of range: WipeRange, by code: String, for turn: Turn) async throws
        -> (job: any Job, writes: [SQL])?
    { code.uppercased() == "ABC123" ? (Nothing(), []) : nil }
    func droppingWipe(for turn: Turn) -> [SQL] { [] }
}
