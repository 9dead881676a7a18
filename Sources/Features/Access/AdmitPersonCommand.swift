import BotKit
import Foundation

/// `!allow`, `!deny`, `!block` and `!unblock` with a number: whether a person is answered, for ever or for a while.
struct AdmitPersonCommand: Command {
    enum Verb: String, CaseIterable, Sendable { case allow, deny, block, unblock }

    let verb: Verb
    let book: any AccessBook
    let known: KnownNames
    let providers: @Sendable () -> Set<ProviderID>
    let needs = Permission.admitPeople

    var words: Set<String> { [verb.rawValue] }
    var usage: Text {
        switch verb {
        case .allow:
            Text(
                "access.allow_usage", en: "!allow NUMBER [7d] – I answer this person, for ever or for a while",
                he: "!allow NUMBER [7d] – אענה לאדם הזה, לתמיד או לזמן מה")
        case .deny:
            Text(
                "access.deny_usage", en: "!deny NUMBER [7d] – I do not answer this person, for ever or for a while",
                he: "!deny NUMBER [7d] – לא אענה לאדם הזה, לתמיד או לזמן מה")
        case .block:
            Text(
                "access.block_usage", en: "!block NUMBER [7d] – I ignore this person, for ever or for a while",
                he: "!block NUMBER [7d] – אתעלם מהאדם הזה, לתמיד או לזמן מה")
        case .unblock:
            Text(
                "access.unblock_usage", en: "!unblock NUMBER – takes back !allow, !deny and !block",
                he: "!unblock NUMBER – מבטל את !allow, !deny ו-!block")
        }
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let words = arguments.split(whereSeparator: \.isWhitespace)
        guard let person = words.first.flatMap({ Person($0) }), words.count <= (verb == .unblock ? 1 : 2)
        else { throw Refusal(usage, reason: "bad_arguments") }
        var end: Date?
        if words.count == 2 {
            guard let span = Duration(argument: words[1]) else { throw Refusal(usage, reason: "bad_arguments") }
            end = turn.receivedAt.adding(span)
        }
        if verb != .unblock { try person.require(oneOf: providers()) }
        try await requireLesser(person, than: turn)
        let lapsed = verb == .allow ? try await book.doubtfulRole(of: person) : nil
        var details = ["admission": admission.rawValue]
        if let end { details["until"] = end.formatted(.iso8601) }
        var writes = book.admitting(admission, person, until: end, at: turn.receivedAt)
        if verb == .block { writes += book.silencing(try await chats(with: person)) }
        if verb == .allow { writes += try await known.binding(person, in: book) }
        let said = confirmation.with(["person": person.text])
        return Answer(
            [lapsed.map { .lines([said, .lapsed($0)]) } ?? .text(said)],
            jobs: try await job(about: person, until: end, in: turn).map { [$0] } ?? [], writes: writes,
            audit: [AuditEntry(.accessChange, of: person.party, details: details)]
                + [lapsed.map { .lapsing($0, of: person.party) }].compactMap(\.self))
    }

    private func chats(with person: Person) async throws -> [ChatID] {
        var chats: [ChatID] = []
        for network in known.networks() { chats += try await network.chats(with: person) }
        return chats
    }

    /// What the networks shall do. They know no end: who is shut out for a while is so here alone.
    private func job(about person: Person, until end: Date?, in turn: Turn) async throws -> BlockAtNetwork? {
        let isBlocked = verb == .block && end == nil
        guard !known.networks().isEmpty else { return nil }
        let wasBlocked = try await book.admission(of: person) == .blocked
        guard isBlocked || wasBlocked else { return nil }
        return BlockAtNetwork(person: person.text, isBlocked: isBlocked, chat: turn.chat.id, language: turn.language)
    }

    /// Nobody decides about those who have as much to say as they, or more: letting in takes back that somebody else
    /// keeps out, too. An owner cannot be kept out at all.
    private func requireLesser(_ person: Person, than turn: Turn) async throws {
        let names = try await known.names(of: person)
        let role = try await book.role(of: names)
        let isKindness = verb == .allow || verb == .unblock
        guard role < turn.member.role || (turn.member.role == .owner && isKindness) else {
            throw Refusal.denial(
                .notOverThem, reason: "permission", of: person.party, details: ["command": verb.rawValue])
        }
        // Whose id it is comes to light with their first message: it could be anybody's, but for an owner's doing.
        guard names.count == 1, turn.member.role < .owner else { return }
        switch person {
        case .number: return
        case .id: break
        // A network that tells names knows each of its members by more than one, once they wrote.
        case .member(let member):
            guard known.networks().contains(where: { $0.account.provider == member.provider }) else { return }
        }
        throw Refusal.denial(
            .unknownID, reason: "unknown_id", of: person.party, details: ["command": verb.rawValue])
    }

    private var admission: Admission {
        switch verb {
        case .allow: .allowed
        case .deny: .denied
        case .block: .blocked
        case .unblock: .none
        }
    }

    private var confirmation: Text {
        switch verb {
        case .allow: .allowed
        case .deny: .denied
        case .block: .blocked
        case .unblock: .undecided
        }
    }
}

extension AdmitPersonCommand: PeopleAdmission {
    func allowing(_ person: Person, in turn: Turn) async throws -> Answer { try await answer(turn, person.text[...]) }
}

extension Text {
    static let notOverThem = Text(
        "access.not_over_them", en: "That person has as much to say here as you, or more.",
        he: "לאדם הזה יש כאן אותן הרשאות כמו לך, או יותר.")
    /// - Parameter role: what they were.
    static func lapsed(_ role: Role) -> Text {
        Text(
            "access.lapsed",
            en: "Their number has changed since they became {role}: that is over, until !role assign gives it again.",
            he: "המספר של האדם הזה השתנה מאז שקיבל את התפקיד {role}, ולכן התפקיד בוטל; !role assign נותן אותו מחדש."
        ).with(["role": role.word])
    }
    fileprivate static let unknownID = Text(
        "access.unknown_id",
        en: "Nobody has written to me under that id, so I cannot tell who it is. Only an owner may decide about it.",
        he: "איש לא כתב לי עם המזהה הזה, ולכן אי אפשר לדעת מי זה. רק בעלים רשאים להחליט לגביו.")
    fileprivate static let allowed = Text(
        "access.allowed", en: "From now on I answer {person}.", he: "מעכשיו אענה אל {person}.")
    fileprivate static let denied = Text(
        "access.denied", en: "From now on I do not answer {person}.", he: "מעכשיו לא אענה אל {person}.")
    fileprivate static let blocked = Text(
        "access.blocked", en: "From now on I ignore {person}.", he: "מעכשיו אתעלם מ-{person}.")
    fileprivate static let undecided = Text(
        "access.undecided", en: "Nothing is decided about {person} any more; the general rule holds.",
        he: "לא נקבע יותר דבר לגבי {person}; חל הכלל הרגיל.")
}
