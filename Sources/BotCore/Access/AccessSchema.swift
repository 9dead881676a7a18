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
            ])
    ]

    static let personalData: [PersonalData] = [
        // What keeps somebody out, or lets somebody in, is the operator's: it stays until it is taken back or erased.
        PersonalData(
            "access_rule", member: "member", chat: "chat", keeping: .untilErased, joining: .accessRule),
        PersonalData("access_identity", member: "member", keeping: .untilErased, joining: .accessIdentity),
        PersonalData("access_pairing", member: "member", chat: "chat", time: "expires_at", keeping: .days(1)),
        PersonalData("admin_session", member: "member", chat: "chat", time: "expires_at", keeping: .days(1)),
        PersonalData("admin_lock", member: "member", time: "locked_until", keeping: .days(7)),
    ]
}
