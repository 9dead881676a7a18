import CoreMetrics

/// What this network counts. Labels are closed sets.
struct WebMetrics: Sendable {
    /// What can come.
    enum Event: String, CaseIterable {
        case message
        /// Something that is for the owner, a channel or a list.
        case foreign
        /// Something that is no message.
        case notice, unreadable
        /// A message from before the account was linked.
        case history
        case identityChanged = "identity_changed"
    }

    private let events: [Event: Counter]
    private let ended = Counter(label: "operator_alerts_total", dimensions: [("kind", "web_ended")])
    private let bans = Counter(label: "operator_alerts_total", dimensions: [("kind", "web_banned")])
    private let strangers = Counter(label: "web_strangers_refused_total")

    init() {
        events = Dictionary(
            uniqueKeysWithValues: Event.allCases.map {
                ($0, Counter(label: "web_events_total", dimensions: [("kind", $0.rawValue)]))
            })
    }

    func count(_ event: Event) { events[event]?.increment() }
    func connectionEnded() { ended.increment() }
    func banned() { bans.increment() }
    func strangerRefused() { strangers.increment() }
}
