import BotKit

/// What was decided about people and groups, whose number was whose, who waits to be let in, and admins' sessions.
enum AccessSchema {
    static let migrations: [Migration] = [
        Migration(
            "access.0001",
            [
                // About one of: a member, a number, a network's id, a group.
                """
                CREATE TABLE access_rule (
                    id \(type: .rowID) PRIMARY KEY,
                    member TEXT UNIQUE,
                    phone TEXT UNIQUE,
                    network_id TEXT UNIQUE,
                    chat TEXT UNIQUE,
                    known_as TEXT,
                    role BIGINT,
                    admission TEXT CHECK (admission IN ('allowed', 'denied', 'blocked')),
                    expires_at BIGINT,
                    created_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE access_identity (
                    network TEXT NOT NULL,
                    phone TEXT NOT NULL,
                    member TEXT NOT NULL,
                    other TEXT,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (network, phone)
                )
                """,
                """
                CREATE TABLE access_pairing (
                    code TEXT NOT NULL PRIMARY KEY,
                    account TEXT NOT NULL,
                    member TEXT NOT NULL UNIQUE,
                    chat TEXT NOT NULL,
                    phone TEXT,
                    language TEXT NOT NULL,
                    turn BIGINT NOT NULL,
                    expires_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE admin_session (
                    member TEXT NOT NULL,
                    chat TEXT NOT NULL,
                    token_hash TEXT NOT NULL,
                    expires_at BIGINT NOT NULL,
                    PRIMARY KEY (member, chat)
                )
                """,
                """
                CREATE TABLE admin_lock (
                    member TEXT NOT NULL PRIMARY KEY,
                    failures BIGINT NOT NULL,
                    locked_until BIGINT NOT NULL
                )
                """,
            ]),
        // Under which other number a member who is trusted writes by now; empty for none.
        Migration("access.0002", ["ALTER TABLE access_rule ADD COLUMN seen_as TEXT"]),
    ]

    static let personalData: [PersonalData] = [
        // What keeps somebody out, or lets somebody in, is the operator's: it stays until it is taken back or erased.
        // So does whose number it was when that was decided: who takes over a number must not be able to erase that.
        PersonalData(
            "access_rule", member: "member", chat: "chat", keeping: .untilErased, as: .decision, called: .rules,
            joining: .accessRule),
        PersonalData(
            "access_identity", member: "member", keeping: .untilErased, as: .decision, called: .identities,
            joining: .accessIdentity),
        PersonalData(
            "access_pairing", member: "member", chat: "chat", time: "expires_at", keeping: .days(1),
            called: .pairings),
        PersonalData(
            "admin_session", member: "member", chat: "chat", time: "expires_at", keeping: .days(1),
            hiding: ["token_hash"], called: .sessions),
        // Who was locked out for guessing must not get free by an erasure.
        PersonalData(
            "admin_lock", member: "member", time: "locked_until", keeping: .days(7), as: .decision, called: .locks),
    ]
}

extension Text {
    fileprivate static let rules = Text(
        "core.data_access_rules", en: "What was decided about your access", he: "מה הוחלט לגבי הגישה שלך")
    fileprivate static let identities = Text(
        "core.data_identities", en: "Your number, as something was decided about it",
        he: "המספר שלך, כפי שהוחלט לגביו")
    fileprivate static let pairings = Text(
        "core.data_pairings", en: "Requests to be let in", he: "בקשות לקבל גישה")
    fileprivate static let sessions = Text(
        "core.data_sessions", en: "Admin sessions", he: "חיבורים של מנהל")
    fileprivate static let locks = Text(
        "core.data_locks", en: "Locks after wrong tokens", he: "נעילות אחרי אסימונים שגויים")
}
