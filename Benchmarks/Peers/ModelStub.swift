/// An OpenAI-compatible model that repeats the marks of the question (OpenAI, API reference, Chat completions).
struct ModelStub: Sendable {
    private let server: PlainServer
    var port: Int { server.port }

    /// - Parameters:
    ///   - marks: finds the marks of the question in the body of a request.
    ///   - delay: how long an answer to these marks takes.
    init(
        marks: @escaping @Sendable (ArraySlice<UInt8>) -> [Token],
        delay: @escaping @Sendable ([Token]) -> Duration = { _ in .zero }
    ) throws {
        server = try PlainServer("model stub") { request in
            if request.target.hasSuffix("/models") {
                return PlainResponse(#"{"object":"list","data":[{"id":"stub"}]}"#)
            }
            guard request.method == "POST", request.target.hasSuffix("/chat/completions") else { return .notFound }
            let marks = marks(request.body)
            var response = Self.answer(to: marks, inputTokens: request.body.count / 4)
            response.delay = delay(marks)
            return response
        }
    }

    /// A stream of a few pieces, as a short answer has them.
    private static func answer(to marks: [Token], inputTokens: Int) -> PlainResponse {
        let pieces =
            ["The answer", " to"] + marks.map { " \($0.text)" } + [" is", " here", ",", " short", " and", " plain."]
        var text = ""
        for piece in pieces { text += chunk(#"{"index":0,"delta":{"content":"\#(piece)"},"finish_reason":null}"#) }
        text += chunk(#"{"index":0,"delta":{},"finish_reason":"stop"}"#)
        text += chunk(
            nil,
            usage: #"{"prompt_tokens":\#(inputTokens),"completion_tokens":12,"total_tokens":\#(inputTokens + 12)}"#)
        return PlainResponse(contentType: "text/event-stream", Array((text + "data: [DONE]\n\n").utf8))
    }

    private static func chunk(_ choice: String?, usage: String = "null") -> String {
        #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"stub","choices":["#
            + #"\#(choice ?? "")],"usage":\#(usage)}"# + "\n\n"
    }
}
