public import BotKit
import Logging
import Synchronization

/// Whether the language model answers anybody at all: so many questions in a row without an answer are an alert, and
/// the next answer is its end.
public final class ModelOutage: Sendable {
    private struct State {
        var failures = 0
        var isTold = false
        /// Before the start somebody may have been told.
        var isEndKnown = false
    }

    private let alerts: OperatorAlerts
    private let limit: Int
    private let state = Mutex(State())

    init(alerts: OperatorAlerts, limit: Int) {
        self.alerts = alerts
        self.limit = limit
    }

    /// Whether there was an alert that is not over.
    var isDown: Bool { state.withLock { $0.isTold } }

    /// A question found no answer, for now.
    func failed() {
        let isNew = state.withLock { state in
            state.failures += 1
            guard limit > 0, state.failures >= limit, !state.isTold else { return false }
            state.isTold = true
            state.isEndKnown = false
            return true
        }
        if isNew {
            alerts.raise(
                "model_down", "the language model does not answer, whatever is asked", ["failures": "\(limit)"])
        }
    }

    /// It answers.
    func answered() {
        let hasEnded = state.withLock { state in
            state.failures = 0
            guard !state.isEndKnown else { return false }
            state.isEndKnown = true
            state.isTold = false
            return true
        }
        if hasEnded { alerts.end("model_down") }
    }
}

/// A language model whose outages the operator hears of.
public struct WatchedModel: LanguageModel {
    private let model: any LanguageModel
    private let outage: ModelOutage

    public init(_ model: any LanguageModel, outage: ModelOutage) {
        self.model = model
        self.outage = outage
    }

    public func reply(to request: ModelRequest) async throws -> ModelReply {
        do {
            let reply = try await model.reply(to: request)
            outage.answered()
            return reply
        } catch {
            if !(error is CancellationError), error.classified == .outage { outage.failed() }
            throw error
        }
    }
}
