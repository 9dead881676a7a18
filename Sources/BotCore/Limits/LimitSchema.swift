import BotKit

/// What was counted, of members and of accounts, and who wants nothing from us.
enum LimitSchema {
    static let migrations: [Migration] = [
        Migration(
            "limits.0001",
            [
                // The member is empty where all are counted together.
                """
                CREATE TABLE counter (
                    name TEXT NOT NULL,
                    member TEXT NOT NULL,
                    seen_at BIGINT NOT NULL,
                    clock_at BIGINT NOT NULL,
                    shift BIGINT NOT NULL DEFAULT 0,
                    due_at BIGINT NOT NULL DEFAULT 0,
                    times TEXT NOT NULL DEFAULT '',
                    banned_until BIGINT NOT NULL DEFAULT 0,
                    hits BIGINT NOT NULL DEFAULT 0,
                    PRIMARY KEY (name, member)
                )
                """,
                "ALTER TABLE outbox ADD COLUMN sent_at BIGINT",
                "CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL",
                """
                CREATE TABLE member_quality (
                    chat TEXT NOT NULL PRIMARY KEY,
                    sent BIGINT NOT NULL DEFAULT 0,
                    delivered BIGINT NOT NULL DEFAULT 0,
                    seen BIGINT NOT NULL DEFAULT 0,
                    blocked_at BIGINT,
                    last_contact BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE account_health (
                    account TEXT NOT NULL PRIMARY KEY,
                    level BIGINT NOT NULL DEFAULT 0,
                    level_since BIGINT NOT NULL DEFAULT 0,
                    blocks_told_at BIGINT NOT NULL DEFAULT 0
                )
                """,
                // How far a message has come is written in several places, all on the hot path: the sums follow in the
                // same statement. SQLite counts what a trigger changes among the changes of its statement.
                """
                \(sqlite: """
                    CREATE TRIGGER outbox_quality AFTER UPDATE OF reached ON outbox WHEN NEW.reached > OLD.reached
                    BEGIN
                        INSERT INTO member_quality (chat, sent, delivered, seen, last_contact)
                        VALUES (NEW.chat, CASE WHEN OLD.reached < 1 THEN 1 ELSE 0 END,
                            CASE WHEN OLD.reached < 3 AND NEW.reached >= 3 THEN 1 ELSE 0 END,
                            CASE WHEN OLD.reached < 4 AND NEW.reached >= 4 THEN 1 ELSE 0 END,
                            COALESCE(NEW.sent_at, NEW.created_at))
                        ON CONFLICT (chat) DO UPDATE SET sent = member_quality.sent + excluded.sent,
                            delivered = member_quality.delivered + excluded.delivered,
                            seen = member_quality.seen + excluded.seen,
                            last_contact = MAX(member_quality.last_contact, excluded.last_contact);
                    END
                    """, postgres: """
                    CREATE FUNCTION outbox_quality() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN
                        INSERT INTO member_quality (chat, sent, delivered, seen, last_contact)
                        VALUES (NEW.chat, CASE WHEN OLD.reached < 1 THEN 1 ELSE 0 END,
                            CASE WHEN OLD.reached < 3 AND NEW.reached >= 3 THEN 1 ELSE 0 END,
                            CASE WHEN OLD.reached < 4 AND NEW.reached >= 4 THEN 1 ELSE 0 END,
                            COALESCE(NEW.sent_at, NEW.created_at))
                        ON CONFLICT (chat) DO UPDATE SET sent = member_quality.sent + excluded.sent,
                            delivered = member_quality.delivered + excluded.delivered,
                            seen = member_quality.seen + excluded.seen,
                            last_contact = GREATEST(member_quality.last_contact, excluded.last_contact);
                        RETURN NULL;
                    END $$
                    """)
                """,
                """
                \(sqlite: "SELECT 1", postgres: """
                    CREATE TRIGGER outbox_quality AFTER UPDATE OF reached ON outbox FOR EACH ROW
                    WHEN (NEW.reached > OLD.reached) EXECUTE FUNCTION outbox_quality()
                    """)
                """,
            ]),
        // Under which lease an account sends; who took it last counts what goes out.
        Migration("limits.0002", ["ALTER TABLE account_health ADD COLUMN lease TEXT"]),
    ]

    static let personalData: [PersonalData] = [
        // Its members are keyed hashes.
        PersonalData("counter", time: "seen_at", keeping: .days(1)),
        // Who wants nothing from us is left in peace for longer than we keep what was said.
        PersonalData(
            "member_quality", chat: "chat", time: "last_contact", keeping: .days(30), unless: "blocked_at IS NOT NULL",
            called: .quality),
        .none("account_health"),
    ]
}

extension Text {
    fileprivate static let quality = Text(
        "core.data_quality", en: "How many of my messages arrived", he: "כמה מההודעות שלי הגיעו")
}
