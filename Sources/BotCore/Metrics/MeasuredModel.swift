public import BotKit
import CoreMetrics

/// A language model whose requests, time, tokens and cost are counted.
public struct MeasuredModel: LanguageModel {
    private let model: any LanguageModel
    private let service: String
    private let seconds: Timer
    private let requests = LabelledCounter("ai_requests_total", by: "service", "outcome")
    private let tokens = LabelledCounter("ai_tokens_total", by: "service", "kind")
    private let cost: FloatingPointCounter

    /// - Parameter service: the kind of work, as the label shows it: `chat`.
    public init(_ model: any LanguageModel, service: String) {
        self.model = model
        self.service = service
        seconds = Timer(label: "ai_seconds", dimensions: [("service", service)])
        cost = FloatingPointCounter(label: "ai_cost_usd_total", dimensions: [("service", service)])
    }

    public func reply(to request: ModelRequest) async throws -> ModelReply {
        let start = ContinuousClock.now
        defer { seconds.recordNanoseconds(Int64((ContinuousClock.now - start).seconds * 1e9)) }
        do {
            let reply = try await model.reply(to: request)
            requests.increment(service, "answered")
            count(reply.usage)
            return reply
        } catch {
            requests.increment(service, outcome(of: error))
            throw error
        }
    }

    private func count(_ usage: Usage) {
        for (kind, count) in [
            ("input", usage.inputTokens), ("cached", usage.cachedTokens), ("output", usage.outputTokens),
            ("reasoning", usage.reasoningTokens),
        ] where count > 0 { tokens.increment(service, kind, by: count) }
        if let cost = usage.costNanoUSD { self.cost.increment(by: Double(cost) / 1e9) }
    }

    private func outcome(of error: any Error) -> String {
        if error is CancellationError { return "stopped" }
        return switch error.classified {
        case .refusal: "refused"
        case .outage: "outage"
        case .misconfiguration, .defect: "fault"
        }
    }
}
