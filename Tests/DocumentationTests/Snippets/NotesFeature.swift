import BotKit

/// `!note` keeps a line of text, `!notes` shows the newest ten of the chat.
struct NotesFeature: Feature {
    static let name = "notes"
    let database: any Database

    var responders: [any Responder] { [NoteCommand(), NotesCommand(database: database)] }

    static let migrations = [
        Migration(
            "notes.0001",
            [
                """
                CREATE TABLE note (
                    id \(type: .rowID) PRIMARY KEY, chat TEXT NOT NULL, member TEXT NOT NULL,
                    text TEXT NOT NULL CHECK (text <> ''), created_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX note_of_chat ON note (chat, id)",
            ])
    ]

    static let personalData = [
        PersonalData("note", member: "member", chat: "chat", time: "created_at", keeping: .days(365))
    ]
}

struct NoteCommand: Command {
    let words: Set<String> = ["note", "פתק"]
    let usage = Text("notes.usage", en: "!note <text>: keep a note", he: "!פתק <טקסט>: שמירת פתק")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard !arguments.isEmpty else { throw Refusal(usage, reason: "bad_arguments") }
        // The note and "answered" become true together, so a crash between them cannot keep it twice.
        let insert: SQL = """
            INSERT INTO note (id, chat, member, text, created_at)
            VALUES (\(turn.id), \(turn.chat.id), \(turn.member.id), \(arguments), \(turn.receivedAt))
            """
        return Answer([.text(.kept)], writes: [insert])
    }
}

struct NotesCommand: Command {
    let words: Set<String> = ["notes", "פתקים"]
    let usage = Text("notes.list", en: "!notes: the newest notes", he: "!פתקים: הפתקים האחרונים")
    let database: any Database

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let rows = try await database.rows(
            "SELECT text FROM note WHERE chat = \(turn.chat.id) ORDER BY id DESC LIMIT 10")
        guard !rows.isEmpty else { return [.text(.none)] }
        return [.verbatim(try rows.map { "• " + (try $0.text("text")) }.joined(separator: "\n"))]
    }
}

extension Text {
    fileprivate static let kept = Text("notes.kept", en: "Noted.", he: "נרשם.")
    fileprivate static let none = Text("notes.none", en: "There are no notes.", he: "אין פתקים.")
}
