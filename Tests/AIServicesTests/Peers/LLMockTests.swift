@testable import AIServices
import BotKit
import Foundation
import Testing

/// Our client against llmock 0.2.2, whose verdict must stay clean, in its strict form: without warnings.
@Suite(.llmock, .serialized, .timeLimit(.minutes(3))) struct LLMockTests {
    private func exchange(
        _ behaviors: String = "", anthropic: Bool = false, request: ModelRequest = .hello,
        _ variables: [String: String] = [:]
    ) async throws -> (result: Result<ModelReply, any Error>, verdict: LLMock.Verdict) {
        let mock = try #require(LLMock.current)
        try await mock.prepare(behaviors)
        let all = [
            "LLM_PROVIDER": anthropic ? "anthropic" : "openai", "OPENAI_BASE_URL": mock.openAI, "OPENAI_API_KEY": "k",
            "OPENAI_GPT_MODEL": "gpt-4o-mini", "ANTHROPIC_BASE_URL": mock.anthropic, "ANTHROPIC_API_KEY": "k",
            "ANTHROPIC_MODEL": "claude-haiku-4-5-20251001", "OPENAI_IDLE_TIMEOUT": "1500",
        ].merging(variables) { $1 }
        let result: Result<ModelReply, any Error>
        do {
            result = .success(try await Client.with(all, time: SystemTime()) { try await $0.reply(to: request) })
        } catch { result = .failure(error) }
        return (result, try await mock.verdict())
    }

    @Test(arguments: [false, true]) func `streams an answer with its usage`(anthropic: Bool) async throws {
        let (result, verdict) = try await exchange(
            #"{"type":"reply","text":"Hello from the other side, שלום 👋"}"#, anthropic: anthropic)
        let reply = try result.get()
        #expect(reply.text == "Hello from the other side, שלום 👋")
        #expect(reply.finish == .complete)
        #expect(!reply.usage.isEstimate)
        #expect(reply.usage.inputTokens > 0)
        #expect(reply.usage.outputTokens > 0)
        #expect(verdict.findings.isEmpty)
        #expect(verdict.attempts == 1)
    }

    @Test(arguments: [false, true]) func `sends a picture`(anthropic: Bool) async throws {
        let image = ModelRequest.Part.image(Data([0x89, 0x50, 0x4E, 0x47]), mimeType: "image/png")
        let request = ModelRequest(messages: [.init(.user, [.text("What is it?"), image])])
        let (result, verdict) = try await exchange(anthropic: anthropic, request: request)
        #expect(try !result.get().text.isEmpty)
        #expect(verdict.findings.isEmpty)
    }

    @Test func `asks again when the model calls a tool that nobody offered`() async throws {
        let (result, verdict) = try await exchange(
            #"{"type":"reply","tool_calls":[{"name":"search","arguments":{"q":"x"}}]}"#)
        #expect(try !result.get().text.isEmpty)
        #expect(verdict.findings.isEmpty)
    }

    @Test(arguments: [
        #"{"type":"fail","status":429,"retry_after":0.7,"times":2}"#, #"{"type":"fail","status":503,"retry_after":1}"#,
        #"{"type":"fail","status":500,"times":2}"#, #"{"type":"fail","status":408}"#, #"{"type":"fail","status":409}"#,
        #"{"type":"stream_fault","kind":"truncate","after_chunks":2}"#,
        #"{"type":"stream_fault","kind":"truncate","after_chunks":0}"#,
        #"{"type":"stream_fault","kind":"disconnect","after_chunks":2}"#,
        #"{"type":"stream_fault","kind":"malformed","after_chunks":2}"#,
        #"{"type":"stream_fault","kind":"stall","after_chunks":2,"stall_seconds":20}"#,
        #"{"type":"slow_first_token","seconds":0.5}"#, #"{"type":"delay","seconds":0.5}"#,
    ])
    func `recovers from a fault`(behavior: String) async throws {
        // Long enough that the server is still speaking when we hang up.
        let long = #"{"type":"reply","text":"\#(String(repeating: "word ", count: 400))","times":2}"#
        for anthropic in [false, true] {
            let (result, verdict) = try await exchange("\(behavior),\(long)", anthropic: anthropic)
            #expect(try result.get().finish == .complete, "anthropic: \(anthropic)")
            #expect(verdict.passed)
            #expect(verdict.findings.map(\.code) == [], "anthropic: \(anthropic)")
            #expect(verdict.calls == 1)
        }
    }

    @Test func `recovers from an overloaded service`() async throws {
        let (result, verdict) = try await exchange(#"{"type":"fail","status":529}"#, anthropic: true)
        #expect(try !result.get().text.isEmpty)
        #expect(verdict.findings.isEmpty)
    }

    @Test func `gives up after three attempts without a storm`() async throws {
        for status in [429, 500] {
            let (result, verdict) = try await exchange(#"{"type":"fail","status":\#(status),"times":null}"#)
            #expect(throws: Outage.self) { try result.get() }
            #expect(verdict.findings.isEmpty)
            #expect(verdict.attempts == 3)
        }
    }

    @Test(arguments: [
        (401, "unauthorized"), (403, "unauthorized"), (404, "model_not_found"), (400, "bad_request"),
        (422, "bad_request"),
    ])
    func `does not repeat what cannot succeed`(status: Int, code: String) async throws {
        let (result, verdict) = try await exchange(#"{"type":"fail","status":\#(status),"times":null}"#)
        let fault = #expect(throws: ModelFault.self) { try result.get() }
        #expect(fault?.code == code)
        #expect(verdict.findings.isEmpty)
        #expect(verdict.attempts == 1)
    }

    @Test func `tells the caller that the conversation is too long`() async throws {
        let (result, verdict) = try await exchange(
            #"{"type":"fail","status":400,"code":"context_length_exceeded","times":null}"#)
        let fault = #expect(throws: ModelFault.self) { try result.get() }
        #expect(fault?.code == "context_too_long")
        #expect(verdict.findings.isEmpty)
    }

    @Test func `does not repeat a request when there is no credit left`() async throws {
        let (result, verdict) = try await exchange(
            #"{"type":"fail","status":429,"code":"insufficient_quota","times":null}"#)
        let fault = #expect(throws: ModelFault.self) { try result.get() }
        #expect(fault?.code == "insufficient_quota")
        #expect(verdict.attempts == 1)
        // llmock looks at the status alone and would have any 429 repeated; the vendor says not this one.
        #expect(verdict.findings.map(\.code) == ["gave_up"])
    }

    @Test func `finds the models`() async throws {
        let mock = try #require(LLMock.current)
        try await mock.prepare("")
        let finding = try await Client.probe(["OPENAI_BASE_URL": mock.openAI]) { await $0.reach() }
        guard case .ok(let models) = finding else { return #expect(Bool(false), "\(finding)") }
        #expect(models.contains("gpt-4o-mini"))
    }
}
