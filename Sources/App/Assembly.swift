import AIServices
import AsyncHTTPClient
import BotCore
import BotKit
import Configuration
import ControlPlane
import Foundation
import Logging
import NIOCore
import Providers
import ServiceLifecycle
import UnixSignals

/// The assembled product: every part made once, in the order in which they depend on each other.
struct Assembly: Sendable {
    /// What differs between `run`, `chat` and the tests.
    struct Options: Sendable {
        /// The terminal as a network; `nil` when there is none.
        var console: ConsoleOptions?
        /// What the HTTP port shows of the metrics; without it the port stays closed.
        var metrics: PrometheusMetrics?
        /// Moves by hand in scripted conversations.
        var manualTime: ManualTime?
        /// Whether only heavy work is done, beside the bot.
        var isWorker = false
    }

    let core: BotCore
    let database: Stores.Store
    /// The parts that run, in the order in which they start; they stop in reverse.
    let services: [ServiceGroupConfiguration.ServiceConfiguration]
    /// The networks that are in use, each once.
    let networks: [ProviderID]
    let shutdown: Duration
    /// Files under way; they go away with the assembly.
    private let files: ProcessFolder
    /// A worker's; it is given back with the assembly.
    private let lane: WorkerLane?

    /// Assembles the product and runs it until it is asked to stop.
    static func run(
        home: Home, settings: ProductSettings, logger: Logger, options: Options,
        onStart: @Sendable (_ networks: [ProviderID]) -> Void = { _ in }
    ) async throws {
        let clients = HTTPClients(settings)
        let result: Result<Void, any Error>
        do {
            let assembly = try await make(
                home: home, settings: settings, clients: clients, logger: logger, options: options)
            onStart(assembly.networks)
            try await assembly.run(logger: logger)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await clients.shutdown()
        try result.get()
    }

    /// Opens the store, brings its schema up to date, and connects the parts.
    private static func make(
        home: Home, settings: ProductSettings, clients: HTTPClients, logger: Logger, options: Options
    ) async throws -> Assembly {
        let time: any TimeSource = options.manualTime ?? SystemTime()
        let isWorker = options.isWorker
        let lane = isWorker ? try WorkerLane(in: home) : nil
        let ids = RowIDs(lane: lane?.number ?? 0)
        let directory = ProviderDirectory(settings: ProductProviders.accountSettings)
        let probe = try LanguageModels.probe(settings.model, http: clients.model, time: SystemTime(), logger: logger)
        let alarm = alarm(settings, home, clients, time, logger, options)
        // The model's network keeps real time even when the conversation's clock is moved by hand.
        let models = try LanguageModels.make(
            settings.model, http: clients.model, time: SystemTime(),
            prices: try prices(settings.model, home, logger), logger: logger,
            reports: ModelAlerts(logger: logger, mailbox: alarm?.mailbox))
        let measured = MeasuredModel(models, service: "chat")
        let model: any LanguageModel = alarm.map { WatchedModel(measured, outage: $0.outage) } ?? measured

        let store = try isWorker ? Stores.openExisting(home) : Stores.open(home)
        // From here on no other process but workers uses the data folder.
        let files = try home.temporaryFiles(settings.process, logger)
        if !isWorker { _ = MediaFolder.sweep(home.folder.appending(path: "media")) }
        let pseudonyms = try Pseudonyms(home: home.folder)
        // The disk keeps real time even when the conversation's clock is moved by hand.
        let database = WatchedDatabase(
            store, pseudonyms: pseudonyms, time: SystemTime(), logger: logger, mailbox: alarm?.mailbox)
        let phrasebook = try Languages.phrasebook()
        let length = AnswerLength(settings.core.outbox, directory: directory, phrasebook: phrasebook)
        let underWay = RunningJobs()
        let features = ProductFeatures.make(
            FeatureParts(
                settings: settings, model: model, keys: models, modelName: probe.model,
                media: directory, queue: QueueDesk(database: database, running: underWay, time: time),
                audit: AuditArchive(database, pseudonyms: pseudonyms),
                access: AccessLedger(database: database, ids: ids, settings: settings.core.access),
                sessions: AdminSessionStore(database: database, settings: settings.core.access),
                privacy: PrivacyLedger(
                    database: database, ids: ids, settings: settings.core.privacy,
                    personalData: ProductSchema.whole.personalData, directory: directory),
                records: TurnArchive(database), permissions: directory,
                networks: { directory.all.compactMap(\.contacts) },
                providers: { Set(directory.all.map(\.account.provider)) },
                values: RuntimeSettingStore(database: database, ids: ids), languages: phrasebook.languages,
                database: database, ids: ids,
                pseudonym: { pseudonyms.of($0) }, startedAt: time.now,
                shown: { length.shown(of: $0, to: $1) }))
        let migrator = Migrator(database, ProductSchema.whole.migrations, time: time)
        if isWorker {
            try await requireSchema(of: migrator)
        } else {
            let applied = try await migrator.apply()
            if !applied.isEmpty { logger.info("the database is up to date", metadata: ["applied": "\(applied.count)"]) }
        }
        if options.manualTime != nil {
            try await ManualClockCheck(
                database: database, personalData: ProductSchema.whole.personalData,
                networks: ProductProviders.features.flatMap { $0.personalData }
            ).run()
        }
        ids.skip(past: try await BotCore.lastRow(in: database))

        let core = BotCore(
            features: features, personalData: ProductSchema.whole.personalData, directory: directory,
            database: database, settings: settings.core, auditKey: try AuditKey(home: home.folder),
            phrasebook: phrasebook, ids: ids, pseudonyms: pseudonyms, instance: instance(isWorker), time: time,
            logger: logger, exports: home.folder.appending(path: "exports", directoryHint: .isDirectory),
            maintenance: store,
            role: isWorker ? .worker(for: { directory.all.map(\.account) }) : .bot, underWay: underWay, alarm: alarm)
        let providers = try await ProductProviders.make(
            ProviderParts(
                settings: settings, home: home, files: MediaFolder(files), inbox: core.inbox, reports: core.outbox,
                database: database,
                personalData: ProductSchema.whole.personalData, http: clients.network, time: time, logger: logger,
                console: options.console,
                manualTime: options.manualTime, isWorker: isWorker, alerts: alarm?.mailbox,
                isIdle: {
                    // A burst that settles, or a reply that keeps its pace, comes by itself unless the clock stands.
                    let patience = options.manualTime == nil ? Duration.seconds(10) : .zero
                    return await core.isIdle(at: time.now, before: time.now.adding(patience))
                }))
        for provider in providers.all { directory.add(provider) }

        let gauges = CoreGauges(core, directory: directory, logger: logger)
        let control = options.metrics.map { metrics in
            ControlPlaneServer(
                settings: settings.control, metrics: metrics, refresh: { await gauges.update() },
                probes: [
                    ReadinessProbe(name: "whatsapp") { await directory.isConnected },
                    ReadinessProbe(name: "openai") { if case .ok = await probe.reach() { true } else { false } },
                    ReadinessProbe(name: "storage", isShownWhenWell: false) {
                        guard !DiskSpace(of: home.folder).isFull else { return false }
                        return await database.isWritable()
                    },
                ],
                webhooks: providers.webhooks, logger: logger, onForgery: { core.forgeries.note($0) })
        }
        return Assembly(
            core: core, database: store,
            services: isWorker
                ? workerServices(store, core)
                : services(store, core, providers, control, memory(core, logger, options)),
            networks: Array(Set(providers.all.map(\.account.provider))).sorted { $0.rawValue < $1.rawValue },
            shutdown: settings.core.pipeline.shutdown, files: files, lane: lane)
    }

    /// The name under which this process takes jobs. Those that the bot took before a restart are its own at once.
    private static func instance(_ isWorker: Bool) -> String { isWorker ? "worker \(UUID())" : "martlet" }

    /// A worker finds the tables as the bot left them.
    private static func requireSchema(of migrator: Migrator) async throws {
        let pending = try await migrator.pending()
        guard !pending.isEmpty else { return }
        throw Misconfiguration(
            "WORKER_MODE", "needs a database that is up to date; \(pending.count) steps are missing",
            remedy: "Start the bot of this version first.")
    }

    /// Runs until a signal, the end of the terminal's input, or a failure.
    private func run(logger: Logger) async throws {
        defer { files.remove() }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() }))
        configuration.maximumGracefulShutdownDuration = shutdown
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // What still ran at the deadline is in the inbox, and is answered after the next start.
            logger.info("stopped at the deadline; what was not finished is answered after the next start")
            return try await database.close()
        }
        logger.info("stopped")
    }

    private static func services(
        _ database: Stores.Store, _ core: BotCore, _ providers: ProductProviders, _ control: ControlPlaneServer?,
        _ memory: MemoryReturn?
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        // The terminal's end is a wish to stop; another provider's end is not, and is not expected.
        func running(isConnection: Bool) -> [ServiceGroupConfiguration.ServiceConfiguration] {
            providers.all.filter { providers.connections.contains($0.account) == isConnection }
                .map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) }
        }
        let inner: [any Service] = [core.forgeries, core.outbox, core.jobs, core.lanes]
        // What comes over a connection while the lanes are closed is stored, and answered after the next start.
        return [.init(service: database), .init(service: core.audit)] + core.alertServices.map { .init(service: $0) }
            + running(isConnection: true)
            + inner.map { .init(service: $0) }
            + running(isConnection: false)
            + (control.map { [.init(service: $0)] } ?? [])
            + (memory.map { [.init(service: $0)] } ?? [])
    }

    private static func workerServices(
        _ database: Stores.Store, _ core: BotCore
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        [.init(service: database), .init(service: core.audit)] + core.alertServices.map { .init(service: $0) }
            + [.init(service: core.jobs)]
    }

    /// A bot that stays tells its owners, also of what its workers raise; who talks in the terminal reads the log.
    private static func alarm(
        _ settings: ProductSettings, _ home: Home, _ clients: HTTPClients, _ time: any TimeSource,
        _ logger: Logger, _ options: Options
    ) -> Alarming? {
        guard options.metrics != nil || options.isWorker else { return nil }
        let folder = home.folder
        return Alarming(
            mailbox: AlertMailbox(time: time), settings: settings.core.alerts,
            poster: HTTPWebhookPoster(http: clients.network),
            // The bot looks at the world; a worker passes on what happens to it.
            world: options.isWorker ? nil : ConditionWatch.World(freePercent: { DiskSpace(of: folder).freePercent }),
            logger: logger)
    }

    /// A bot that stays gives memory back; a conversation in the terminal is over before it matters.
    private static func memory(_ core: BotCore, _ logger: Logger, _ options: Options) -> MemoryReturn? {
        guard options.metrics != nil else { return nil }
        let time = SystemTime()
        return MemoryReturn(time: time, logger: logger) { await core.isIdle(at: time.now, before: time.now) }
    }

    private static func prices(
        _ settings: LanguageModelSettings, _ home: Home, _ logger: Logger
    ) throws -> PriceBook {
        let now = SystemTime().now
        if let path = settings.priceFile {
            return try PriceBook(
                URL(filePath: path), named: "PRICE_FILE", mayBeMissing: false, at: now, logger: logger)
        }
        let own = home.file("prices.json")
        return try PriceBook(own, named: own.lastPathComponent, mayBeMissing: true, at: now, logger: logger)
    }
}

/// The HTTP clients of the process; each outside has rules of its own for redirects and compression.
struct HTTPClients: Sendable {
    let model: HTTPClient
    let network: HTTPClient

    init(_ settings: ProductSettings) {
        model = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: LanguageModels.clientConfiguration(for: settings.model))
        network = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: WhatsAppCloudNetwork.httpClientConfiguration)
    }

    /// Closes all connections; both are closed even when one complains.
    func shutdown() async throws {
        async let first: Void = model.shutdown()
        async let second: Void = network.shutdown()
        _ = try await (first, second)
    }
}

/// All tables of the product.
struct ProductSchema: Sendable {
    let migrations: [Migration]
    let personalData: [PersonalData]

    static let whole = ProductSchema(of: ProductFeatures.types + ProductProviders.features)

    private init(of features: [any Feature.Type]) {
        migrations = CoreSchema.migrations + features.flatMap { $0.migrations }
        personalData = CoreSchema.personalData + features.flatMap { $0.personalData }
    }
}

extension ProviderDirectory {
    /// Whether every account can be reached.
    var isConnected: Bool {
        get async {
            for provider in all where await !provider.isConnected { return false }
            return !all.isEmpty
        }
    }
}
