public import BotKit
public import Configuration
public import Foundation

/// Which model answers, where, and within what limits.
///
/// Keys: `LLM_PROVIDER`, `OPENAI_API_KEY`, `OPENAI_API_KEYS`, `OPENAI_BASE_URL`, `OPENAI_GPT_MODEL`,
/// `OPENAI_ORGANIZATION`, `OPENAI_PROJECT`, `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL`, `ANTHROPIC_MODEL`,
/// `MODEL_ALIASES`, `LLM_FALLBACKS` and the keys that it names, `MAX_OUTPUT_TOKENS`, `MAX_OUTPUT_TOKENS_FIELD`,
/// `TEMPERATURE`, `OPENAI_TIMEOUT`, `OPENAI_IDLE_TIMEOUT`, `OPENAI_CONNECT_TIMEOUT`, `LLM_TIMEOUT`,
/// `OPENAI_MAX_RETRIES`, `PRICE_FILE`.
public struct LanguageModelSettings: SettingsGroup {
    public enum Provider: String, Sendable, CaseIterable { case openai, anthropic }
    /// The field in which an OpenAI-compatible server is told the most tokens of an answer.
    public enum TokenLimitField: String, Sendable, CaseIterable {
        case auto
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }

    public static let title = "Language model"

    public var provider: Provider
    /// The pool of keys; empty when the server wants none.
    public var openAIKeys: [String]
    public var openAIBaseURL: URL?
    public var openAIModel: String
    public var organization: String?
    public var project: String?
    public var anthropicKey: String?
    public var anthropicBaseURL: URL?
    public var anthropicModel: String
    /// Names that stand for models, lower case.
    public var aliases: [String: String]
    public var fallbacks: [ModelFallback]
    /// `nil` leaves it to the server.
    public var maxOutputTokens: Int?
    public var tokenLimitField: TokenLimitField
    public var temperature: Double?
    public var timeout: Duration
    public var idleTimeout: Duration
    public var connectTimeout: Duration
    public var totalTimeout: Duration
    public var maxRetries: Int
    /// A file whose prices win over the built-in ones.
    public var priceFile: String?

    /// - Throws: `Misconfiguration`.
    public init(_ config: ConfigReader) throws {
        provider = try config[Keys.provider]
        let pool = try config[Keys.openAIKeys]
        openAIKeys = try pool.isEmpty ? [config[Keys.openAIKey]].compactMap(\.self) : pool
        openAIBaseURL = try config[Keys.openAIBaseURL]
        openAIModel = try config[Keys.openAIModel]
        organization = try config[Keys.organization]
        project = try config[Keys.project]
        anthropicKey = try config[Keys.anthropicKey]
        anthropicBaseURL = try config[Keys.anthropicBaseURL]
        anthropicModel = try config[Keys.anthropicModel]
        aliases = try config[Keys.aliases]
        fallbacks = try config[Keys.fallbacks]
        for index in fallbacks.indices {
            guard let name = fallbacks[index].keyVariable else { continue }
            guard let key = try config[Keys.fallbackKey(in: name)] else {
                throw Misconfiguration(
                    name, "is not set, but LLM_FALLBACKS names it",
                    remedy: "Set \(name) to the key of that server, or take it out of LLM_FALLBACKS.")
            }
            fallbacks[index].key = key
        }
        let tokens = try config[Keys.maxOutputTokens]
        maxOutputTokens = tokens == 0 ? nil : tokens
        tokenLimitField = try config[Keys.tokenLimitField]
        temperature = try config[Keys.temperature]
        timeout = try config[Keys.timeout]
        idleTimeout = try config[Keys.idleTimeout]
        connectTimeout = try config[Keys.connectTimeout]
        totalTimeout = try config[Keys.totalTimeout]
        maxRetries = try config[Keys.maxRetries]
        priceFile = try config[Keys.priceFile]
    }

    /// The model that `name` stands for; a name that is no alias stands for itself.
    public func model(named name: String) -> String { aliases[name.lowercased()] ?? name }
}

/// A further endpoint, asked when the ones before it cannot answer.
///
/// Written `address|model`, `address|model|KEY_VARIABLE` or `address|model|KEY_VARIABLE|openai` (or `anthropic`), for
/// example `https://api.groq.com/openai/v1|llama-3.3-70b-versatile|GROQ_API_KEY`. The key stands in the variable, so
/// that the list itself holds no secret; it may be left empty.
public struct ModelFallback: Sendable, Hashable {
    public var baseURL: URL
    public var model: String
    /// The environment variable that holds the key.
    public var keyVariable: String?
    public var key: String?
    public var provider: LanguageModelSettings.Provider

    /// Reads the written form; `nil` when it has another shape.
    public init?(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard (2...4).contains(parts.count), let url = URL(string: parts[0]), let host = url.host(),
            ["http", "https"].contains(url.scheme ?? ""), !parts[1].isEmpty
        else { return nil }
        baseURL = url
        model = parts[1]
        if parts.count > 2, !parts[2].isEmpty {
            guard parts[2].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else { return nil }
            keyVariable = parts[2]
        }
        if parts.count > 3 {
            guard let provider = LanguageModelSettings.Provider(rawValue: parts[3].lowercased()) else { return nil }
            self.provider = provider
        } else {
            provider = host.lowercased() == "api.anthropic.com" ? .anthropic : .openai
        }
    }
}
