public import BotKit

/// The tables of this network; it answers nothing by itself.
public struct WhatsAppCloudTables: Feature {
    public static let name = "cloud"

    public static let migrations: [Migration] = [
        Migration(
            "cloud.0001",
            [
                // Phone and id are not UNIQUE: a number passes from one person to another, and a row that the schema
                // refuses would make Meta repeat its webhook for a week. The newest revision holds a number.
                """
                CREATE TABLE cloud_user (
                    id \(type: .rowID) PRIMARY KEY,
                    member TEXT NOT NULL,
                    phone TEXT,
                    bsuid TEXT,
                    parent_bsuid TEXT,
                    username TEXT,
                    name TEXT,
                    refuses_marketing BIGINT NOT NULL DEFAULT 0,
                    merged_into BIGINT,
                    revision BIGINT NOT NULL,
                    seen_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX cloud_user_phone ON cloud_user (phone) WHERE phone IS NOT NULL",
                "CREATE INDEX cloud_user_bsuid ON cloud_user (bsuid) WHERE bsuid IS NOT NULL",
                "CREATE INDEX cloud_user_parent ON cloud_user (parent_bsuid) WHERE parent_bsuid IS NOT NULL",
                """
                CREATE TABLE cloud_chat (
                    chat TEXT NOT NULL PRIMARY KEY,
                    member TEXT NOT NULL,
                    last_inbound_at BIGINT,
                    template_at BIGINT
                )
                """,
                """
                CREATE TABLE cloud_update (
                    dedupe_key TEXT NOT NULL PRIMARY KEY,
                    account TEXT,
                    kind TEXT NOT NULL,
                    payload TEXT,
                    raw TEXT,
                    state TEXT NOT NULL CHECK (state IN ('new', 'done')),
                    received_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX cloud_update_open ON cloud_update (received_at) WHERE state = 'new'",
                "CREATE INDEX cloud_update_time ON cloud_update (received_at)",
                """
                CREATE TABLE cloud_media (
                    account TEXT NOT NULL,
                    hash TEXT NOT NULL,
                    media_id TEXT NOT NULL,
                    uploaded_at BIGINT NOT NULL,
                    PRIMARY KEY (account, hash)
                )
                """,
            ]),
        Migration("cloud.0002", ["ALTER TABLE cloud_user ADD COLUMN phone_since BIGINT"]),
        Migration(
            "cloud.0003",
            [
                // Which business account each of our numbers belongs to: a webhook about an account names no number.
                """
                CREATE TABLE cloud_number (
                    account TEXT NOT NULL PRIMARY KEY,
                    business TEXT NOT NULL
                )
                """
            ]),
    ]

    public static let personalData: [PersonalData] = [
        PersonalData("cloud_user", member: "member", keeping: .untilErased, as: .address, called: .profile),
        PersonalData(
            "cloud_chat", member: "member", chat: "chat", keeping: .untilErased, as: .address, called: .lastMessage),
        // Meta repeats an update for 7 days; until then its key must be known.
        PersonalData(
            "cloud_update", time: "received_at", keeping: .days(8), unless: "state = 'new'", naming: "raw",
            called: .updates),
        PersonalData("cloud_media", time: "uploaded_at", keeping: .days(30)),
        .none("cloud_number"),
    ]

    public init() {}
}

extension Text {
    fileprivate static let profile = Text(
        "cloud.data_profile", en: "Your number and name on WhatsApp", he: "המספר והשם שלך בוואטסאפ")
    fileprivate static let lastMessage = Text(
        "cloud.data_last_message", en: "When you wrote last", he: "מתי כתבת לאחרונה")
    fileprivate static let updates = Text(
        "cloud.data_updates", en: "News from WhatsApp that I could not read", he: "עדכונים מוואטסאפ שלא הצלחתי לקרוא")
}
