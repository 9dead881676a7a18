import BotKit
import CoreMetrics
import Logging

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
    private let oldDatabases = Counter(label: "operator_alerts_total", dimensions: [("kind", "web_database_old")])
    private let strangers = Counter(label: "web_strangers_refused_total")

    /// Where the operator hears of alerts; `nil` is the log alone.
    private let sink: (any AlertSink)?

    init(alerts sink: (any AlertSink)? = nil) {
        self.sink = sink
        events = Dictionary(
            uniqueKeysWithValues: Event.allCases.map {
                ($0, Counter(label: "web_events_total", dimensions: [("kind", $0.rawValue)]))
            })
    }

    func count(_ event: Event) { events[event]?.increment() }

    /// What an operator must look at. Each gives what its log line shall carry.
    func connectionEnded(of account: AccountID) -> Logger.Metadata { alert("web_ended", ended, account) }
    func banned(_ account: AccountID) -> Logger.Metadata { alert("web_banned", bans, account) }
    func databaseIsOld(for account: AccountID) -> Logger.Metadata {
        alert("web_database_old", oldDatabases, account)
    }

    private func alert(_ kind: String, _ counter: Counter, _ account: AccountID) -> Logger.Metadata {
        counter.increment()
        var metadata: Logger.Metadata = ["alert": "\(kind)"]
        if let sink { metadata["reference"] = .own(sink.raise(kind, about: account.rawValue)) }
        return metadata
    }

    func strangerRefused() { strangers.increment() }
}
