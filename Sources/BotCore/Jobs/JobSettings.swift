public import BotKit
public import Configuration

/// How jobs run: `JOB_CONCURRENCY`, `JOB_MAX_ATTEMPTS`, `JOB_RETRY_MILLISECONDS`, `JOB_LEASE_SECONDS`.
public struct JobSettings: SettingsGroup {
    public static let title = "Jobs"

    static let concurrency = Setting.limit(
        "JOB_CONCURRENCY", default: 16, upTo: 1_000, "How many jobs of all kinds run at the same time.")
    static let maxAttempts = Setting.limit(
        "JOB_MAX_ATTEMPTS", default: 10, upTo: 1_000, "How often a failing job is tried before it is a dead letter.")
    static let retryBase = Setting.milliseconds(
        "JOB_RETRY_MILLISECONDS", default: 2_000, in: 1...600_000,
        "The first wait after a job failed; it doubles with each further failure, with jitter, up to an hour."
    ).neverZero("a failing job would run without a pause")
    static let lease = Setting.seconds(
        "JOB_LEASE_SECONDS", default: 60, in: 3...3_600,
        "How long a job belongs to a process that gives no sign of life."
    ).neverZero("two processes would run one job")

    public static let settings = [
        concurrency.described, maxAttempts.described, retryBase.described, lease.described,
    ]

    public var concurrency: Int
    public var maxAttempts: Int
    public var retryBase: Duration
    public var lease: Duration

    public init(_ config: ConfigReader) throws {
        concurrency = try config[Self.concurrency]
        maxAttempts = try config[Self.maxAttempts]
        retryBase = try config[Self.retryBase]
        lease = try config[Self.lease]
    }
}
