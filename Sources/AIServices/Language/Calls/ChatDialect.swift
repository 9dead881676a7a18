import AsyncHTTPClient
import BotKit

/// What differs between the vendors' APIs: how a request is written and how an answer is read. No I/O.
protocol ChatDialect: Sendable {
    func httpRequest(for request: ModelRequest, to endpoint: ModelEndpoint, key: String?) throws -> HTTPClientRequest
    /// The request for the list of models, which costs nothing.
    func listRequest(to endpoint: ModelEndpoint, key: String?) -> HTTPClientRequest
    func makeReader(for endpoint: ModelEndpoint) -> any AnswerReader
}

/// Gathers one answer.
protocol AnswerReader: Sendable {
    /// Reads one event of the stream.
    /// - Returns: whether the answer is whole and nothing more will come.
    mutating func read(_ event: ServerSentEvents.Event) throws -> Bool
    /// Reads an answer that came as one JSON body.
    mutating func read(body: [UInt8]) throws
    /// - Throws: `CallFailure` when the answer is not whole.
    func answer() throws -> GatheredAnswer
}

/// An answer as the server sent it.
struct GatheredAnswer: Sendable, Equatable {
    var text: String
    var finish: ModelReply.Finish
    /// The model's name as the server gave it.
    var model: String?
    /// What the server counted; `nil` when it did not say.
    var tokens: TokenUse?
}

struct TokenUse: Sendable, Equatable {
    var input: Int
    var cached = 0
    var output: Int
    var reasoning = 0

    /// The numbers within what a server can mean: none is negative, and a part is not larger than its whole.
    var plausible: TokenUse {
        func clamp(_ count: Int, _ most: Int = 1_000_000_000) -> Int { min(max(count, 0), max(most, 0)) }
        let input = clamp(input)
        let output = clamp(output)
        return TokenUse(input: input, cached: clamp(cached, input), output: output, reasoning: clamp(reasoning, output))
    }
}
