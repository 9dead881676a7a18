import BotKit

/// Where the inbox keeps why a message was answered, or why not. It stays as long as the message, and goes with it.
enum ReasonSchema {
    static let migrations: [Migration] = [
        Migration(
            "why.0001",
            [
                // The row of the turn's first message: a burst is closed at once.
                "ALTER TABLE inbox ADD COLUMN turn BIGINT",
                "ALTER TABLE inbox ADD COLUMN step TEXT",
                "ALTER TABLE inbox ADD COLUMN reason TEXT",
                "ALTER TABLE inbox ADD COLUMN refusal TEXT",
                "ALTER TABLE inbox ADD COLUMN feature TEXT",
                "ALTER TABLE inbox ADD COLUMN closed_at BIGINT",
            ])
    ]
}
