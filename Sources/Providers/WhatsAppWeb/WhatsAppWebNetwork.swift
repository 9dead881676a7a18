public import BotKit
public import Foundation
public import Logging
public import WhatsAppWeb

/// The linked accounts of WhatsApp, assembled.
public struct WhatsAppWebNetwork: Sendable {
    /// The network's name in the names of its accounts.
    public static let provider = MemberID.webNetwork
    /// What brings an account back that is no longer there.
    public static let accountSetting = "martlet link"

    /// What the metrics of this network count, by the name as it is shown.
    public static let metricMeanings = [
        "web_events_total": "What came over linked accounts, by kind.",
        "web_strangers_refused_total": "Replies to chats that never wrote to the account, which were not sent.",
    ]

    /// One account with what stands behind it, before it is connected.
    public struct Line: Sendable {
        public let account: AccountID
        public let store: DatabaseWebStore
        /// Not running yet.
        public let client: WebClient
        let reader: WebReader
    }

    private let settings: WhatsAppWebSettings
    private let database: any Database
    private let folder: URL
    private let inbox: any Inbox
    private let reports: any DeliveryReports
    private let personalData: [PersonalData]
    private let time: any TimeSource
    private let logger: Logger
    private let files: MediaFolder
    private let transcoder: MediaTranscoder?
    private let metrics: WebMetrics

    /// - Parameters:
    ///   - folder: the data folder, for the key file and what tells that the database is an old one.
    ///   - personalData: of all tables of the product: when two names turn out to be one person's, it all moves.
    ///   - files: the folder for files under way.
    ///   - searchPath: where the ffmpeg is looked for that makes voice notes; there may be none.
    ///   - alerts: where the operator hears of them, beside the log.
    public init(
        _ settings: WhatsAppWebSettings, database: any Database, folder: URL, inbox: any Inbox,
        reports: any DeliveryReports, personalData: [PersonalData], time: any TimeSource, logger: Logger,
        files: MediaFolder = MediaFolder(), searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        alerts: (any AlertSink)? = nil
    ) {
        metrics = WebMetrics(alerts: alerts)
        self.settings = settings
        self.database = database
        self.folder = folder
        self.inbox = inbox
        self.reports = reports
        self.personalData = personalData
        self.time = time
        // The client's finest log shows whole stanzas, with numbers in them.
        var logger = logger
        logger.logLevel = max(logger.logLevel, .debug)
        self.logger = logger
        self.files = files
        transcoder = MediaTranscoder(searchPath: searchPath, folder: files, time: time)
    }

    /// The file with the key that seals what the accounts keep.
    public static func keyFile(in folder: URL) -> URL { folder.appending(path: "web.key") }
    /// The accounts that are linked; each runs as a service.
    /// - Throws: `Misconfiguration`, `DatabaseError`.
    public func providers() async throws -> [WhatsAppWebProvider] {
        guard settings.isOn else { return [] }
        if settings.hasForeignRoot {
            logger.warning(
                """
                the server of WhatsApp must prove itself with a foreign key: whoever runs it reads everything. This is \
                for emulators only
                """, metadata: ["setting": "WHATSAPP_WEB_ROOT"])
        }
        let linked = try await WebAccounts(database).all().filter { $0.state == .linked }
        let names = linked.map(\.id)
        var providers: [WhatsAppWebProvider] = []
        for account in names { providers.append(provider(over: try await open(account: account, among: names))) }
        return providers
    }

    /// Opens what an account keeps, also of one that is not linked yet.
    /// - Parameter linksByCodeTo: the phone number to link by a code; `nil` for QR codes.
    /// - Throws: `Misconfiguration`, `DatabaseError`.
    public func open(account: AccountID, linksByCodeTo: String? = nil) async throws -> Line {
        let others = try await WebAccounts(database).all().map(\.id)
        return try await open(
            account: account, among: others.contains(account) ? others : others + [account],
            linksByCodeTo: linksByCodeTo)
    }

    private func open(
        account: AccountID, among accounts: [AccountID], linksByCodeTo: String? = nil
    ) async throws -> Line {
        var logger = logger
        logger[metadataKey: "account"] = .own(account.rawValue)
        let reader = WebReader(
            account: account, database: database,
            users: WebUserDirectory(database: database, personalData: personalData, accounts: accounts),
            chats: WebChatBook(database: database), recent: RecentMessages(), time: time, logger: logger,
            metrics: metrics, takesNotes: settings.takesNotes)
        let metrics = metrics
        let store = try await DatabaseWebStore.open(
            account: account, database: database, keyFile: try WebKeyFile.loadOrMake(at: Self.keyFile(in: folder)),
            witnessFolder: folder, inbox: inbox, reports: reports, time: time, logger: logger,
            alerting: { metrics.databaseIsOld(for: $0) }
        ) { try await reader.read($0) }
        let client = WebClient(
            settings: settings.client(linksByCodeTo: linksByCodeTo, files: files), store: store, logger: logger)
        return Line(account: account, store: store, client: client, reader: reader)
    }

    private func provider(over line: Line) -> WhatsAppWebProvider {
        var logger = logger
        logger[metadataKey: "account"] = .own(line.account.rawValue)
        return WhatsAppWebProvider(
            account: line.account, abilities: settings.abilities, client: line.client, store: line.store,
            settings: settings,
            state: WebAccountState(), users: line.reader.users, chats: line.reader.chats, polls: line.reader.polls,
            recent: line.reader.recent, inbox: inbox, transcoder: transcoder, logger: logger, metrics: metrics,
            time: time)
    }
}
