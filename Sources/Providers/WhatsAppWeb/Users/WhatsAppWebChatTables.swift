public import BotKit

/// What is kept of people and chats on linked accounts; it answers nothing by itself.
public struct WhatsAppWebChatTables: Feature {
    public static let name = "webchat"

    public static let migrations: [Migration] = [
        Migration(
            "webchat.0001",
            [
                // A number passes from one person to another, so it is not UNIQUE.
                """
                CREATE TABLE web_user (
                    member TEXT NOT NULL PRIMARY KEY,
                    phone TEXT,
                    name TEXT,
                    seen_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX web_user_phone ON web_user (phone) WHERE phone IS NOT NULL",
                """
                CREATE TABLE web_chat (
                    chat TEXT NOT NULL PRIMARY KEY,
                    member TEXT NOT NULL,
                    timer BIGINT,
                    wrote_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE web_poll (
                    chat TEXT NOT NULL,
                    message_id TEXT NOT NULL,
                    secret \(type: .bytes) NOT NULL,
                    options TEXT NOT NULL,
                    sent_at BIGINT NOT NULL,
                    PRIMARY KEY (chat, message_id)
                )
                """,
                "CREATE INDEX web_poll_id ON web_poll (message_id)",
                "CREATE INDEX web_poll_time ON web_poll (sent_at)",
            ])
    ]

    public static let personalData: [PersonalData] = [
        PersonalData("web_user", member: "member", keeping: .untilErased, as: .address, called: .profile),
        PersonalData(
            "web_chat", member: "member", chat: "chat", keeping: .untilErased, as: .address, called: .firstMessage),
        PersonalData(
            "web_poll", chat: "chat", time: "sent_at", keeping: .days(30), hiding: ["secret"], called: .polls),
    ]

    public init() {}
}

extension Text {
    fileprivate static let profile = Text(
        "web.data_profile", en: "Your number and name on WhatsApp", he: "המספר והשם שלך בוואטסאפ")
    fileprivate static let firstMessage = Text(
        "web.data_first_message", en: "Since when you write to me", he: "ממתי יש בינינו שיחה")
    fileprivate static let polls = Text("web.data_polls", en: "Polls that I sent", he: "סקרים ששלחתי")
}
