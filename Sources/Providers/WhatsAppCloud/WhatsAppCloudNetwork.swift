public import AsyncHTTPClient
public import BotKit
public import Foundation
public import Logging
import WhatsAppCloud

/// The official API with all its numbers, assembled.
public struct WhatsAppCloudNetwork: Sendable {
    /// The network's name in the names of its accounts.
    public static let provider = CloudUser.provider
    /// The settings that name its accounts.
    public static let accountSetting = "CLOUD_PHONE_NUMBER_ID or CLOUD_NUMBERS"
    /// What its metrics mean, by the name as it is shown.
    public static let metricMeanings = CloudMetrics.meanings

    /// One for each number; each runs as a service.
    public let providers: [WhatsAppCloudProvider]
    /// Where Meta calls us, for all numbers.
    public let webhook: any WebhookEndpoint

    /// - Parameters:
    ///   - personalData: of all tables of the product: when two users turn out to be one person, it all moves.
    ///   - http: must follow no redirects and undo no compression, as `httpClientConfiguration` says.
    ///   - files: the folder for files under way.
    ///   - searchPath: where the ffmpeg is looked for that re-encodes files which Meta refuses; there may be none.
    ///   - alerts: where the operator hears of them, beside the log.
    /// - Throws: `Misconfiguration`.
    public init(
        _ settings: WhatsAppCloudSettings, database: any Database, inbox: any Inbox, reports: any DeliveryReports,
        personalData: [PersonalData], http: HTTPClient, time: any TimeSource, logger: Logger,
        files: MediaFolder = MediaFolder(), searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        alerts: (any AlertSink)? = nil
    ) throws {
        let transcoder = MediaTranscoder(searchPath: searchPath, folder: files, time: time)
        let metrics = CloudMetrics(alerts: alerts)
        let states = settings.numbers.map {
            AccountState(AccountID(provider: CloudUser.provider, name: $0.id.rawValue), time: time)
        }
        let accounts = CloudAccounts(states, table: CloudNumberTable(database: database))
        let users = CloudUserDirectory(
            database: database, personalData: personalData, accounts: states.map(\.account))
        let windows = ServiceWindows(database: database)
        let updates = CloudUpdateTable(database: database)
        providers = try zip(settings.numbers, states).enumerated().map { index, pair in
            let (number, state) = pair
            var logger = logger
            logger[metadataKey: "account"] = .own(state.account.rawValue)
            let token = number.token
            let graph = GraphClient(http: http, configuration: try settings.graph(for: number)) { token }
            let refusedFiles = RefusedFiles()
            let template = WindowTemplate(
                template: settings.template, graph: graph, users: users, windows: windows, holds: settings.holds,
                time: time, logger: logger, metrics: metrics)
            return WhatsAppCloudProvider(
                account: state.account, abilities: settings.abilities, graph: graph, state: state, users: users,
                windows: windows, template: template,
                uploads: UploadedMedia(database: database, account: state.account),
                acknowledgements: AcknowledgementQueue(
                    graph: graph, state: state, pace: settings.acknowledgementPace, time: time, metrics: metrics),
                desk: UpdateDesk(
                    state: state, handlesUnowned: index == 0, accounts: accounts, updates: updates, reports: reports,
                    windowTemplate: template, refusedFiles: refusedFiles, holds: settings.holds, time: time,
                    logger: logger, metrics: metrics),
                health: HealthCheck(
                    graph: graph, state: state, accounts: accounts, holds: settings.holds, time: time, logger: logger,
                    metrics: metrics),
                refusedFiles: refusedFiles, holds: settings.holds, files: files, transcoder: transcoder, logger: logger,
                time: time)
        }
        let (signature, handshake) = try settings.webhookProofs()
        webhook = CloudWebhook(
            signature: signature, handshake: handshake, accounts: accounts, users: users, windows: windows,
            updates: updates, inbox: inbox, desks: providers.map(\.desk), time: time, logger: logger, metrics: metrics)
    }

    /// How the HTTP client for this network is configured.
    public static var httpClientConfiguration: HTTPClient.Configuration { GraphConfiguration.httpClient }
}

extension WhatsAppCloudSettings {
    /// Whether the network can be made of these settings, as far as that shows without asking Meta.
    /// - Throws: `Misconfiguration`.
    public func check() throws {
        guard isConfigured else { return }
        guard numbers.allSatisfy({ $0.token.utf8.allSatisfy { (0x21...0x7E).contains($0) } }) else {
            throw Misconfiguration(
                "CLOUD_ACCESS_TOKEN", "or the token of another number must be printable ASCII without spaces",
                remedy: "Set it as Meta's dashboard shows it.")
        }
        _ = try webhookProofs()
    }

    fileprivate func webhookProofs() throws -> (WebhookSignature, WebhookHandshake) {
        do {
            return (try WebhookSignature(secrets: appSecrets), try WebhookHandshake(verifyToken: verifyToken))
        } catch {
            throw Misconfiguration(
                "CLOUD_APP_SECRET", "or CLOUD_VERIFY_TOKEN is not usable (\(error.description))",
                remedy: "Set both as Meta's dashboard shows them.")
        }
    }

    /// What the API can show, and how fast.
    fileprivate var abilities: Abilities {
        Abilities(
            textLimit: 4096, buttons: 3, listRows: 10, typingLasts: .seconds(25), choosesMessageIDs: false,
            orderWait: orderWait, lostAnswerWait: lostAnswerWait, chatPace: chatPace, accountPace: accountPace,
            documentTypes: Set(MediaFormat.all.filter { $0.kind == .document }.map(\.mimeType)))
    }
}
