import BotKit
import Foundation

/// `!config general whitelist NUMBER,NUMBER…` of the earlier bot: lets each of them in as `!allow` does, all or none.
/// It takes nobody off the list.
struct WhitelistCommand: Command {
    private static let most = 100

    let grammar: ConfigGrammar
    let admission: any PeopleAdmission
    let needs = Permission.admitPeople

    let namesSettings = true
    var words: Set<String> { grammar.words }
    var usage: Text { Text.whitelistUsage.with(["command": grammar.prefix]) }

    func isCalled(by text: String) -> Bool { grammar.isCalled(by: text) }

    func accepts(_ turn: Turn) -> Bool {
        if case .whitelist = grammar.read(turn) { true } else { false }
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard case .whitelist(let list) = grammar.read(turn) else { return [] }
        let people = list.split { $0 == "," || $0 == ";" || $0.isNewline }.map { Person($0.trimmingInvisible) }
        guard (1...Self.most).contains(people.count) else { throw Refusal(usage, reason: "bad_arguments") }
        var answer: Answer = []
        var names: [String] = []
        for person in people {
            guard let person else { throw Refusal(usage, reason: "bad_arguments") }
            guard !names.contains(person.text) else { continue }
            let one = try await admission.allowing(person, in: turn)
            answer.jobs += one.jobs
            answer.writes += one.writes
            answer.audit += one.audit
            names.append(person.text)
        }
        answer.replies = [.text(.whitelisted.with(["people": names.joined(separator: ", ")]))]
        return answer
    }
}
