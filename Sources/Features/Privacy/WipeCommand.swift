import BotKit

/// `!wipe` erases what is stored about the member, after it was confirmed: everything in a direct chat, in a group what
/// is stored about them there.
struct WipeCommand: Command {
    let book: any PrivacyBook
    let words: Set<String> = ["wipe", "מחיקה"]
    let usage = Text(
        "privacy.wipe_usage",
        en: "!wipe – erase all that is stored about you; in a group, what is stored about you there",
        he: "!wipe – למחוק את כל מה ששמור עליך; בקבוצה, את מה ששמור עליך בה")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        try await book.wiping(turn.chat.isGroup ? .part : .person, in: turn, arguments, usage)
    }
}

/// `!wipe group` erases what is stored about a group, by its admins.
struct GroupWipeCommand: Command {
    let book: any PrivacyBook
    let needs = Permission.setGroupPrivacy
    let words: Set<String> = ["wipe", "מחיקה"]
    let usage = Text(
        "privacy.wipe_group_usage", en: "!wipe group – in a group its admins erase all that is stored about it",
        he: "!wipe group – בקבוצה, מנהליה מוחקים את כל מה ששמור עליה")

    func isCalled(by text: String) -> Bool {
        guard let call = CommandCall(text), call.isCall(of: words) else { return false }
        return ["group", "קבוצה"].contains(call.arguments.prefix { !$0.isWhitespace }.lowercased())
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        try await book.wiping(.group, in: turn, arguments.drop { !$0.isWhitespace }.trimmingInvisible, usage)
    }
}

extension PrivacyBook {
    /// Asks, confirms, or leaves it.
    fileprivate func wiping(
        _ range: WipeRange, in turn: Turn, _ argument: Substring, _ usage: Text
    ) async throws -> Answer {
        if argument.isEmpty { return try await asking(range, in: turn) }
        if argument.lowercased() == "keep" { return Answer([.text(.left)], writes: droppingWipe(for: turn)) }
        guard argument.utf8.count == 6, argument.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw Refusal.misuse(usage, argument)
        }
        guard let (job, writes) = try await confirmingWipe(of: range, by: String(argument), for: turn) else {
            throw Refusal.denial(.noSuchQuestion, reason: "wipe_not_asked", details: ["range": range.rawValue])
        }
        return Answer(
            [.text(.isErasing)], jobs: [job], writes: writes,
            audit: [
                AuditEntry(
                    .wipe, of: range == .group ? .chat(turn.chat.id) : .member(turn.member.id),
                    details: ["range": range.rawValue, "step": "confirmed"])
            ])
    }

    private func asking(_ range: WipeRange, in turn: Turn) async throws -> Answer {
        let question = try await askingWipe(of: range, for: turn)
        let text: Text =
            switch range {
            case .person: .wipePerson
            case .part: .wipePart
            case .group: .wipeGroup
            }
        let command = range == .group ? "!wipe group" : "!wipe"
        let menu = Menu(
            question: .text(text.with(["rows": "\(question.rows)", "command": "\(command) \(question.code)"])),
            options: [
                .init(id: "\(command) \(question.code)", title: .text(.wipeIt)),
                .init(id: "\(command) keep", title: .text(.keepIt)),
            ])
        return Answer([.menu(menu)], writes: question.writes)
    }
}

extension Text {
    fileprivate static let wipePerson = Text(
        "privacy.wipe_person",
        en: "About {rows} entries about you are stored. Shall I erase all of them, in every chat with me? It cannot be "
            + "undone. To confirm, choose below within 10 minutes, or send: {command}",
        he: "שמורות עליך בערך {rows} רשומות. למחוק את כולן, בכל הצ׳אטים איתי? אי אפשר לבטל את זה. כדי לאשר, בוחרים כאן "
            + "למטה תוך 10 דקות, או שולחים: {command}")
    fileprivate static let wipePart = Text(
        "privacy.wipe_part",
        en:
            "About {rows} entries about you are stored of this group. Shall I erase them? It cannot be undone. To "
            + "confirm, choose below within 10 minutes, or send: {command}",
        he:
            "שמורות עליך בערך {rows} רשומות מהקבוצה הזאת. למחוק אותן? אי אפשר לבטל את זה. כדי לאשר, בוחרים כאן למטה "
            + "תוך 10 דקות, או שולחים: {command}")
    fileprivate static let wipeGroup = Text(
        "privacy.wipe_group",
        en:
            "About {rows} entries are stored of this group, of everybody in it. Shall I erase all of them? It cannot "
            + "be undone. To confirm, choose below within 10 minutes, or send: {command}",
        he: "שמורות בערך {rows} רשומות מהקבוצה הזאת, של כל החברים בה. למחוק את כולן? אי אפשר לבטל את זה. כדי לאשר, "
            + "בוחרים כאן למטה תוך 10 דקות, או שולחים: {command}")
    fileprivate static let wipeIt = Text("privacy.wipe_it", en: "Erase it all", he: "למחוק הכול")
    fileprivate static let keepIt = Text("privacy.keep_it", en: "Keep it", he: "להשאיר")
    fileprivate static let left = Text("privacy.left", en: "Nothing was erased.", he: "לא נמחק דבר.")
    fileprivate static let isErasing = Text(
        "privacy.is_erasing", en: "I am erasing it. A receipt follows when it is done.",
        he: "המחיקה התחילה. בסיומה תישלח קבלה.")
    fileprivate static let noSuchQuestion = Text(
        "privacy.wipe_not_asked",
        en: "I am not waiting for that code from you here, or no longer. To begin anew, send !wipe",
        he: "הקוד הזה לא ממתין כאן לאישור שלך, או שפג תוקפו. כדי להתחיל מחדש שולחים !wipe")
}
