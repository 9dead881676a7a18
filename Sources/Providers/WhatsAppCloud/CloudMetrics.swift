import BotKit
import CoreMetrics
import Logging

/// What this network counts. Labels are closed sets.
struct CloudMetrics: Sendable {
    /// What can come in a webhook.
    enum Update: String, CaseIterable { case message, status, account, kept, foreign, unreadable }

    /// What an operator must look at.
    enum Alert: String, CaseIterable {
        case accountStopped = "account_stopped"
        case accountNotice = "account_notice"
        case numberBlocked = "number_blocked"
        case token
    }

    /// What each metric counts, by the name as it is shown.
    static let meanings = [
        "cloud_updates_total": "Updates that webhooks brought, by kind.",
        "cloud_webhooks_refused_total": "Webhooks that were refused, by reason.",
        "cloud_billable_messages_total": "Messages that Meta charges, by its price category.",
        "cloud_windows_closed_total": "Replies that found the 24-hour window closed.",
        "cloud_window_templates_total": "Templates that were sent because the 24-hour window was closed.",
        "cloud_acknowledgements_dropped_total": "Signs of reading and typing that were left out.",
    ]

    /// The price categories that Meta named so far; a new one counts as `other`.
    private static let categories = [
        "service", "utility", "marketing", "marketing_lite", "authentication", "authentication_international",
        "referral_conversion", "general_purpose_ai", "other",
    ]

    private let updates: [Update: Counter]
    private let alerts: [Alert: Counter]
    private let billable: [String: Counter]
    private let refused = Counter(label: "cloud_webhooks_refused_total", dimensions: [("reason", "signature")])
    private let notStored = Counter(label: "cloud_webhooks_refused_total", dimensions: [("reason", "store")])
    private let closedWindows = Counter(label: "cloud_windows_closed_total")
    private let templates = Counter(label: "cloud_window_templates_total")
    private let duplicates = Counter(label: "messages_duplicate_total")
    private let lostAcknowledgements = Counter(label: "cloud_acknowledgements_dropped_total")

    /// Where the operator hears of alerts; `nil` is the log alone.
    private let sink: (any AlertSink)?

    init(alerts sink: (any AlertSink)? = nil) {
        self.sink = sink
        updates = Dictionary(
            uniqueKeysWithValues: Update.allCases.map {
                ($0, Counter(label: "cloud_updates_total", dimensions: [("kind", $0.rawValue)]))
            })
        alerts = Dictionary(
            uniqueKeysWithValues: Alert.allCases.map {
                ($0, Counter(label: "operator_alerts_total", dimensions: [("kind", $0.rawValue)]))
            })
        billable = Dictionary(
            uniqueKeysWithValues: Self.categories.map {
                ($0, Counter(label: "cloud_billable_messages_total", dimensions: [("category", $0)]))
            })
    }

    func count(_ update: Update) { updates[update]?.increment() }
    /// Counts an alert and passes it on.
    /// - Parameter accounts: those that it is about, in one word.
    /// - Returns: what its log line shall carry.
    func alert(_ alert: Alert, about accounts: String) -> Logger.Metadata {
        alerts[alert]?.increment()
        var metadata: Logger.Metadata = ["alert": "\(alert.rawValue)"]
        if let sink { metadata["reference"] = .own(sink.raise(alert.rawValue, about: accounts)) }
        return metadata
    }
    func repeated() { duplicates.increment() }
    func refusedSignature() { refused.increment() }
    func refusedByStore() { notStored.increment() }
    func windowClosed() { closedWindows.increment() }
    func templateSent() { templates.increment() }
    func acknowledgementDropped() { lostAcknowledgements.increment() }
    func billed(_ category: String) { (billable[category] ?? billable["other"])?.increment() }
}
