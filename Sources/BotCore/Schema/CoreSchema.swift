public import BotKit

/// The tables of the line that a message follows.
public enum CoreSchema {
    public static let migrations: [Migration] =
        [
            Migration(
                "core.0001",
                [
                    """
                    CREATE TABLE inbox (
                        id \(type: .rowID) PRIMARY KEY,
                        chat TEXT NOT NULL,
                        member TEXT NOT NULL,
                        message_id TEXT NOT NULL,
                        payload TEXT NOT NULL,
                        state TEXT NOT NULL CHECK (state IN ('received', 'answered', 'refused', 'failed', \
                        'stored', 'ignored', 'stopped')),
                        restarts BIGINT NOT NULL DEFAULT 0,
                        received_at BIGINT NOT NULL,
                        UNIQUE (chat, message_id, member)
                    )
                    """,
                    "CREATE INDEX inbox_open ON inbox (chat, id) WHERE state = 'received'",
                    "CREATE INDEX inbox_time ON inbox (received_at)",
                    """
                    CREATE TABLE outbox (
                        id \(type: .rowID) PRIMARY KEY,
                        chat TEXT NOT NULL,
                        payload TEXT NOT NULL,
                        state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'parked', 'done', 'dead')),
                        reached BIGINT NOT NULL DEFAULT 0,
                        attempts BIGINT NOT NULL DEFAULT 0,
                        repeated BIGINT NOT NULL DEFAULT 0,
                        not_before BIGINT NOT NULL,
                        waiting_since BIGINT,
                        network_id TEXT,
                        unique_key TEXT UNIQUE,
                        problem TEXT,
                        created_at BIGINT NOT NULL
                    )
                    """,
                    "CREATE INDEX outbox_open ON outbox (chat, id) WHERE state IN ('queued', 'sending', 'parked')",
                    "CREATE INDEX outbox_network ON outbox (network_id)",
                    "CREATE INDEX outbox_time ON outbox (created_at)",
                    """
                    CREATE TABLE job (
                        id \(type: .rowID) PRIMARY KEY,
                        kind TEXT NOT NULL,
                        payload TEXT NOT NULL,
                        unique_key TEXT,
                        priority BIGINT NOT NULL DEFAULT 0,
                        run_at BIGINT NOT NULL,
                        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
                        attempts BIGINT NOT NULL DEFAULT 0,
                        lease_owner TEXT,
                        lease_until BIGINT,
                        problem TEXT,
                        created_at BIGINT NOT NULL
                    )
                    """,
                    "CREATE INDEX job_due ON job (priority DESC, run_at, id) WHERE state = 'waiting'",
                    "CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running'",
                    """
                    CREATE UNIQUE INDEX job_key ON job (kind, unique_key) \
                    WHERE state = 'waiting' AND unique_key IS NOT NULL
                    """,
                    """
                    CREATE TABLE schedule (
                        name TEXT NOT NULL PRIMARY KEY,
                        cron TEXT NOT NULL,
                        next_at BIGINT NOT NULL
                    )
                    """,
                    """
                    CREATE TABLE dialogue (
                        chat TEXT NOT NULL,
                        member TEXT NOT NULL,
                        feature TEXT NOT NULL,
                        state TEXT NOT NULL,
                        expires_at BIGINT NOT NULL,
                        PRIMARY KEY (chat, member, feature)
                    )
                    """,
                    """
                    CREATE TABLE chat_setting (
                        chat TEXT NOT NULL PRIMARY KEY,
                        language TEXT,
                        activation TEXT CHECK (activation IN ('mention', 'prefix', 'always'))
                    )
                    """,
                    """
                    CREATE TABLE usage_record (
                        id \(type: .rowID) PRIMARY KEY,
                        member TEXT NOT NULL,
                        chat TEXT NOT NULL,
                        operation TEXT NOT NULL,
                        model TEXT NOT NULL,
                        host TEXT NOT NULL,
                        input_tokens BIGINT NOT NULL,
                        cached_tokens BIGINT NOT NULL,
                        output_tokens BIGINT NOT NULL,
                        reasoning_tokens BIGINT NOT NULL,
                        is_estimate BIGINT NOT NULL,
                        cost_nano_usd BIGINT,
                        created_at BIGINT NOT NULL
                    )
                    """,
                    "CREATE INDEX usage_by_member ON usage_record (member, created_at)",
                    "CREATE INDEX usage_by_time ON usage_record (created_at)",
                ])
        ] + AuditSchema.migrations + AccessSchema.migrations + PrivacySchema.migrations
        + RuntimeSettingSchema.migrations + LimitSchema.migrations + ReasonSchema.migrations + AlertSchema.migrations
        + QueueSchema.migrations

    public static let personalData: [PersonalData] =
        [
            PersonalData(
                "inbox", member: "member", chat: "chat", time: "received_at", keeping: .conversation,
                // What waits for its answer, be it in its lane or in the queue.
                unless: """
                    state = 'received' OR COALESCE(turn, 0) IN (
                        SELECT job.id FROM job WHERE job.is_heavy = 1 AND job.state IN ('waiting', 'running'))
                    """, called: .messagesIn),
            PersonalData(
                "outbox", member: "member", chat: "chat", time: "created_at", keeping: .conversation,
                // What is parked becomes a dead letter before (`GiveUpParked`), or is kept for its member.
                unless: "state IN ('queued', 'sending', 'parked')", evenInSilence: "state = 'dead'",
                called: .messagesOut),
            PersonalData(
                "dialogue", member: "member", chat: "chat", time: "expires_at", keeping: .days(1), called: .dialogues),
            PersonalData("chat_setting", chat: "chat", keeping: .untilErased, called: .chatSettings),
            PersonalData(
                "usage_record", member: "member", chat: "chat", time: "created_at", keeping: .days(400),
                namelessInSilence: true, called: .usage),
            PersonalData(
                "job", member: "member", chat: "chat", time: "created_at", keeping: .days(30),
                unless: "state <> 'dead'", naming: "payload",
                called: .work),
            .none("schedule"),
        ] + AuditSchema.personalData + AccessSchema.personalData + PrivacySchema.personalData
        + RuntimeSettingSchema.personalData + LimitSchema.personalData + AlertSchema.personalData
}

extension Text {
    fileprivate static let messagesIn = Text(
        "core.data_inbox", en: "Messages that you wrote", he: "הודעות שכתבת")
    fileprivate static let messagesOut = Text(
        "core.data_outbox", en: "Messages that I sent", he: "הודעות ששלחתי")
    fileprivate static let dialogues = Text(
        "core.data_dialogues", en: "Questions that wait for your answer", he: "שאלות שממתינות לתשובה שלך")
    fileprivate static let chatSettings = Text(
        "core.data_chat_settings", en: "Settings of the chat", he: "הגדרות הצ׳אט")
    fileprivate static let usage = Text(
        "core.data_usage", en: "Use of paid services", he: "שימוש בשירותים בתשלום")
    fileprivate static let work = Text(
        "core.data_jobs", en: "Work that waits", he: "משימות שממתינות לביצוע")
}
