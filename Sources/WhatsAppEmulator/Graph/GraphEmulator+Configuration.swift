/// One business phone number of the emulated accounts.
public struct BusinessNumber: Sendable, Hashable {
    /// The id in the path of the Graph API, decimal digits.
    public var phoneNumberID: String
    /// The id of the WhatsApp Business Account that owns the number.
    public var accountID: String
    /// The number itself, digits only, such as `15550000001`.
    public var displayNumber: String
    /// The name that users see.
    public var verifiedName: String

    /// Makes a number; the defaults are fictitious.
    public init(
        phoneNumberID: String = "106540352242922", accountID: String = "102290129340398",
        displayNumber: String = "15550000001", verifiedName: String = "Martlet Test"
    ) {
        self.phoneNumberID = phoneNumberID
        self.accountID = accountID
        self.displayNumber = displayNumber
        self.verifiedName = verifiedName
    }
}

extension GraphEmulator {
    /// What is reported about an accepted message by webhook.
    public enum StatusReports: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// `sent` only.
        case sent
        /// `sent` and `delivered`.
        case delivered
        /// `sent`, `delivered` and `read`.
        case all
    }

    /// What happens to a free-form message outside the 24-hour customer service window.
    public enum WindowRule: String, Sendable, CaseIterable {
        /// It is sent: there is no window.
        case off
        /// It is refused with error 131047.
        case refuse
        /// It is accepted, then reported as failed with error 131047 by webhook.
        case fail
    }

    /// What the emulator is made of; every value has a default that works.
    public struct Configuration: Sendable {
        /// The address to listen on.
        public var host = "127.0.0.1"
        /// The port to listen on; 0 takes a free one.
        public var port = 8080
        /// The business numbers; at least one.
        public var numbers = [BusinessNumber()]
        /// The access token that calls must carry.
        public var token = "EMULATOR-TOKEN"
        /// The app's id.
        public var appID = "670843887433847"
        /// The key of the webhook signature.
        public var appSecret = "emulator-app-secret"
        /// The token of the webhook's GET handshake.
        public var verifyToken = "emulator-verify-token"
        /// Where webhooks go; `nil` sends none until one is set.
        public var webhookURL: String?
        /// The rule for the customer service window.
        public var window = WindowRule.refuse
        /// Which statuses follow an accepted message.
        public var statuses = StatusReports.all
        /// The time before each status.
        public var statusDelay = Duration.milliseconds(20)
        /// The time before each answer of the Graph API.
        public var latency = Duration.zero
        /// Whether a template that nobody registered is accepted.
        public var acceptsAnyTemplate = false
        /// Whether Meta's limits on throughput (80 messages a second and number) and on a pair (one message in
        /// 6 seconds after a burst of 45) are enforced, with errors 130429 and 131056.
        public var enforcesRates = false
        /// The most received sends that are kept with their bodies.
        public var logCapacity = 10_000
        /// The most bytes of bodies that are kept.
        public var logCapacityBytes = 64 << 20
        /// Keeps only counts of the received sends, no bodies: for load.
        public var isLean = false
        /// The most bytes of media that are kept; the oldest media go first.
        public var mediaCapacityBytes = 256 << 20
        /// The most updates that one webhook carries; Meta's limit is 1000.
        public var webhookBatch = 1
        /// How long updates wait for others to share their webhook when `webhookBatch` is above 1.
        public var webhookBatchWait = Duration.milliseconds(50)
        /// How many webhooks are on their way at a time; updates of one user keep their order.
        public var webhookLanes = 8
        /// The most webhooks that wait; more are dropped and counted.
        public var webhookQueueCapacity = 100_000
        /// The longest time for the answer to a webhook.
        public var webhookTimeout = Duration.seconds(10)
        /// The pauses before each repeat of a webhook that was not answered with 200.
        public var webhookRetries: [Duration] = [
            .milliseconds(200), .seconds(1), .seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(3600),
        ]

        /// The defaults: one fictitious number on 127.0.0.1:8080, no webhook address.
        public init() {}
    }
}
