import BotKit

/// `!admin-login` opens a session for acts that are not to be done by accident, or by who found the phone unlocked.
struct AdminLoginCommand: Command {
    let sessions: any AdminSessions
    let needs = Permission.openSession
    let words: Set<String> = ["admin-login"]
    let usage = Text(
        "access.login_usage", en: "!admin-login – a token for commands that ask for --session",
        he: "!admin-login – אסימון לפקודות שמבקשות --session")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard arguments.isEmpty else { throw Refusal(usage, reason: "bad_arguments") }
        let (token, writes) = sessions.opening(for: turn)
        return Answer(
            [.text(.token.with(["token": token]), secret: token)], writes: writes,
            audit: [AuditEntry(.sessionCreated, details: ["token": String(token.prefix(8))])])
    }
}

/// `!admin-logout` ends it.
struct AdminLogoutCommand: Command {
    let sessions: any AdminSessions
    let needs = Permission.openSession
    let words: Set<String> = ["admin-logout"]
    let usage = Text(
        "access.logout_usage", en: "!admin-logout – ends the session", he: "!admin-logout – מסיים את החיבור")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard arguments.isEmpty else { throw Refusal(usage, reason: "bad_arguments") }
        return Answer([.text(.loggedOut)], writes: sessions.closing(for: turn), audit: [AuditEntry(.sessionEnded)])
    }
}

extension Text {
    fileprivate static let token = Text(
        "access.token",
        en:
            "Add to commands that ask for it: --session {token}\nIt works in this chat alone, and ends when unused.",
        he: "צריך להוסיף לפקודות שמבקשות זאת: --session {token}\nזה פועל רק בצ׳אט הזה, ומסתיים כשאין שימוש.")
    fileprivate static let loggedOut = Text(
        "access.logged_out", en: "The admin session is over.", he: "החיבור של המנהל הסתיים.")
}
