@testable import AIServices
import AsyncHTTPClient
import BotKit
import Configuration
import Foundation
import Logging

extension LanguageModelSettings {
    /// The settings that these environment variables make.
    init(_ variables: [String: String]) throws {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in variables {
            values[AbsoluteConfigKey([name.lowercased()], context: [:])] = ConfigValue(.string(value), isSecret: false)
        }
        try self.init(ConfigReader(provider: InMemoryProvider(values: values)))
    }
}

enum Client {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A model made from environment variables, with a client of its own.
    static func with<Value>(
        _ variables: [String: String], time: any TimeSource = HastyTime(), prices: PriceBook? = nil,
        logger: Logger = logger, reports: (any ModelReports)? = nil,
        _ use: (any LanguageModel) async throws -> Value
    ) async throws -> Value {
        let settings = try LanguageModelSettings(variables)
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: LanguageModels.clientConfiguration(for: settings))
        do {
            let model = try LanguageModels.make(
                settings, http: http, time: time, prices: prices ?? PriceBook(.builtIn()), logger: logger,
                reports: reports)
            let value = try await use(model)
            try await http.shutdown()
            return value
        } catch {
            try await http.shutdown()
            throw error
        }
    }

    static func probe<Value>(_ variables: [String: String], _ use: (ModelProbe) async throws -> Value) async throws
        -> Value
    {
        let settings = try LanguageModelSettings(variables)
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: LanguageModels.clientConfiguration(for: settings))
        do {
            let value = try await use(LanguageModels.probe(settings, http: http, time: HastyTime(), logger: logger))
            try await http.shutdown()
            return value
        } catch {
            try await http.shutdown()
            throw error
        }
    }
}

extension ModelRequest {
    static let hello = ModelRequest(messages: [.init(.system, "Be brief."), .init(.user, "Hello")])
}
