import BotKit
import Foundation

/// Shuts somebody out at the networks themselves, or lets them write again there.
struct BlockAtNetwork: Job {
    static let kind = "access.network_block"
    var person: String
    var isBlocked: Bool
    /// Who hears of a failure.
    var chat: ChatID
    var language: Language
}

/// Does so. What was decided here holds in any case; the audit has what each network did.
struct BlockAtNetworkHandler: JobHandler {
    let networks: @Sendable () -> [any ContactBlocking]

    func run(_ work: BlockAtNetwork, at time: Date) async throws -> JobOutcome {
        guard let person = Person(work.person) else { return .giveUp("the person has an unknown form") }
        var entries: [AuditEntry] = []
        var failures: [Text] = []
        for network in networks() {
            let account = network.account.rawValue
            var details = ["network": network.account.provider.rawValue, "blocked": "\(work.isBlocked)"]
            do {
                guard try await network.setBlocked(work.isBlocked, person) else { continue }
                entries.append(AuditEntry(.accessChange, of: person.party, details: details))
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                details["problem"] = String(error.safeDescription.prefix(200))
                entries.append(AuditEntry(.accessChange, .failed, of: person.party, details: details))
                let text: Text = work.isBlocked ? .networkDidNotBlock : .networkDidNotUnblock
                failures.append(
                    text.with(["person": work.person, "account": account, "problem": error.safeDescription]))
            }
        }
        guard !failures.isEmpty else { return .done(audit: entries) }
        let delivery = Delivery(to: work.chat, in: work.language, [.lines(failures)])
        return .done(deliveries: [delivery], audit: entries)
    }
}

extension Text {
    fileprivate static let networkDidNotBlock = Text(
        "access.network_did_not_block",
        en: "I ignore {person} all the same, but the network of {account} did not block them: {problem}.",
        he: "אני מתעלם מ-{person} בכל מקרה, אבל הרשת של {account} לא חסמה: {problem}.")
    fileprivate static let networkDidNotUnblock = Text(
        "access.network_did_not_unblock",
        en: "Here {person} is no longer blocked, but the network of {account} still blocks them: {problem}.",
        he: "כאן {person} כבר לא ברשימת החסומים, אבל הרשת של {account} עדיין חוסמת: {problem}.")
}
