public import BotKit
public import Foundation
public import Logging
public import ServiceLifecycle

/// The bot, assembled from its parts: what App makes once and runs.
public struct BotCore: Sendable {
    /// Where providers hand over messages.
    public let inbox: MessageInbox
    public let lanes: ChatLanes
    public let outbox: OutboxSender
    public let jobs: JobRunner
    /// Where privileged acts are recorded.
    public let audit: AuditLog
    /// Where refused requests of unknown senders are noted, for the audit.
    public let forgeries: ForgeryRecord
    /// Who tells owners of alerts, and looks for what nobody reports; empty without a mailbox. To be run as services.
    public let alertServices: [any Service]

    /// All settings that the line of a message needs.
    public struct Settings: Sendable {
        public var pipeline: PipelineSettings
        public var outbox: OutboxSettings
        public var jobs: JobSettings
        public var queue: QueueSettings
        public var access: AccessSettings
        public var audit: AuditSettings
        public var privacy: PrivacySettings
        public var limits: LimitSettings
        public var alerts: AlertSettings

        public init(
            pipeline: PipelineSettings, outbox: OutboxSettings, jobs: JobSettings, queue: QueueSettings,
            access: AccessSettings, audit: AuditSettings, privacy: PrivacySettings, limits: LimitSettings,
            alerts: AlertSettings
        ) {
            self.pipeline = pipeline
            self.outbox = outbox
            self.jobs = jobs
            self.queue = queue
            self.access = access
            self.audit = audit
            self.privacy = privacy
            self.limits = limits
            self.alerts = alerts
        }
    }

