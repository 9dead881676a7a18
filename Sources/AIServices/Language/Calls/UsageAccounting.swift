import BotKit
import Foundation

/// Turns what a server counted, or our own count, into a usage with its price.
struct UsageAccounting: Sendable {
    /// What a picture counts when the server does not say: more than OpenAI's 1,445 for the largest at high detail.
    static let tokensPerImage = 1_600
    /// Role and separators of a message in the chat formats in use.
    static let tokensPerMessage = 6

    let prices: PriceBook
    let counter: any TokenCounter
    let time: any TimeSource

    func reply(_ answer: GatheredAnswer, to request: ModelRequest, from endpoint: ModelEndpoint) -> ModelReply {
        let tokens = answer.tokens?.plausible ?? estimate(request, answer.text)
        var usage = Usage(
            operation: "chat", model: answer.model ?? endpoint.model, host: endpoint.host, inputTokens: tokens.input,
            cachedTokens: tokens.cached, outputTokens: tokens.output, reasoningTokens: tokens.reasoning,
            isEstimate: answer.tokens == nil)
        let now = time.now
        usage.costNanoUSD = prices.prices(at: now).cost(of: usage, at: now)
        return ModelReply(text: answer.text, finish: answer.finish, usage: usage)
    }

    private func estimate(_ request: ModelRequest, _ text: String) -> TokenUse {
        var input = 0
        for message in request.messages {
            input += Self.tokensPerMessage
            for part in message.parts {
                switch part {
                case .text(let text): input += counter.count(text)
                case .image: input += Self.tokensPerImage
                }
            }
        }
        return TokenUse(input: input, output: counter.count(text))
    }
}
