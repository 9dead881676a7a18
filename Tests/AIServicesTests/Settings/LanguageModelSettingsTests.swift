@testable import AIServices
import BotKit
import Foundation
import Testing

@Suite struct LanguageModelSettingsTests {
    private let day = Date(timeIntervalSince1970: 1_795_219_200) // 2026-11-21

    private func first(_ variables: [String: String], at time: Date? = nil) throws -> ModelEndpoint {
        try #require(LanguageModelSettings(variables).endpoints(at: time ?? day, logger: Client.logger).first).0
    }

    @Test func `asks OpenAI for a living model by default`() throws {
        let endpoint = try first(["OPENAI_API_KEY": "k"])
        #expect(endpoint.baseURL == "https://api.openai.com/v1")
        #expect(endpoint.model == "gpt-5.4-mini")
        #expect(RetiredModel.named(endpoint.model) == nil)
        #expect(endpoint.tokenLimitField == .maxCompletionTokens)
        #expect(endpoint.sendsSafetyIdentifier)
    }

    @Test func `lets the list of keys win`() throws {
        #expect(try first(["OPENAI_API_KEY": "a", "OPENAI_API_KEYS": "b, c,"]).keys == ["b", "c"])
    }

    @Test func `needs a key for OpenAI and Anthropic only`() throws {
        #expect(throws: Misconfiguration.self) { try first([:]) }
        #expect(throws: Misconfiguration.self) { try first(["LLM_PROVIDER": "anthropic", "OPENAI_API_KEY": "k"]) }
        let local = try first(["OPENAI_BASE_URL": "http://localhost:11434/v1/"])
        #expect(local.baseURL == "http://localhost:11434/v1")
        #expect(local.keys.isEmpty)
        #expect(local.tokenLimitField == .maxTokens)
        #expect(!local.sendsSafetyIdentifier)
    }

    @Test(arguments: [
        ("gpt-3.5-turbo", "gpt-5.4-mini"), ("gpt-4-0613", "gpt-5.4"), ("gpt-4-turbo-2024-04-09", "gpt-5.4"),
        ("gpt-4o", "gpt-4o"), ("gpt-4o-mini", "gpt-4o-mini"), ("gpt-5.5", "gpt-5.5"),
    ])
    func `replaces a model that is switched off`(written: String, used: String) throws {
        #expect(try first(["OPENAI_API_KEY": "k", "OPENAI_GPT_MODEL": written]).model == used)
    }

    @Test func `replaces a model only from its last day on, and only at OpenAI`() throws {
        let later = try first(
            ["OPENAI_API_KEY": "k", "OPENAI_GPT_MODEL": "gpt-4o"], at: Date(timeIntervalSince1970: 1_799_884_800))
        #expect(later.model == "gpt-5.4")
        let local = try first(["OPENAI_BASE_URL": "http://localhost:8000/v1", "OPENAI_GPT_MODEL": "gpt-3.5-turbo"])
        #expect(local.model == "gpt-3.5-turbo")
    }

    @Test func `resolves aliases once`() throws {
        let variables = [
            "OPENAI_API_KEY": "k", "OPENAI_GPT_MODEL": "Fast", "MODEL_ALIASES": "fast=gpt-5.5, smart = fast",
        ]
        #expect(try first(variables).model == "gpt-5.5")
        #expect(try LanguageModelSettings(variables).model(named: "smart") == "fast")
    }

    @Test func `sends a temperature only to models that take it`() throws {
        let settings = ["OPENAI_API_KEY": "k", "TEMPERATURE": "0.5"]
        #expect(try first(settings).temperature == nil)
        #expect(try first(settings.merging(["OPENAI_GPT_MODEL": "gpt-4.1"]) { $1 }).temperature == 0.5)
        #expect(try first(settings.merging(["OPENAI_BASE_URL": "http://localhost/v1"]) { $1 }).temperature == 0.5)
    }

    @Test func `reads fall-backs in order`() throws {
        let settings = try LanguageModelSettings([
            "OPENAI_API_KEY": "k", "GROQ_API_KEY": "g", "CLAUDE": "c",
            "LLM_FALLBACKS":
                "https://api.groq.com/openai/v1|llama|GROQ_API_KEY, https://api.anthropic.com|claude|CLAUDE,"
                + "http://localhost:9|local||anthropic",
        ])
        let endpoints = try settings.endpoints(at: day, logger: Client.logger)
        #expect(endpoints.map(\.1) == [.openai, .openai, .anthropic, .anthropic])
        #expect(endpoints.map(\.0.keys) == [["k"], ["g"], ["c"], []])
        #expect(endpoints[1].0.names.key == "GROQ_API_KEY")
    }

    @Test(arguments: [
        ("LLM_FALLBACKS", "localhost|m"), ("LLM_FALLBACKS", "http://localhost/v1"), ("LLM_FALLBACKS", "http://h|m|a b"),
        ("LLM_FALLBACKS", "http://h|m||other"), ("LLM_FALLBACKS", "http://h|m|NOT_SET"), ("MODEL_ALIASES", "fast"),
        ("TEMPERATURE", "3"), ("LLM_PROVIDER", "other"), ("OPENAI_BASE_URL", "localhost:11434"),
        ("OPENAI_TIMEOUT", "5"), ("OPENAI_MAX_RETRIES", "99"), ("MAX_OUTPUT_TOKENS_FIELD", "x"),
    ])
    func `refuses a wrong value with a remedy`(name: String, value: String) throws {
        let error = #expect(throws: Misconfiguration.self) { try LanguageModelSettings([name: value]) }
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func `describes each of its settings once`() {
        let names = LanguageModelSettings.settings.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(
            LanguageModelSettings.settings.filter(\.isSecret).map(\.name) == [
                "OPENAI_API_KEY", "OPENAI_API_KEYS", "ANTHROPIC_API_KEY",
            ])
    }
}
