/// Whether a connection is alive: when the server is asked for a sign of life, and when it is given up.
struct Pulse: Sendable {
    /// What to do now.
    enum Step: Sendable, Hashable {
        case rest
        /// Send a ping.
        case ask
        case giveUp(String)
    }

    /// Whatever the server says is a sign of life; after so long without one it is given up.
    static let silence = Duration.seconds(60)
    /// The same while nobody is linked: longer than any code is good, so that none dies while it is shown.
    static let silenceWhileLinking = Duration.seconds(200)
    /// How long the server may take to answer on a network that has just become another.
    static let proof = Duration.seconds(10)

    private var nextAsk: ContinuousClock.Instant
    /// When the server was asked because the network has changed, until it has answered.
    private var doubtedAt: ContinuousClock.Instant?

    init(at now: ContinuousClock.Instant) { nextAsk = now + Self.interval() }

    private static func interval() -> Duration { .seconds(Double.random(in: 20...30)) }

    /// - Parameters:
    ///   - lastHeard: when anything came from the server.
    ///   - isLinking: whether no account is linked.
    ///   - hasMoved: whether the machine's network has changed since the last step.
    mutating func step(
        at now: ContinuousClock.Instant, lastHeard: ContinuousClock.Instant, isLinking: Bool, hasMoved: Bool
    ) -> Step {
        let limit = isLinking ? Self.silenceWhileLinking : Self.silence
        guard now - lastHeard <= limit else {
            return .giveUp("the server has been silent for \(limit.components.seconds) seconds")
        }
        if let doubt = doubtedAt {
            if lastHeard > doubt {
                doubtedAt = nil
            } else if now - doubt > Self.proof {
                return .giveUp("the network has changed, and the server does not answer on the old connection")
            }
        }
        if hasMoved { doubtedAt = doubtedAt ?? now }
        guard hasMoved || now >= nextAsk else { return .rest }
        nextAsk = now + Self.interval()
        return .ask
    }
}
