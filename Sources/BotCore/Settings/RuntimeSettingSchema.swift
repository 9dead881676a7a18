import BotKit

/// What is set while the bot runs, and what was set before. A row without account, chat and member is the
/// installation's; at most one of the three is there.
enum RuntimeSettingSchema {
    static let migrations: [Migration] = [
        Migration(
            "settings.0001",
            [
                """
                CREATE TABLE runtime_setting (
                    account TEXT NOT NULL DEFAULT '',
                    chat TEXT NOT NULL DEFAULT '',
                    member TEXT NOT NULL DEFAULT '',
                    name TEXT NOT NULL,
                    value TEXT NOT NULL,
                    changed_at BIGINT NOT NULL,
                    PRIMARY KEY (account, chat, member, name)
                )
                """,
                """
                CREATE TABLE runtime_setting_change (
                    id \(type: .rowID) PRIMARY KEY,
                    account TEXT NOT NULL DEFAULT '',
                    chat TEXT NOT NULL DEFAULT '',
                    member TEXT NOT NULL DEFAULT '',
                    name TEXT NOT NULL,
                    before TEXT,
                    after TEXT,
                    is_undone BIGINT NOT NULL DEFAULT 0,
                    created_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX runtime_setting_change_place ON runtime_setting_change (account, chat, member, id)",
                "CREATE INDEX runtime_setting_change_time ON runtime_setting_change (created_at)",
            ])
    ]

    static let personalData: [PersonalData] = [
        // What admins of the bot chose for a group is not for the group's admins to remove, which a wipe would be.
        PersonalData(
            "runtime_setting", member: "member", chat: "chat", keeping: .untilErased, staysWithGroup: true,
            called: .chosenSettings),
        PersonalData(
            "runtime_setting_change", member: "member", chat: "chat", time: "created_at", keeping: .days(90),
            called: .settingChanges),
    ]
}

extension Text {
    fileprivate static let chosenSettings = Text(
        "core.data_settings", en: "Settings that were chosen for you", he: "הגדרות שנבחרו עבורך")
    fileprivate static let settingChanges = Text(
        "core.data_setting_changes", en: "Changes of those settings", he: "שינויים בהגדרות האלה")
}
