/// What the server has queued while we were away, and hands over in portions that must be asked for.
struct OfflineQueue: Sendable {
    /// How many stanzas are asked for at a time.
    static let batch = 200
    /// After so long without a stanza the server is asked again.
    static let patience = Duration.seconds(10)
    /// How often that is done in a row; a server that says nothing to all of them has nothing.
    static let mostAsks = 30

    private var asked = 0
    private var arrived = 0
    private var asksInVain = 0
    private var lastNews: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) { lastNews = now }

    /// Notes a stanza.
    /// - Returns: whether to ask for more: half of what was asked for has come, so that the server need not wait.
    mutating func arrived(at now: ContinuousClock.Instant) -> Bool {
        arrived += 1
        asksInVain = 0
        lastNews = now
        return arrived + Self.batch / 2 >= asked
    }

    /// Whether nothing has come for a while, although the server has not said that this is all.
    func isStuck(at now: ContinuousClock.Instant) -> Bool { now - lastNews > Self.patience }

    /// Notes that more is asked for.
    /// - Returns: whether it is worth asking.
    mutating func ask(at now: ContinuousClock.Instant) -> Bool {
        guard asksInVain < Self.mostAsks else { return false }
        if isStuck(at: now) { asked = arrived }
        asked += Self.batch
        asksInVain += 1
        lastNews = now
        return true
    }
}
