@testable import AIServices
import BotKit
import Foundation
import Hummingbird
import Testing

@Suite struct AnthropicMessagesTests {
    private static let whole = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":10,\
        "cache_read_input_tokens":30,"cache_creation_input_tokens":5,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
        "usage":{"output_tokens":7}}

        event: message_stop
        data: {"type":"message_stop"}


        """

    private func exchange(
        _ request: ModelRequest = .hello, _ variables: [String: String] = [:],
        _ answer: @escaping @Sendable (Int) -> Response = { _ in .stream([Self.whole]) }
    ) async throws -> (ModelReply, [ScriptedServer.Seen]) {
        var result: (ModelReply, [ScriptedServer.Seen])?
        try await ScriptedServer.run { _, before in
            answer(before)
        } test: { server in
            let base = "http://127.0.0.1:\(server.port)"
            let all = [
                "LLM_PROVIDER": "anthropic", "ANTHROPIC_BASE_URL": base, "ANTHROPIC_API_KEY": "key-1",
                "ANTHROPIC_MODEL": "claude-x",
            ].merging(variables) { $1 }
            let reply = try await Client.with(all) { try await $0.reply(to: request) }
            result = (reply, server.seen)
        }
        return try #require(result)
    }

    @Test func `sends system text apart, pictures as base64 and joins messages of one side`() async throws {
        let request = ModelRequest(messages: [
            .init(.system, "One"), .init(.system, "Two"), .init(.assistant, "left over from a cut window"),
            .init(.user, "a"), .init(.user, [.image(Data([1, 2, 3]), mimeType: "image/jpeg"), .text(" ")]),
            .init(.assistant, "b"), .init(.user, "c"),
        ])
        let seen = try #require(try await exchange(request).1.first)
        #expect(seen.path == "/v1/messages")
        #expect(seen.header("x-api-key") == "key-1")
        #expect(seen.header("anthropic-version") == "2023-06-01")
        #expect(seen.header("authorization") == nil)
        #expect(
            seen.json == [
                "model": "claude-x", "max_tokens": 4096, "stream": true, "system": "One\n\nTwo",
                "messages": [
                    [
                        "role": "user",
                        "content": [
                            ["type": "text", "text": "a"],
                            [
                                "type": "image",
                                "source": ["type": "base64", "media_type": "image/jpeg", "data": "AQID"],
                            ],
                        ],
                    ],
                    ["role": "assistant", "content": [["type": "text", "text": "b"]]],
                    ["role": "user", "content": [["type": "text", "text": "c"]]],
                ],
            ])
    }

    @Test func `gathers a stream and counts what came from the cache`() async throws {
        let (reply, _) = try await exchange()
        #expect(reply.text == "Hello")
        #expect(reply.finish == .complete)
        #expect(reply.usage.model == "claude-x")
        #expect(reply.usage.inputTokens == 45)
        #expect(reply.usage.cachedTokens == 30)
        #expect(reply.usage.outputTokens == 7)
        #expect(!reply.usage.isEstimate)
    }

    @Test func `takes one JSON body`() async throws {
        let body = """
            {"type":"message","model":"claude-x","content":[{"type":"text","text":"Whole"}],"stop_reason":"max_tokens",\
            "usage":{"input_tokens":2,"output_tokens":3}}
            """
        let (reply, _) = try await exchange { _ in .json(body) }
        #expect(reply.text == "Whole")
        #expect(reply.finish == .lengthLimit)
    }

    @Test func `tries again when the service is overloaded, before and within the stream`() async throws {
        let overloaded = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
        let (reply, seen) = try await exchange { before in
            switch before {
            case 0: .json(overloaded, status: 529)
            case 1: .stream(["event: error\ndata: \(overloaded)\n\n"])
            default: .stream([Self.whole])
            }
        }
        #expect(reply.text == "Hello")
        #expect(seen.count == 3)
    }

    @Test func `treats a stream without its last word as a failure`() async throws {
        let cut = Self.whole.replacing("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", with: "")
        let (_, seen) = try await exchange { $0 == 0 ? .stream([cut]) : .stream([Self.whole]) }
        #expect(seen.count == 2)
    }

    @Test(arguments: [
        (401, "authentication_error", "invalid x-api-key", "unauthorized"),
        (404, "not_found_error", "model: claude-x", "model_not_found"),
        (400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", "context_too_long"),
        (400, "invalid_request_error", "Your credit balance is too low", "insufficient_quota"),
        (400, "invalid_request_error", "something else", "bad_request"),
    ])
    func `says what the operator must mend`(status: Int, type: String, message: String, code: String) async throws {
        let error = try await #require(throws: ModelFault.self) {
            try await exchange { _ in
                .json(#"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"}}"#, status: status)
            }
        }
        #expect(error.code == code)
        if code == "unauthorized" { #expect(error.remedy.contains("ANTHROPIC_API_KEY")) }
        if code == "model_not_found" { #expect(error.remedy.contains("ANTHROPIC_MODEL")) }
        #expect(!error.remedy.contains(message))
    }
}
