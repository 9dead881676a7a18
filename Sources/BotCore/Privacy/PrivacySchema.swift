import BotKit

/// What chats decided about what is kept of them, and the exports and wipes that are under way.
enum PrivacySchema {
    static let migrations: [Migration] = [
        Migration(
            "privacy.0001",
            [
                // Whom a reply in a group was for. In a direct chat the chat says it.
                "ALTER TABLE outbox ADD COLUMN member TEXT",
                "CREATE INDEX outbox_member ON outbox (member) WHERE member IS NOT NULL",
                """
                CREATE TABLE privacy_choice (
                    chat TEXT NOT NULL PRIMARY KEY,
                    retention_days BIGINT CHECK (retention_days BETWEEN 1 AND 365),
                    consent TEXT CHECK (consent IN ('given', 'declined')),
                    asked_at BIGINT,
                    changed_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE data_export (
                    id \(type: .rowID) PRIMARY KEY,
                    member TEXT NOT NULL,
                    chat TEXT NOT NULL,
                    language TEXT NOT NULL,
                    words TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('making', 'made')),
                    file TEXT,
                    requested_at BIGINT NOT NULL,
                    made_at BIGINT
                )
                """,
                "CREATE INDEX data_export_member ON data_export (member)",
                """
                CREATE TABLE data_wipe (
                    id \(type: .rowID) PRIMARY KEY,
                    extent TEXT NOT NULL CHECK (extent IN ('person', 'part', 'group')),
                    member TEXT NOT NULL,
                    chat TEXT NOT NULL,
                    language TEXT NOT NULL,
                    words TEXT NOT NULL,
                    code TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('asked', 'running', 'erased', 'told')),
                    counts TEXT,
                    audit_hash TEXT,
                    requested_at BIGINT NOT NULL,
                    told_at BIGINT
                )
                """,
                "CREATE INDEX data_wipe_member ON data_wipe (member)",
            ])
    ]

    static let personalData: [PersonalData] = [
        PersonalData("privacy_choice", chat: "chat", keeping: .untilErased, called: .privacyChoices),
        PersonalData(
            "data_export", member: "member", chat: "chat", time: "requested_at", keeping: .days(30),
            hiding: ["words", "file"], file: "file", called: .exportRequests),
        // A wipe that runs is removed by itself, when it ends.
        PersonalData(
            "data_wipe", member: "member", chat: "chat", time: "requested_at", keeping: .days(1),
            unless: "state <> 'asked'", hiding: ["words", "code"], called: .wipeRequests),
    ]
}

extension Text {
    fileprivate static let privacyChoices = Text(
        "core.data_privacy_choices", en: "Your choices about privacy", he: "הבחירות שלך לגבי פרטיות")
    fileprivate static let exportRequests = Text(
        "core.data_exports", en: "Copies that you asked for", he: "עותקים שביקשת")
    fileprivate static let wipeRequests = Text(
        "core.data_wipes", en: "Erasures that you asked for", he: "מחיקות שביקשת")
}
