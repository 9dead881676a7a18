import BotKit
import Foundation
import Logging

extension LanguageModelSettings {
    /// The endpoints in the order in which they are asked.
    /// - Throws: `Misconfiguration` when a vendor's own service has no key.
    func endpoints(at time: Date, logger: Logger) throws -> [(ModelEndpoint, Provider)] {
        let first = try provider == .openai ? openAIEndpoint(at: time, logger) : anthropicEndpoint()
        return [(first, provider)] + fallbacks.map { (endpoint(for: $0, at: time, logger), $0.provider) }
    }

    private func openAIEndpoint(at time: Date, _ logger: Logger) throws -> ModelEndpoint {
        guard let url = openAIBaseURL else { throw Self.noAddress("OPENAI_BASE_URL") }
        var endpoint = prepared(ModelEndpoint(url, model: model(named: openAIModel)))
        endpoint.keys = openAIKeys
        guard !endpoint.isOpenAI || !openAIKeys.isEmpty else {
            throw Misconfiguration(
                "OPENAI_API_KEY", "is not set",
                remedy: "Set it to a key from OpenAI, or set OPENAI_BASE_URL to a server of your own.")
        }
        if let organization { endpoint.headers.append((name: "openai-organization", value: organization)) }
        if let project { endpoint.headers.append((name: "openai-project", value: project)) }
        endpoint.adapt(to: tokenLimitField, at: time, logger)
        return endpoint
    }

    private func anthropicEndpoint() throws -> ModelEndpoint {
        guard let url = anthropicBaseURL else { throw Self.noAddress("ANTHROPIC_BASE_URL") }
        var endpoint = prepared(ModelEndpoint(url, model: model(named: anthropicModel)))
        endpoint.keys = [anthropicKey].compactMap(\.self)
        endpoint.names = SettingNames(key: "ANTHROPIC_API_KEY", address: "ANTHROPIC_BASE_URL", model: "ANTHROPIC_MODEL")
        guard endpoint.host != "api.anthropic.com" || !endpoint.keys.isEmpty else {
            throw Misconfiguration(
                "ANTHROPIC_API_KEY", "is not set",
                remedy: "Set it to a key from Anthropic, or set LLM_PROVIDER to openai.")
        }
        return endpoint
    }

    private func endpoint(for fallback: ModelFallback, at time: Date, _ logger: Logger) -> ModelEndpoint {
        var endpoint = prepared(ModelEndpoint(fallback.baseURL, model: model(named: fallback.model)))
        endpoint.keys = [fallback.key].compactMap(\.self)
        endpoint.names = SettingNames(
            key: fallback.keyVariable ?? "LLM_FALLBACKS", address: "LLM_FALLBACKS", model: "LLM_FALLBACKS")
        if fallback.provider == .openai { endpoint.adapt(to: tokenLimitField, at: time, logger) }
        return endpoint
    }

    private func prepared(_ endpoint: ModelEndpoint) -> ModelEndpoint {
        var endpoint = endpoint
        endpoint.aliases = aliases
        endpoint.temperature = temperature
        endpoint.maxOutputTokens = maxOutputTokens
        endpoint.limits.total = timeout
        endpoint.limits.silence = idleTimeout
        return endpoint
    }

    private static func noAddress(_ key: String) -> Misconfiguration {
        Misconfiguration(key, "is no address", remedy: "Set it to an address that starts with https:// or http://.")
    }
}

extension ModelEndpoint {
    /// The same endpoint for another of its models.
    func asking(_ name: String, at time: Date) -> ModelEndpoint {
        var endpoint = self
        endpoint.model = aliases[name.lowercased()] ?? name
        guard isOpenAI else { return endpoint }
        if let retired = RetiredModel.named(endpoint.model), retired.isOff(at: time) {
            endpoint.model = retired.successor
        }
        if endpoint.isReasoningModel { endpoint.temperature = nil }
        return endpoint
    }

    fileprivate var isOpenAI: Bool { host == "api.openai.com" || host.hasSuffix(".api.openai.com") }

    /// Sets what depends on whose server it is.
    fileprivate mutating func adapt(to field: LanguageModelSettings.TokenLimitField, at time: Date, _ logger: Logger) {
        tokenLimitField =
            switch field {
            case .auto: isOpenAI || host.hasSuffix(".azure.com") ? .maxCompletionTokens : .maxTokens
            case .maxTokens: .maxTokens
            case .maxCompletionTokens: .maxCompletionTokens
            }
        guard isOpenAI else { return }
        sendsSafetyIdentifier = true
        if let retired = RetiredModel.named(model) {
            if retired.isOff(at: time) {
                logger.warning(
                    "A model is switched off and its successor is used instead",
                    metadata: ["model": "\(model)", "successor": "\(retired.successor)", "setting": "\(names.model)"])
                model = retired.successor
            } else {
                logger.warning(
                    "A model will be switched off",
                    metadata: ["model": "\(model)", "day": "\(retired.day)", "successor": "\(retired.successor)"])
            }
        }
        if temperature != nil, isReasoningModel {
            logger.warning("TEMPERATURE is not sent: the model refuses it", metadata: ["model": "\(model)"])
            temperature = nil
        }
    }

    /// Models that refuse a temperature. Source: OpenAI, guide "Reasoning models".
    private var isReasoningModel: Bool {
        let name = model.lowercased()
        if name.hasPrefix("o"), name.dropFirst().first?.isNumber == true { return true }
        guard name.hasPrefix("gpt-"), let generation = Int(name.dropFirst(4).prefix(while: \.isNumber)) else {
            return false
        }
        return generation >= 5
    }
}
