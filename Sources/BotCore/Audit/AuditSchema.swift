import BotKit

/// The tables of the audit. The store itself refuses to change or remove what stands in them.
enum AuditSchema {
    static let migrations: [Migration] = [
        Migration(
            "audit.0001",
            [
                """
                CREATE TABLE audit_entry (
                    sequence \(type: .rowID) PRIMARY KEY,
                    hash TEXT NOT NULL UNIQUE,
                    previous TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    actor TEXT NOT NULL,
                    action TEXT NOT NULL,
                    outcome TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    chat TEXT NOT NULL,
                    reference TEXT NOT NULL,
                    details TEXT NOT NULL
                )
                """,
                "CREATE INDEX audit_by_action ON audit_entry (action, sequence)",
                "CREATE INDEX audit_by_actor ON audit_entry (actor, sequence)",
                """
                CREATE TABLE audit_seal (
                    sequence \(type: .rowID) PRIMARY KEY,
                    hash TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    signature TEXT NOT NULL
                )
                """,
                // SQLite replaces a row by deleting it, which asks no trigger of deletion.
                """
                \(sqlite: """
                    CREATE TRIGGER audit_entry_insert BEFORE INSERT ON audit_entry
                    WHEN NEW.sequence <> COALESCE((SELECT MAX(sequence) FROM audit_entry), 0) + 1
                    BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
                    """, postgres: """
                    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
                    """)
                """,
                "CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry \(refusal)",
                "CREATE TRIGGER audit_entry_delete BEFORE DELETE ON audit_entry \(refusal)",
                "CREATE TRIGGER audit_seal_update BEFORE UPDATE ON audit_seal \(refusal)",
                "CREATE TRIGGER audit_seal_delete BEFORE DELETE ON audit_seal \(refusal)",
            ])
    ]

    private static let refusal: SQL = """
        \(sqlite: "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END", postgres: """
            FOR EACH ROW EXECUTE FUNCTION audit_refuse()
            """)
        """

    /// People stand in the audit as keyed hashes only, so that it can outlive what they had erased.
    static let personalData: [PersonalData] = [.none("audit_entry"), .none("audit_seal")]
}
