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
    /// The folder for files under way.
    let files: MediaFolder
    let inbox: any Inbox
    let reports: any DeliveryReports
    let database: any Database
    let personalData: [PersonalData]
    let http: HTTPClient
    let time: any TimeSource
    let logger: Logger
    let console: ConsoleOptions?
    let manualTime: ManualTime?
    /// Whether this process has no connection of its own.
    let isWorker: Bool
    /// Where the operator hears of alerts, beside the log.
    let alerts: (any AlertSink)?
    /// Whether nothing is left to do by now.
    let isIdle: @Sendable () async -> Bool
}

/// The message networks: a line each.
struct ProductProviders: Sendable {
    /// The tables that networks own, whether they are configured or not.
    static let features: [any Feature.Type] = [
        WhatsAppCloudTables.self, WebTables.self, WhatsAppWebChatTables.self,
    ]

    /// By which setting the accounts of each network are configured.
    static let accountSettings: [ProviderID: String] = [
        WhatsAppCloudNetwork.provider: WhatsAppCloudNetwork.accountSetting,
        WhatsAppWebNetwork.provider: WhatsAppWebNetwork.accountSetting,
        ConsoleProvider.account.provider: "MARTLET_TERMINAL, or martlet chat",
    ]

    var all: [any MessageProvider] = []
    var webhooks: [any WebhookEndpoint] = []
    /// Those whose connection carries what we send, so that it must outlive the outbox.
    var connections: Set<AccountID> = []

    static func make(_ parts: ProviderParts) async throws -> ProductProviders {
        var providers = ProductProviders()
        if let options = parts.console {
            providers.all.append(
                try ConsoleProvider(
                    options: options, inbox: parts.inbox, time: parts.time, clock: parts.manualTime,
                    history: parts.home.file("chat_history"), isIdle: parts.isIdle))
        }
        if parts.settings.cloud.isConfigured {
            let network = try WhatsAppCloudNetwork(
                parts.settings.cloud, database: parts.database, inbox: parts.inbox, reports: parts.reports,
                personalData: parts.personalData, http: parts.http, time: parts.time, logger: parts.logger,
                files: parts.files, alerts: parts.alerts)
            providers.all += network.providers
            providers.webhooks.append(network.webhook)
        }
        // A linked account has one connection, which is the bot's.
        if parts.settings.web.isOn, !parts.isWorker {
            let accounts = try await WhatsAppWebNetwork(
                parts.settings.web, database: parts.database, folder: parts.home.folder, inbox: parts.inbox,
                reports: parts.reports, personalData: parts.personalData, time: parts.time, logger: parts.logger,
                files: parts.files, alerts: parts.alerts
            ).providers()
            providers.all += accounts
            providers.connections = Set(accounts.map(\.account))
        }
        return providers
    }
}
