extension EarlierVariable {
    private static let noRedis = "no Redis is used; one data folder holds everything"
    private static let moderation = "checking prompts with a moderation service is not there yet"

    /// Those that only the fork has.
    static let fork: [EarlierVariable] = [
        .ignored("NODE_ENV", .fork, "there is no Node, and one way to run"),
        .ignored("DATABASE_URL", .fork, "the database is a file in MARTLET_HOME; old conversations are not taken over"),
        .ignored("REDIS_ENABLED", .fork, noRedis),
        .ignored("REDIS_URL", .fork, noRedis),
        .ignored("REDIS_HOST", .fork, noRedis),
        .ignored("REDIS_PORT", .fork, noRedis),
        .ignored("REDIS_PASSWORD", .fork, noRedis),
        .ignored("REDIS_DB", .fork, noRedis),
        .kept("OPENAI_ORGANIZATION", .fork),
        .kept("OPENAI_PROJECT", .fork),
        .kept("OPENAI_TIMEOUT", .fork, "milliseconds for one attempt; LLM_TIMEOUT holds for all of them together"),
        .kept("OPENAI_MAX_RETRIES", .fork, "at most 10"),
        .kept("VISION_ENABLED", .fork),
        .ignored("VISION_MODEL", .fork, "images go to OPENAI_GPT_MODEL, which must be able to see"),
        .ignored("VISION_DETAIL_LEVEL", .fork, "the model decides how closely it looks"),
        .kept("RATE_LIMIT_ENABLED", .fork),
        .kept("RATE_LIMIT_PER_USER", .fork, "answers of the model; commands such as !help do not count"),
        .kept("RATE_LIMIT_PER_USER_WINDOW", .fork),
        .kept("RATE_LIMIT_GLOBAL", .fork),
        .kept("RATE_LIMIT_GLOBAL_WINDOW", .fork),
        .kept("COST_ALERT_ENABLED", .fork),
        .kept("COST_ALERT_THRESHOLD_USD", .fork, "for a calendar month in UTC; alerts go to owners and a webhook"),
        EarlierVariable(
            name: "COST_ALERT_THRESHOLD", bots: .fork, fate: .renamed("COST_ALERT_THRESHOLD_USD"), remark: ""),
        .ignored("ALERT_EMAIL", .fork, "alerts go to owners' chats and to ALERT_WEBHOOK_URL; mail is not there yet"),
        .kept("OWNER_PHONE_NUMBERS", .fork),
        .kept("ADMIN_PHONE_NUMBERS", .fork),
        .kept("OPERATOR_PHONE_NUMBERS", .fork),
        .ignored("MODERATION_ENABLED", .fork, moderation),
        .ignored("CUSTOM_MODERATION_PARAMS", .fork, moderation),
        .kept("LOG_LEVEL", .fork),
        .ignored("SENTRY_DSN", .fork, "errors are lines of the log, which goes to standard output"),
        .ignored("LOGTAIL_SOURCE_TOKEN", .fork, "the log goes to standard output; let your service collect it there"),
        .ignored("SESSION_PATH", .fork, "a browser's session cannot be taken over; link the number with martlet link"),
        EarlierVariable(
            name: "CONVERSATION_RETENTION_DAYS", bots: .fork, fate: .renamed("RETENTION_DAYS"),
            remark: "1 to 365; a chat may choose otherwise with !retention"),
        .ignored("AUDIT_LOG_RETENTION_DAYS", .fork, "entries of the audit are never removed"),
        .kept("MAX_MESSAGE_LENGTH", .fork),
        .kept("HEALTH_PORT", .fork, "listens on 127.0.0.1, unless HEALTH_HOST says otherwise"),
        .ignored("CHROME_BIN", .fork, "no browser is used"),
    ]
}
