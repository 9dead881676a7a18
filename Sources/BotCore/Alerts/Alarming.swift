public import BotKit
public import Logging
import ServiceLifecycle

/// What it takes to tell somebody of alerts, beyond the log.
public struct Alarming: Sendable {
    public let mailbox: AlertMailbox
    /// Posts to the operator's webhook; `nil` where nothing can be posted.
    let poster: (any WebhookPoster)?
    /// Hears how the language model does.
    public let outage: ModelOutage
    let world: ConditionWatch.World?

    /// - Parameter world: what is looked at now and then; `nil` looks at nothing.
    public init(
        mailbox: AlertMailbox, settings: AlertSettings, poster: (any WebhookPoster)?, world: ConditionWatch.World?,
        logger: Logger
    ) {
        self.mailbox = mailbox
        self.poster = poster
        self.world = world
        outage = ModelOutage(
            alerts: OperatorAlerts(pseudonyms: nil, logger: logger, mailbox: mailbox), limit: settings.modelFailures)
    }

    func services(
        _ alerts: OperatorAlerts, _ contacts: AlertContacts, _ desk: DeliveryDesk, _ jobs: JobRunner,
        _ settings: AlertSettings, _ pseudonyms: Pseudonyms, language: Language, _ role: JobRole, _ logger: Logger
    ) -> [any Service] {
        if role.isWorker {
            return [
                AlertCourier(
                    mailbox: mailbox, database: desk.database, ids: desk.ids, time: desk.time, logger: logger)
            ]
        }
        let teller = AlertDesk(
            mailbox: mailbox, contacts: contacts, deliveries: desk, jobs: jobs, settings: settings,
            pseudonyms: pseudonyms, language: language, logger: logger)
        guard let world else { return [teller] }
        let cost = settings.costThreshold.map {
            CostWatch(store: AlertStore(database: desk.database), alerts: alerts, threshold: $0)
        }
        let watch = ConditionWatch(
            directory: desk.directory, alerts: alerts, settings: settings, cost: cost, world: world,
            time: desk.time, logger: logger)
        return [teller, watch]
    }
}
