import BotKit
import Foundation
import Logging

/// Endpoints in the order in which they are asked; the next one is asked when the one before it cannot answer.
struct ModelChain: LanguageModel, ReplaceableKeys {
    let models: [RetryingModel]
    /// Everything together: attempts, waits and endpoints.
    let total: Duration
    let time: any TimeSource
    let logger: Logger

    func reply(to request: ModelRequest) async throws -> ModelReply {
        let deadline = time.now.adding(total)
        var first: (any Error)?
        var request = request
        for (place, model) in models.enumerated() {
            do {
                // An attempt's time for each of those behind it.
                let reserve = models.dropFirst(place + 1).reduce(Duration.zero) { $0 + $1.call.endpoint.limits.total }
                return try await model.reply(to: request, before: deadline, leaving: reserve)
            } catch let failure as CallFailure {
                // What the first endpoint said is what the operator must hear; the others are a makeshift.
                first = first ?? failure.error
                // The name of a model means something to the first alone.
                request.model = nil
                guard failure.next != .stop else { throw failure.error }
                logger.warning(
                    "A model endpoint did not answer",
                    metadata: [
                        "endpoint": "\(place + 1) of \(models.count)", "host": "\(model.call.endpoint.host)",
                        "reason": "\(failure.word)", "error": "\(failure.error.safeDescription)",
                    ])
                guard time.now < deadline else { break }
            }
        }
        throw first ?? Defect("model: there is no endpoint")
    }

    /// The keys are those of the first endpoint.
    func replaceKeys(_ keys: [String]) { models.first?.keys.replace(keys) }
}
