/// What the metrics of BotCore mean, for the HELP lines of `/metrics`: what is counted, and in which unit.
public enum MetricMeanings {
    /// By the name as it is shown.
    public static let all: [String: String] = [
        "turns_total": "Turns that ended, by the feature that answered and by outcome.",
        "turn_seconds": "Time of each step of a message, in seconds; whole is from open to the end.",
        "messages_duplicate_total": "Messages that came again and were recognised.",
        "refusals_total": "Refusals that members were told, by reason.",
        "turn_failures_total": "Turns that failed without their member's doing, by the code of the catalogue.",
        "alert_webhooks_total": "Attempts to post an alert to the operator's webhook, by outcome.",
        "inbox_depth": "Messages that are stored and not yet closed, now.",
        "outbox_depth": "Replies that wait to be sent, or for their member to write, now, by state.",
        "provider_connected": "Whether an account can send now: 1 or 0.",
        "send_slowdown_level": "How much slower an account sends because sends failed, now: a level from 0 to 5.",
        "replies_sent_total": "Replies that their network took.",
        "replies_repeated_total": "Replies that were sent again without news of the first attempt.",
        "replies_parked_total": "Replies that were put aside until their member writes again.",
        "send_failures_total": "Sends that failed, by the network's code.",
        "delivery_reports_stray_total": "News of messages that are not known.",
        "operator_alerts_total": "Alerts that ask the operator to act, by kind.",
        "jobs_total": "Runs of jobs that ended, by kind and outcome.",
        "job_lag_seconds": "Time from when a job was due to its start, in seconds; heavy work excepted.",
        "queue_wait_seconds": "Time that heavy work waited in the queue, in seconds.",
        "ai_requests_total": "Questions to a model service, repeats and fail-over included, by outcome.",
        "ai_seconds": "Time until the whole answer of a model service, or the failure, in seconds.",
        "ai_tokens_total": "Tokens that model services counted, by kind; input holds cached, output holds reasoning.",
        "ai_cost_usd_total": "What answers cost by the price list, in US dollars.",
    ]
}
