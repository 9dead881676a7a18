import Foundation

/// All state of the emulated accounts; what may change while the emulator runs is here.
actor GraphWorld {
    let configuration: GraphEmulator.Configuration
    /// The business numbers by their id.
    nonisolated let numbers: [String: BusinessNumber]

    var users = UserDirectory()
    var windows = ConversationWindows()
    var rates = RateLimits()
    var faults = FaultList()
    var log: SentLog
    var media: MediaStore
    var accounts: AccountBook
    var groups = GroupBook()
    /// Ids of reactions, which cannot be reacted to.
    var reactionIDs: Set<String> = []

    /// Seconds that the emulated clock is ahead.
    var clockOffset: TimeInterval = 0
    var latency: Duration
    var statuses: GraphEmulator.StatusReports
    var window: GraphEmulator.WindowRule
    var enforcesRates: Bool

    init(_ configuration: GraphEmulator.Configuration) {
        self.configuration = configuration
        numbers = Dictionary(
            configuration.numbers.map { ($0.phoneNumberID, $0) }, uniquingKeysWith: { first, _ in first })
        log = SentLog(configuration)
        media = MediaStore(capacityBytes: configuration.mediaCapacityBytes)
        accounts = AccountBook(configuration.numbers)
        latency = configuration.latency
        statuses = configuration.statuses
        window = configuration.window
        enforcesRates = configuration.enforcesRates
    }

    /// The time of the emulated clock.
    var now: Date { Date().addingTimeInterval(clockOffset) }

    /// Runs `change` with the state to itself.
    func update<Result: Sendable>(_ change: @Sendable (isolated GraphWorld) throws -> Result) rethrows -> Result {
        try change(self)
    }
}
