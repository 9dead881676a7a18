public import BotKit

/// The tables of accounts that are linked as a device; it answers nothing by itself.
public struct WebTables: Feature {
    public static let name = "web"

    public static let migrations: [Migration] = [
        Migration(
            "web.0001",
            [
                """
                CREATE TABLE web_account (
                    name TEXT NOT NULL PRIMARY KEY,
                    state TEXT NOT NULL CHECK (state IN ('linking', 'linked', 'unlinked')),
                    reason BIGINT,
                    phone_number TEXT,
                    lid TEXT,
                    device_name TEXT,
                    platform TEXT,
                    linked_at BIGINT,
                    ratchet_commits BIGINT NOT NULL DEFAULT 0
                )
                """,
                // Names are compared by their bytes, so that a range of them is the entries with a prefix.
                """
                CREATE TABLE web_entry (
                    account TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    name TEXT\(sqlite: "", postgres: " COLLATE \"C\"") NOT NULL,
                    value \(type: .bytes) NOT NULL,
                    PRIMARY KEY (account, kind, name)
                )
                """,
            ])
    ]

    /// Both belong to an account, and no column says whose an entry is: names are the client's, and values are sealed.
    /// `WebAccounts.remove` erases them, the client prunes what it keeps only for a while, and at the erasure of a
    /// member `WhatsAppWebProvider.forget` removes what is theirs.
    public static let personalData: [PersonalData] = [
        PersonalData("web_account", keeping: .untilErased),
        PersonalData("web_entry", keeping: .untilErased),
    ]

    public init() {}
}
