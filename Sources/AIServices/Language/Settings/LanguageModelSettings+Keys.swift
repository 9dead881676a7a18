public import BotKit
public import Configuration
import Foundation

extension LanguageModelSettings {
    enum Keys {
        static let provider = Setting<Provider>.choice(
            "LLM_PROVIDER", default: .openai,
            "Which API the first model speaks: OpenAI's, as nearly all servers do, or Anthropic's own.")
        static let openAIKey = Setting.secret(
            "OPENAI_API_KEY", "The key of the server at OPENAI_BASE_URL. Local servers need none.")
        static let openAIKeys = Setting.list(
            "OPENAI_API_KEYS", secret: true,
            "Several keys, used in turn; a key that is refused or has reached its limit rests. "
                + "Wins over OPENAI_API_KEY."
        )
        static let openAIBaseURL = Setting.url(
            "OPENAI_BASE_URL", default: "https://api.openai.com/v1",
            "The address of an OpenAI-compatible server, up to and with /v1; for Ollama http://localhost:11434/v1.")
        static let openAIModel = Setting.text(
            "OPENAI_GPT_MODEL", default: "gpt-5.4-mini", "The model that answers, by the server's name or an alias.")
        static let organization = Setting.text(
            "OPENAI_ORGANIZATION", "Sent as OpenAI-Organization, for keys that belong to several.")
        static let project = Setting.text("OPENAI_PROJECT", "Sent as OpenAI-Project, for keys that belong to several.")
        static let anthropicKey = Setting.secret(
            "ANTHROPIC_API_KEY", "The key of Anthropic's API, for LLM_PROVIDER=anthropic.")
        static let anthropicBaseURL = Setting.url(
            "ANTHROPIC_BASE_URL", default: "https://api.anthropic.com", "The address of Anthropic's API.")
        static let anthropicModel = Setting.text(
            "ANTHROPIC_MODEL", default: "claude-haiku-4-5", "The model that answers when LLM_PROVIDER is anthropic.")
        static let aliases = Setting<[String: String]>(
            "MODEL_ALIASES", shape: "pairs such as fast=gpt-5.4-mini with commas between", default: [:], written: nil,
            "Short names that may stand where a model's name is asked for."
        ) { text in
            var pairs: [String: String] = [:]
            for pair in text.split(separator: ",") where !pair.allSatisfy(\.isWhitespace) {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
                pairs[parts[0].lowercased()] = parts[1]
            }
            return pairs
        }
        static let fallbacks = Setting<[ModelFallback]>(
            "LLM_FALLBACKS", shape: "address|model|KEY_VARIABLE entries with commas between", default: [],
            written: nil,
            "Further servers, asked in this order when the ones before cannot answer. KEY_VARIABLE names the "
                + "environment variable with the key and may be left out; a fourth part, openai or anthropic, names "
                + "the API."
        ) { text in
            let parts = text.split(separator: ",").filter { !$0.allSatisfy(\.isWhitespace) }
            let fallbacks = parts.compactMap { ModelFallback(String($0)) }
            return fallbacks.count == parts.count ? fallbacks : nil
        }
        /// The key of one further server.
        static func fallbackKey(in name: String) -> Setting<String?> {
            .secret(name, "The key of an entry of LLM_FALLBACKS.")
        }
        static let maxOutputTokens = Setting.integer(
            "MAX_OUTPUT_TOKENS", default: 0, in: 0...1_000_000,
            "The most tokens of one answer, reasoning included; 0 leaves it to the server (4096 with Anthropic).")
        static let tokenLimitField = Setting<TokenLimitField>.choice(
            "MAX_OUTPUT_TOKENS_FIELD", default: .auto,
            "The field that carries MAX_OUTPUT_TOKENS; auto sends max_completion_tokens to OpenAI and Azure, "
                + "max_tokens to all others.")
        static let temperature = Setting<Double?>(
            "TEMPERATURE", shape: "a number from 0 to 2", default: nil, written: nil,
            "How freely the model chooses its words; without it the server decides. Not sent to OpenAI's "
                + "reasoning models, which refuse it."
        ) { text in
            guard let number = Double(text), (0...2).contains(number) else { return nil }
            return number
        }
        static let timeout = Setting.milliseconds(
            "OPENAI_TIMEOUT", default: 120_000, in: 1_000...3_600_000,
            "The longest that one attempt at an answer may take."
        ).neverZero("a silent server would hold its chat")
        static let idleTimeout = Setting.milliseconds(
            "OPENAI_IDLE_TIMEOUT", default: 60_000, in: 100...3_600_000,
            "The longest silence of the server within an attempt, the wait for the first word included."
        ).neverZero("a silent server would hold its chat")
        static let connectTimeout = Setting.milliseconds(
            "OPENAI_CONNECT_TIMEOUT", default: 5_000, in: 100...60_000, "The longest that connecting may take."
        ).neverZero("a silent server would hold its chat")
        static let totalTimeout = Setting.milliseconds(
            "LLM_TIMEOUT", default: 300_000, in: 1_000...3_600_000,
            "The longest that an answer may take with all waits, repetitions and further servers."
        ).neverZero("a silent server would hold its chat")
        static let maxRetries = Setting.integer(
            "OPENAI_MAX_RETRIES", default: 2, in: 0...10,
            "How often a failed attempt is repeated at the same server before the next one is asked. 0 = never.")
        static let priceFile = Setting.text(
            "PRICE_FILE",
            "A JSON file with prices of models, which win over the built-in ones. A change of it holds within a minute."
        )
    }

    /// The keys of further servers.
    public static func settings(namedIn config: ConfigReader) throws -> [SettingDescription] {
        let own = Set(settings.map(\.name))
        let names = try config[Keys.fallbacks].compactMap(\.keyVariable).filter { !own.contains($0) }
        return Set(names).sorted().map { Keys.fallbackKey(in: $0).described }
    }

    /// All settings of this group, for the reference page.
    public static var settings: [SettingDescription] {
        [
            Keys.provider.described, Keys.openAIKey.described, Keys.openAIKeys.described, Keys.openAIBaseURL.described,
            Keys.openAIModel.described, Keys.organization.described, Keys.project.described,
            Keys.anthropicKey.described, Keys.anthropicBaseURL.described, Keys.anthropicModel.described,
            Keys.aliases.described, Keys.fallbacks.described, Keys.maxOutputTokens.described,
            Keys.tokenLimitField.described, Keys.temperature.described, Keys.timeout.described,
            Keys.idleTimeout.described, Keys.connectTimeout.described, Keys.totalTimeout.described,
            Keys.maxRetries.described, Keys.priceFile.described,
        ]
    }
}
