import BotKit

/// `!role` and `!role list` say who has a role.
struct ListRolesCommand: Command {
    let book: any AccessBook
    let needs = Permission.seeRoles
    let words: Set<String> = ["role", "roles"]
    let usage = Text("access.roles_usage", en: "!role list – who has a role", he: "!role list – למי יש תפקיד")

    func isCalled(by text: String) -> Bool {
        guard let call = CommandCall(text), call.isCall(of: words) else { return false }
        return ["", "list"].contains(call.arguments.lowercased())
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let holders = try await book.holders()
        guard !holders.isEmpty else { return [.text(.nobodyHasARole)] }
        let lines = holders.prefix(100).map { holder in
            let text: Text =
                switch (holder.person, holder.isDoubtful) {
                case (.member, true): .changedHolder
                case (_, true): .doubtfulHolder
                case (_, false): holder.isSet ? .setHolder : .holder
                }
            return text.with(["person": holder.person.text, "role": holder.role.word])
        }
        return [.lines(Array(lines))]
    }
}

/// `!role assign NUMBER ROLE`, `!role revoke NUMBER` and `!role confirm NUMBER`. Owners give every role, admins those
/// below their own.
struct ChangeRoleCommand: Command {
    let book: any AccessBook
    let known: KnownNames
    let providers: @Sendable () -> Set<ProviderID>
    let needs = Permission.giveRoles
    let words: Set<String> = ["role"]
    let usage = Text(
        "access.role_usage",
        en: "!role assign NUMBER owner|admin|operator, !role revoke NUMBER, !role confirm NUMBER – who may do what",
        he: "!role assign NUMBER owner|admin|operator, !role revoke NUMBER, !role confirm NUMBER – מי רשאי למה")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let words = arguments.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let person = Person(words[1]) else { throw wrongUse }
        let holder = try await book.holders().first { $0.person == person }
        try requireRight(of: turn, over: holder?.role ?? .user, person)
        switch (words[0].lowercased(), words.count) {
        case ("assign", 3):
            guard let role = Role(word: words[2]), role > .user else { throw wrongUse }
            try requireRight(of: turn, over: role, person)
            try person.require(oneOf: providers())
            return try await change(holder, person, to: role, in: turn)
        case ("revoke", 2):
            guard holder != nil else { throw Refusal(.hasNoRole, reason: "has_no_role") }
            return try await change(holder, person, to: .user, in: turn)
        case ("confirm", 2):
            guard try await book.isInDoubt(person) else {
                throw Refusal(.nothingToConfirm, reason: "nothing_to_confirm")
            }
            return Answer(
                [.text(.confirmed.with(["person": person.text]))], writes: book.confirming(person),
                audit: [AuditEntry(.roleChange, of: person.party, details: ["confirmed": "true"])])
        default: throw wrongUse
        }
    }

    private func change(_ holder: RoleHolder?, _ person: Person, to role: Role, in turn: Turn) async throws -> Answer {
        guard holder?.isSet != true else { throw Refusal.denial(.isSet, reason: "set_by_settings", of: person.party) }
        let text: Text = role == .user ? .revoked : .assigned
        return Answer(
            [.text(text.with(["person": person.text, "role": role.word]))],
            writes: book.giving(role, to: person, at: turn.receivedAt)
                + (role > .user ? try await known.binding(person, in: book) : []),
            audit: [
                AuditEntry(
                    .roleChange, of: person.party,
                    details: ["from": (holder?.role ?? .user).word, "to": role.word])
            ])
    }

    private func requireRight(of turn: Turn, over role: Role, _ person: Person) throws {
        guard turn.member.role == .owner || role < turn.member.role else {
            throw Refusal.denial(.notOverThem, reason: "permission", of: person.party, details: ["command": "role"])
        }
    }

    private var wrongUse: Refusal { Refusal(usage, reason: "bad_arguments") }
}

extension Role {
    fileprivate init?(word: Substring) {
        guard let role = [Role.user, .operator, .admin, .owner].first(where: { $0.word == word.lowercased() })
        else { return nil }
        self = role
    }
}

extension Text {
    fileprivate static let nobodyHasARole = Text(
        "access.nobody_has_a_role", en: "Nobody has a role yet.", he: "עדיין אין לאף אחד תפקיד.")
    fileprivate static let holder = Text("access.holder", en: "{role}: {person}", he: "תפקיד {role}: {person}")
    fileprivate static let setHolder = Text(
        "access.set_holder", en: "{role}: {person} (by the settings)", he: "{role}: {person} (לפי ההגדרות)")
    fileprivate static let doubtfulHolder = Text(
        "access.doubtful_holder",
        en: "{role}: {person} (somebody else writes under this number now; it does not count until !role confirm)",
        he: "{role}: {person} (מישהו אחר כותב עכשיו מהמספר הזה; התפקיד לא חל עד !role confirm)")
    fileprivate static let changedHolder = Text(
        "access.changed_holder",
        en: "{role}: {person} (their number has changed since; it does not count until !role confirm)",
        he: "{role}: {person} (המספר השתנה מאז; התפקיד לא חל עד !role confirm)")
    fileprivate static let assigned = Text(
        "access.assigned", en: "{person} is {role} from now on.", he: "מעכשיו {person} בתפקיד {role}.")
    fileprivate static let revoked = Text(
        "access.revoked", en: "{person} has no role any more.", he: "ל־{person} אין יותר תפקיד.")
    fileprivate static let confirmed = Text(
        "access.confirmed", en: "Whoever writes as {person} now is trusted.",
        he: "מי שכותב עכשיו בתור {person} נחשב מהימן.")
    fileprivate static let hasNoRole = Text(
        "access.has_no_role", en: "That person has no role.", he: "לאדם הזה אין תפקיד.")
    fileprivate static let nothingToConfirm = Text(
        "access.nothing_to_confirm", en: "There is nothing to confirm about that person.",
        he: "אין מה לאשר לגבי האדם הזה.")
    fileprivate static let isSet = Text(
        "access.is_set", en: "The settings give that role; it can only be changed there.",
        he: "התפקיד נקבע בהגדרות; אפשר לשנות אותו רק שם.")
}
