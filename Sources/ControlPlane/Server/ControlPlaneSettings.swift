public import BotKit
public import Configuration

/// Where the control plane listens, and how patient it is.
public struct ControlPlaneSettings: SettingsGroup {
    public static let title = "Health, metrics and webhooks"
    private static let portSetting = Setting<Int>.integer(
        "HEALTH_PORT", default: 3000, in: 0...65_535,
        "The TCP port for health, metrics and webhooks; 0 lets the system choose one.")
    private static let hostSetting = Setting<String>.text(
        "HEALTH_HOST", default: "127.0.0.1",
        "The address to listen on; 0.0.0.0 or :: opens it to other machines, which a reverse proxy with TLS should do.")
    private static let receiveSetting = Setting<Duration>.milliseconds(
        "HEALTH_REQUEST_TIMEOUT_MS", default: 8000, in: 100...60_000,
        "The longest a sender may take for the head, and again for the body, of a request."
    ).neverZero("a few slow senders would hold all connections")
    private static let connectionsSetting = Setting<Int>.integer(
        "HEALTH_MAX_CONNECTIONS", default: 1024, in: 8...65_535, "The most open connections; further ones wait."
    ).neverZero("a process has a limited number of open files")
    private static let refusalsSetting = Setting<Int>.integer(
        "HEALTH_REFUSALS_PER_MINUTE", default: 60, in: 0...100_000,
        "How many unsigned, too large or too slow requests one address may make; more of them get 429. Signed ones "
            + "always pass. 0 turns this off.")
    public static var settings: [SettingDescription] {
        [
            portSetting.described, hostSetting.described, receiveSetting.described, connectionsSetting.described,
            refusalsSetting.described,
        ]
    }

    public var port: Int
    public var host: String
    /// For the head of a request, and again for its body.
    public var receiveLimit: Duration
    public var maximumConnections: Int
    public var refusalsPerMinute: Int
    /// From the end of a request to the start of its answer; then it is answered with 503.
    public var answerLimit: Duration = .seconds(10)
    /// Between two requests on one connection.
    public var idleLimit: Duration = .seconds(60)
    /// How long a request that was refused early may go on sending before its connection is closed.
    public var lingerLimit: Duration = .seconds(2)
    /// For one readiness probe.
    public var probeLimit: Duration = .seconds(5)
    /// How long `/metrics` waits for its gauges before it shows those of the last time.
    public var gaugeLimit: Duration = .seconds(2)
    /// How long a readiness answer holds, so that probing is no attack.
    public var probeLifetime: Duration = .seconds(1)
    /// All request bodies together that are in memory at one time, the first 64 KiB of each not counted.
    public var maximumBufferedBytes = 64 << 20

    public init(_ config: ConfigReader) throws {
        port = try config[Self.portSetting]
        host = try config[Self.hostSetting]
        receiveLimit = try config[Self.receiveSetting]
        maximumConnections = try config[Self.connectionsSetting]
        refusalsPerMinute = try config[Self.refusalsSetting]
    }

    /// Whether the port can be opened, for a start that shall fail before anything else has begun.
    /// - Throws: `Misconfiguration` with `HEALTH_PORT` or `HEALTH_HOST`.
    public func checkAddress() throws { try AddressCheck(host: host, port: port).run() }

    /// Whether the host is an address of this machine, whoever listens on the port now.
    /// - Throws: `Misconfiguration` with `HEALTH_HOST`.
    public func checkHost() throws { try AddressCheck(host: host, port: 0).run() }

    public init(
        port: Int = 3000, host: String = "127.0.0.1", receiveLimit: Duration = .seconds(8),
        maximumConnections: Int = 1024, refusalsPerMinute: Int = 60
    ) {
        self.port = port
        self.host = host
        self.receiveLimit = receiveLimit
        self.maximumConnections = maximumConnections
        self.refusalsPerMinute = refusalsPerMinute
    }
}
