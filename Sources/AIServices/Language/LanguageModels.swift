public import AsyncHTTPClient
public import BotKit
import Foundation
public import Logging
import NIOCore

/// Makes the language model that the settings describe.
public enum LanguageModels {
    /// The models in the order in which they are asked, as one.
    ///
    /// - Parameters:
    ///   - http: should be made with `clientConfiguration(for:)`.
    ///   - prices: the built-in ones, or those of the operator's file.
    ///   - reports: hears how each endpoint does.
    /// - Throws: `Misconfiguration` when a key is missing.
    public static func make(
        _ settings: LanguageModelSettings, http: HTTPClient, time: any TimeSource, prices: PriceBook, logger: Logger,
        reports: (any ModelReports)? = nil
    ) throws -> any LanguageModel & ReplaceableKeys {
        let calls = try calls(settings, http: http, time: time, prices: prices, logger: logger)
        let models = calls.enumerated().map { place, call in
            RetryingModel(
                call: call, place: place, keys: KeyPool(call.endpoint.keys),
                rule: RetryRule(retries: settings.maxRetries), time: time, logger: logger, reports: reports)
        }
        return ModelChain(models: models, total: settings.totalTimeout, time: time, logger: logger)
    }

    /// Whether every model that the settings name can be asked, as far as that shows without asking.
    /// - Throws: `Misconfiguration` when a key is missing.
    public static func check(_ settings: LanguageModelSettings) throws {
        _ = try settings.endpoints(at: Date(), logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Looks whether the first model can be reached, for `doctor` and readiness.
    /// - Throws: `Misconfiguration` when a key is missing.
    public static func probe(
        _ settings: LanguageModelSettings, http: HTTPClient, time: any TimeSource, logger: Logger
    ) throws -> ModelProbe {
        let prices = PriceBook(try PriceList.builtIn())
        guard let call = try calls(settings, http: http, time: time, prices: prices, logger: logger).first else {
            throw Defect("model: there is no endpoint")
        }
        return ModelProbe(call: call)
    }

    /// How the HTTP client for models should be made: no redirects, no compression (so that sizes are what they
    /// seem), and as many connections as there are answers being written.
    public static func clientConfiguration(for settings: LanguageModelSettings) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(settings.connectTimeout)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        return configuration
    }

    private static func calls(
        _ settings: LanguageModelSettings, http: HTTPClient, time: any TimeSource, prices: PriceBook, logger: Logger
    ) throws -> [ModelCall] {
        let accounting = UsageAccounting(prices: prices, counter: TokenEstimate(), time: time)
        return try settings.endpoints(at: time.now, logger: logger).map { endpoint, provider in
            let dialect: any ChatDialect = provider == .anthropic ? AnthropicMessages() : OpenAIChat()
            return ModelCall(endpoint: endpoint, dialect: dialect, http: http, accounting: accounting, logger: logger)
        }
    }
}
