public import BotKit
public import Logging
import Synchronization

/// Alerts the operator when a model's key is refused, its account is empty, or it does not exist: once for each of the
/// three and endpoint, until an answer shows that it was mended.
public final class ModelAlerts: ModelReports {
    private struct Trouble: Hashable {
        let endpoint: Int
        let kind: String
    }

    private let alerts: OperatorAlerts
    private let logger: Logger
    /// The keys that are in a trouble.
    private let troubles = Mutex<[Trouble: Set<Int>]>([:])
    /// The endpoints that have answered since the start.
    private let heard = Mutex<Set<Int>>([])

    /// - Parameters:
    ///   - logger: gets the alerts, and a notice when one is over.
    ///   - mailbox: from where owners hear of them.
    public init(logger: Logger, mailbox: AlertMailbox? = nil) {
        alerts = OperatorAlerts(pseudonyms: nil, logger: logger, mailbox: mailbox)
        self.logger = logger
    }

    public func refused(_ fault: ModelFault, at place: ModelPlace) {
        guard let kind = Self.kind(of: fault) else { return }
        let trouble = Trouble(endpoint: place.endpoint, kind: kind)
        let isNew = troubles.withLock { troubles in
            defer { troubles[trouble, default: []].insert(place.key) }
            return troubles[trouble] == nil
        }
        guard isNew else { return }
        alerts.raise(
            kind, "a language model does not answer until somebody acts",
            ["host": "\(place.host)", "key": "\(place.key + 1) of \(place.keys)", "remedy": "\(fault.remedy)"])
    }

    public func answered(at place: ModelPlace) {
        endEarlierTroubles(at: place)
        let ended = troubles.withLock { troubles in
            guard !troubles.isEmpty else { return [Trouble]() }
            for trouble in troubles.keys where trouble.endpoint == place.endpoint {
                // A model is there or not, whatever the key.
                if trouble.kind == Self.unknownModel { troubles[trouble] = [] }
                troubles[trouble]?.remove(place.key)
            }
            let ended = troubles.filter { $0.value.isEmpty }.map(\.key)
            for trouble in ended { troubles[trouble] = nil }
            return ended
        }
        for trouble in ended {
            logger.notice(
                "a language model answers again", metadata: ["host": "\(place.host)", "ended": "\(trouble.kind)"])
            alerts.end(trouble.kind, about: place.host)
        }
    }

    /// Owners may have been told before the start of what has ended by now.
    private func endEarlierTroubles(at place: ModelPlace) {
        guard heard.withLock({ $0.insert(place.endpoint).inserted }) else { return }
        // One key that is good says nothing about the others.
        let kinds = place.keys == 1 ? ["model_key_refused", "model_no_credit", Self.unknownModel] : [Self.unknownModel]
        for kind in kinds { alerts.end(kind, about: place.host) }
    }

    private static let unknownModel = "model_unknown"

    /// - Returns: `nil` for what is no lasting trouble, such as one request that is too long.
    private static func kind(of fault: ModelFault) -> String? {
        switch fault.code {
        case "unauthorized": "model_key_refused"
        case "insufficient_quota": "model_no_credit"
        case "model_not_found": unknownModel
        default: nil
        }
    }
}