    /// - Parameters:
    ///   - personalData: what all tables hold about people, for retention, export and erasure.
    ///   - directory: empty at first; providers need `inbox` and are added to it once that is there.
    ///   - pseudonyms: the names of chats in alerts.
    ///   - exports: the folder with files that tables name, made when it is needed; without it nothing can be exported.
    ///   - maintenance: of a store that must be rewritten to lose what was deleted.
    ///   - role: what this process does of the stored work.
    ///   - underWay: the jobs that run here, for those who cancel one.
    ///   - alarm: how the operator hears of alerts; `nil` is by the log alone.
    public init(
        features: [any Feature], personalData: [PersonalData], directory: ProviderDirectory, database: any Database,
        settings: Settings, auditKey: AuditKey,
        phrasebook: Phrasebook, ids: RowIDs, pseudonyms: Pseudonyms, instance: String, time: any TimeSource,
        logger: Logger, exports: URL? = nil, maintenance: (any DatabaseMaintenance)? = nil,
        role: JobRole = .bot, underWay: RunningJobs = RunningJobs(), alarm: Alarming? = nil
    ) {
        let alerts = OperatorAlerts(pseudonyms: pseudonyms, logger: logger, mailbox: alarm?.mailbox)
        let ledger = AccessLedger(database: database, ids: ids, settings: settings.access)
        let admitted = AdmittedMembers(settings.access)
        let store = InboxStore(database: database, ids: ids)
        let outboxStore = OutboxStore(database: database)
        audit = AuditLog(
            database: database, key: auditKey, pseudonyms: pseudonyms, sealEvery: settings.audit.sealEvery, time: time,
            alerts: alerts)
        forgeries = ForgeryRecord(audit: audit, time: time, logger: logger)
        let router = Router(features)
        let stops = StopNotes()
        let counters = SQLCounters(database: database, time: time, naming: { pseudonyms.of($0) })
        outbox = OutboxSender(
            store: outboxStore, directory: directory, settings: settings.outbox, limits: settings.limits, time: time,
            logger: logger, metrics: OutboxMetrics(), alerts: alerts)
        let desk = DeliveryDesk(
            database: database, outbox: outbox, directory: directory, phrasebook: phrasebook,
            splitter: ReplySplitter(maxMessages: settings.outbox.maxMessages),
            menuLifetime: settings.pipeline.menuLifetime, ids: ids, time: time)
        let privacy = PrivacyJobs(
            database: database, personalData: personalData, directory: directory, settings: settings,
            audit: audit, admitted: admitted, phrasebook: phrasebook, ids: ids, files: exports, maintenance: maintenance
        )
        let opener = TurnOpener(
            database: database, inbox: store, outbox: outboxStore, router: router, ledger: ledger,
            admitted: admitted, values: RuntimeSettingStore(database: database, ids: ids),
            settings: settings.pipeline, languages: phrasebook.languages, time: time, stops: stops, alerts: alerts)
        let presence = Presence(
            directory: directory, deliveries: desk, settings: settings.pipeline, time: time, logger: logger)
        let access = AccessGuard(settings: settings.access, ledger: ledger)
        let endings = TurnEndings(logger: logger, metrics: PipelineMetrics())
        let sessions = AdminSessionStore(database: database, settings: settings.access)
        let policy = AccessPolicy(sessions: sessions, admitted: admitted)
        let tokens = SaidTokens(sessions: sessions)
        let queuedTurns = QueuedTurns(
            inbox: store, opener: opener, access: access, policy: policy, tokens: tokens, router: router,
            presence: presence, deliveries: desk,
            endings: endings, ids: ids, time: time)
        let jobStore = JobStore(database: database, owner: instance)
        let handlers: [any JobHandler] =
            [
                GiveUpParkedHandler(database: database, maxAge: settings.outbox.parkedMaxAge, alerts: alerts),
                LookAgainHandler(outbox: outbox),
                PassAlertsOnHandler(mailbox: alarm?.mailbox),
                AlertPostHandler(settings: settings.alerts, poster: alarm?.poster, logger: logger),
                AuditCheckHandler(
                    archive: AuditArchive(database, pseudonyms: pseudonyms), key: auditKey,
                    sealEvery: settings.audit.sealEvery, store: AlertStore(database: database), alerts: alerts),
            ] + privacy.handlers + features.flatMap(\.jobs)
        jobs = JobRunner(
            store: jobStore, role: role,
            handlers: handlers.map { AnyJobHandler($0, desk) } + [queuedTurns.handler(settings.queue)],
            schedules: [
                Schedule("core.parked", cron: "30 1 * * *", job: GiveUpParked()),
                Schedule("core.prune", cron: "0 2 * * *", job: PruneExpired()),
                Schedule("core.audit_check", cron: "10 3 * * *", job: AuditCheck()),
            ] + features.flatMap(\.schedules),
            settings: settings.jobs, queue: settings.queue, deliveries: desk, audit: audit, ids: ids, time: time,
            logger: logger, alerts: alerts, underWay: underWay)
        let contacts = AlertContacts(database: database, ledger: ledger)
        alertServices =
            alarm?.services(
                alerts, contacts, desk, jobs, settings.alerts, pseudonyms, language: settings.pipeline.language, role,
                logger
            ) ?? []
        var guards: [any Guard] = [access]
        if let flood = FloodGuard(settings.limits, counters: counters) { guards.append(flood) }
        if settings.pipeline.maxLength > 0 { guards.append(LengthGuard(limit: settings.pipeline.maxLength)) }
        let pipeline = MessagePipeline(
            database: database, ids: ids,
            opener: opener,
            guards: guards + features.flatMap(\.guards),
            watchers: (alarm != nil && settings.alerts.usesChat ? [contacts] : []) + features.flatMap(\.watchers),
            router: router,
            access: policy, tokens: tokens,
            attempts: AttemptRecord(router: router, counters: counters),
            denials: DenialLimit(counters: counters, logger: logger),
            limit: WorkLimit(counters: counters, settings: settings.limits),
            backlog: BacklogLimit(outbox: outbox, deliveries: desk, settings: settings.limits), audit: audit,
            presence: presence, deliveries: desk, jobs: jobs,
            queue: HeavyQueue(store: jobStore, settings: settings.queue),
            desk: QueueDesk(database: database, running: underWay, time: time), endings: endings,
            // The networks' own tables are moved by the networks.
            move: IdentityMove(
                personalData: CoreSchema.personalData + features.flatMap { type(of: $0).personalData }),
            stops: stops, time: time, logger: logger, metrics: PipelineMetrics())
        lanes = ChatLanes(
            pipeline: pipeline, store: store, settings: settings.pipeline, time: time, logger: logger, alerts: alerts)
        inbox = MessageInbox(store: store, lanes: lanes, outbox: outbox, metrics: PipelineMetrics())
    }

    /// Whether nothing is left to do now, and no message or reply waits for a time before `date`.
    public func isIdle(at now: Date, before date: Date) async -> Bool {
        guard await lanes.isIdle(by: date), await outbox.isIdle(by: date) else { return false }
        return await jobs.isIdle(by: now)
    }

    /// The greatest row number in use, for `RowIDs` to go on from.
    public static func lastRow(in database: any Database) async throws -> Int64 {
        let rows = try await database.rows(
            """
            SELECT MAX(id) AS last FROM (SELECT MAX(id) AS id FROM inbox UNION ALL SELECT MAX(id) AS id FROM outbox
                UNION ALL SELECT MAX(id) AS id FROM job UNION ALL SELECT MAX(id) AS id FROM usage_record
                UNION ALL SELECT MAX(id) AS id FROM access_rule
                UNION ALL SELECT MAX(id) AS id FROM runtime_setting_change) AS t
            """)
        return try rows[0].optionalInt("last") ?? 0
    }
}
