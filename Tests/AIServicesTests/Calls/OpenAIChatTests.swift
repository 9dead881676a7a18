@testable import AIServices
import BotKit
import Foundation
import Hummingbird
import Testing

@Suite struct OpenAIChatTests {
    private let hello = ModelRequest.hello

    /// What the server gets when these settings ask this.
    private func sent(_ request: ModelRequest, _ variables: [String: String] = [:]) async throws
        -> ScriptedServer.Seen
    {
        var result: ScriptedServer.Seen?
        try await ScriptedServer.run { _, _ in
            .chat("Hi")
        } test: { server in
            let all = ["OPENAI_BASE_URL": server.base, "OPENAI_GPT_MODEL": "m"].merging(variables) { $1 }
            _ = try await Client.with(all) { try await $0.reply(to: request) }
            result = server.seen.first
        }
        return try #require(result)
    }

    @Test func `sends the request that the API asks for`() async throws {
        let seen = try await sent(
            ModelRequest(messages: hello.messages, maxOutputTokens: 50, safetyIdentifier: "abc"),
            [
                "OPENAI_API_KEY": "sk-test", "OPENAI_ORGANIZATION": "org-1", "OPENAI_PROJECT": "proj-1",
                "TEMPERATURE": "0.7",
            ])
        #expect(seen.path == "/v1/chat/completions")
        #expect(
            seen.json == [
                "model": "m", "stream": true, "stream_options": ["include_usage": true], "max_tokens": 50,
                "temperature": 0.7,
                "messages": [
                    ["role": "system", "content": "Be brief."], ["role": "user", "content": "Hello"],
                ],
            ])
        #expect(seen.header("authorization") == "Bearer sk-test")
        #expect(seen.header("openai-organization") == "org-1")
        #expect(seen.header("openai-project") == "proj-1")
        #expect(seen.header("content-type") == "application/json")
    }

    @Test func `sends no key, limit or temperature that nobody set`() async throws {
        let seen = try await sent(hello)
        #expect(seen.json.names == ["model", "stream", "stream_options", "messages"])
        #expect(seen.header("authorization") == nil)
    }

    @Test func `sends pictures as data addresses`() async throws {
        let image = ModelRequest.Part.image(Data([1, 2, 3]), mimeType: "image/png")
        let seen = try await sent(ModelRequest(messages: [.init(.user, [.text("What is it?"), image])]))
        #expect(
            seen.json["messages"] == [
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "What is it?"],
                        ["type": "image_url", "image_url": ["url": "data:image/png;base64,AQID"]],
                    ],
                ]
            ])
    }

    @Test func `obeys the setting for the field of the limit`() async throws {
        let seen = try await sent(
            hello, ["MAX_OUTPUT_TOKENS": "77", "MAX_OUTPUT_TOKENS_FIELD": "max_completion_tokens"])
        #expect(seen.json["max_completion_tokens"] == 77)
        #expect(seen.json["max_tokens"] == nil)
    }

    /// What comes back when the server answers with `response`.
    private func reply(_ response: @escaping @Sendable () -> Response, _ variables: [String: String] = [:]) async throws
        -> ModelReply
    {
        var result: ModelReply?
        try await ScriptedServer.run { _, _ in
            response()
        } test: { server in
            let all = ["OPENAI_BASE_URL": server.base, "OPENAI_MAX_RETRIES": "0"].merging(variables) { $1 }
            result = try await Client.with(all) { try await $0.reply(to: .hello) }
        }
        return try #require(result)
    }

    @Test func `gathers a stream with its usage`() async throws {
        let usage = """
            {"prompt_tokens":20,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":12},\
            "completion_tokens_details":{"reasoning_tokens":4}}
            """
        let reply = try await reply { .chat("שלום 👋🏽", usage: usage) }
        #expect(reply.text == "שלום 👋🏽")
        #expect(reply.finish == .complete)
        #expect(
            reply.usage
                == Usage(
                    operation: "chat", model: "m-1", host: "127.0.0.1", inputTokens: 20, cachedTokens: 12,
                    outputTokens: 9, reasoningTokens: 4, costNanoUSD: 0))
    }

    @Test func `counts by itself when the server does not`() async throws {
        let usage = try await reply { .chat("Hello there") }.usage
        #expect(usage.isEstimate)
        #expect((10...40).contains(usage.inputTokens))
        #expect((2...6).contains(usage.outputTokens))
    }

    @Test func `reads the usage where Groq puts it, and ignores a usage that makes no sense`() async throws {
        let done = #"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}],"#
        let groq = try await reply {
            .stream([
                "data: \(done)\"x_groq\":{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1}}}\n\ndata: [DONE]\n\n"
            ])
        }
        #expect(groq.usage.inputTokens == 5)
        let strange = try await reply { .stream(["data: \(done)\"usage\":\"much\"}\n\ndata: [DONE]\n\n"]) }
        #expect(strange.usage.isEstimate)
        let negative = try await reply {
            .stream(["data: \(done)\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n"])
        }
        #expect(negative.usage.inputTokens == 0)
    }

    @Test(arguments: ["application/json", "text/plain"])
    func `takes one JSON body from a server that does not stream`(type: String) async throws {
        let body = """
            {"model":"m-2",\
            "choices":[{"index":0,"message":{"role":"assistant","content":"Whole"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":3,"completion_tokens":1}}
            """
        let reply = try await reply { .text(body, type: type) }
        #expect(reply.text == "Whole")
        #expect(reply.usage.inputTokens == 3)
    }

    @Test func `takes content in parts and a stream without a type or a last word`() async throws {
        let chunk =
            #"""
            data: {"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"text":"b"}]},\#
            "finish_reason":"eos"}]}
            """#
        #expect(try await reply { .text(": keep\n\n\(chunk)\n\n", type: "application/octet-stream") }.text == "ab")
    }

    @Test func `says how an answer ended`() async throws {
        func ended(_ reason: String, _ delta: String) async throws -> ModelReply {
            try await reply {
                .stream([
                    "data: {\"choices\":[{\"delta\":\(delta),\"finish_reason\":\"\(reason)\"}]}\n\ndata: [DONE]\n\n"
                ])
            }
        }
        #expect(try await ended("length", #"{"content":"a"}"#).finish == .lengthLimit)
        #expect(try await ended("length", "{}").text.isEmpty)
        #expect(try await ended("content_filter", #"{"content":"a"}"#).finish == .contentFilter)
        let refused = try await ended("stop", #"{"refusal":"I will not."}"#)
        #expect(refused.text == "I will not.")
        #expect(refused.finish == .contentFilter)
        await #expect(throws: Refusal.self) { try await ended("content_filter", "{}") }
        await #expect(throws: Outage.self) { try await ended("stop", "{}") }
        await #expect(throws: Outage.self) { try await ended("error", #"{"content":"a"}"#) }
    }

    @Test func `leaves out the thoughts of a local reasoning model`() async throws {
        #expect(try await reply { .chat(#"<think>\nhm</think>\n\nYes."#) }.text == "Yes.")
        #expect(try await reply { .chat("a <think> b </think>") }.text == "a <think> b </think>")
    }

    @Test func `keeps the connection for the next request`() async throws {
        try await ScriptedServer.run { _, _ in
            .chat("Hi")
        } test: { server in
            try await Client.with(["OPENAI_BASE_URL": server.base]) { model in
                for _ in 0..<4 { _ = try await model.reply(to: .hello) }
            }
            #expect(Set(server.seen.map(\.peer)).count == 1)
        }
    }
}
