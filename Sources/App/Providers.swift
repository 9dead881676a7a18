import AsyncHTTPClient
import BotCore
import BotKit
import Foundation
import Logging
import Providers

/// What providers are made of.
struct ProviderParts: Sendable {
    let settings: ProductSettings
    let home: Home
    let inbox: any Inbox
    let reports: any DeliveryReports
    let database: any Database
    let personalData: [PersonalData]
    let http: HTTPClient
    let time: any TimeSource
    let logger: Logger
    let console: ConsoleOptions?
    let manualTime: ManualTime?
    /// Whether nothing is left to do, and nothing waits for a time before the one given.
    let isIdle: @Sendable (Date) async -> Bool
}

/// The message networks: a line each.
struct ProductProviders: Sendable {
    /// The tables that networks own, whether they are configured or not.
    static let features: [any Feature.Type] = [WhatsAppCloudTables.self]

    var all: [any MessageProvider] = []
    var webhooks: [any WebhookEndpoint] = []

    static func make(_ parts: ProviderParts) throws -> ProductProviders {
        var providers = ProductProviders()
        if let console = parts.console { providers.all.append(try ConsoleProvider(console, parts)) }
        if parts.settings.cloud.isConfigured { try providers.addCloud(parts) }
        return providers
    }
}
