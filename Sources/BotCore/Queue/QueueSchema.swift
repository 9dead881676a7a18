import BotKit

/// Whose a job is, and whether it is heavy work.
enum QueueSchema {
    static let migrations: [Migration] = [
        Migration(
            "queue.0001",
            [
                "ALTER TABLE job ADD COLUMN is_heavy BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE job ADD COLUMN place BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE job ADD COLUMN is_cancelled BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE job ADD COLUMN failures BIGINT NOT NULL DEFAULT 0",
                "ALTER TABLE job ADD COLUMN member TEXT",
                "ALTER TABLE job ADD COLUMN chat TEXT",
                "DROP INDEX job_due",
                """
                CREATE INDEX job_due ON job (priority DESC, run_at, id) WHERE state = 'waiting' AND is_heavy = 0
                """,
                "CREATE INDEX job_heavy ON job (place, id) WHERE is_heavy = 1 AND state IN ('waiting', 'running')",
                """
                CREATE INDEX job_heavy_member ON job (member, place) \
                WHERE is_heavy = 1 AND state IN ('waiting', 'running')
                """,
            ])
    ]
}
