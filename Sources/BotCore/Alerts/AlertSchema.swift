import BotKit

/// What was told to whom, so that a restart repeats nothing.
enum AlertSchema {
    static let migrations: [Migration] = [
        Migration(
            "alerts.0001",
            [
                """
                CREATE TABLE alert_state (
                    kind TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    told_at BIGINT,
                    suppressed BIGINT NOT NULL,
                    is_open BIGINT NOT NULL,
                    held TEXT,
                    PRIMARY KEY (kind, subject)
                )
                """,
                // Small things to remember, each under its name.
                """
                CREATE TABLE alert_mark (
                    name TEXT NOT NULL PRIMARY KEY,
                    value TEXT NOT NULL
                )
                """,
                // Where owners wrote.
                """
                CREATE TABLE alert_contact (
                    chat TEXT NOT NULL PRIMARY KEY,
                    member TEXT NOT NULL,
                    phone TEXT,
                    network_id TEXT,
                    language TEXT NOT NULL,
                    written_at BIGINT NOT NULL
                )
                """,
            ])
    ]

    static let personalData: [PersonalData] = [
        .none("alert_state"), .none("alert_mark"),
        PersonalData(
            "alert_contact", member: "member", chat: "chat", time: "written_at", keeping: .days(400),
            called: Text("core.data_alert_contact", en: "Where alerts reach you", he: "לאן נשלחות אליך התראות")),
    ]
}
