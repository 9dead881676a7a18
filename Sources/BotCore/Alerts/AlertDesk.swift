import BotKit
import Foundation
import Logging
public import ServiceLifecycle

/// Takes alerts up from the mailbox and tells the owners and the webhook: what is told, and that it was, is stored in
/// one transaction, and goes out by the outbox and the jobs.
public actor AlertDesk: Service {
    private let mailbox: AlertMailbox
    private let store: AlertStore
    private let contacts: AlertContacts
    private let deliveries: DeliveryDesk
    private let jobs: JobRunner
    private let settings: AlertSettings
    private let pseudonyms: Pseudonyms
    /// That of the webhook's texts.
    private let language: Language
    private let logger: Logger
    private var ledger: AlertLedger
    private var isLoaded = false
    /// What was taken up and is not decided.
    private var pending: [AlertNews] = []
    private static let pause = Duration.seconds(5)

    init(
        mailbox: AlertMailbox, contacts: AlertContacts, deliveries: DeliveryDesk, jobs: JobRunner,
        settings: AlertSettings, pseudonyms: Pseudonyms, language: Language, logger: Logger
    ) {
        self.mailbox = mailbox
        store = AlertStore(database: deliveries.database)
        self.contacts = contacts
        self.deliveries = deliveries
        self.jobs = jobs
        self.settings = settings
        self.pseudonyms = pseudonyms
        self.language = language
        self.logger = logger
        ledger = AlertLedger(
            repeatAfter: settings.repeatAfter, perHour: settings.perHour, maxAge: settings.maxAge)
    }

    private var time: any TimeSource { deliveries.time }

    /// Tells what is raised until shutdown; what is raised during that is stored, and told after the next start.
    public func run() async throws { await mailbox.attend(time) { await self.tell() } }

    /// Whether nothing is left to tell now.
    var isIdle: Bool { isLoaded && pending.isEmpty }

    /// - Returns: when to look again, if not before.
    func tell() async -> Date? {
        pending += mailbox.take().prefix(max(0, AlertMailbox.limit - pending.count))
        do {
            if !isLoaded {
                ledger = try await store.load(into: ledger)
                isLoaded = true
            }
            try await decide()
            return ledger.nextDue(at: time.now)
        } catch {
            // The alert itself stands in the log; what it is about may well be why it cannot be stored.
            if !Task.isCancelled {
                logger.warning("alerts could not be told yet", metadata: ["error": "\(error.safeDescription)"])
            }
            return time.now.adding(Self.pause)
        }
    }

    private func decide() async throws {
        let now = time.now
        let taken = pending
        var next = ledger
        var messages = taken.compactMap { next.take($0, at: now) }
        messages += next.due(at: now)
        guard next != ledger || !messages.isEmpty else {
            pending.removeFirst(taken.count)
            return
        }
        var parcel = DeliveryDesk.Parcel()
        var statements = try AlertStore.statements(from: ledger, to: next)
        for message in messages { try await add(message, to: &parcel, &statements, at: now) }
        try await store.database.transaction(statements + parcel.statements)
        ledger = next
        pending.removeFirst(taken.count)
        await deliveries.send(parcel)
        if !messages.isEmpty, settings.webhook != nil { await jobs.wake() }
    }

    private func add(
        _ message: AlertMessage, to parcel: inout DeliveryDesk.Parcel, _ statements: inout [SQL], at now: Date
    ) async throws {
        let words = AlertWords(message: message)
        let end = settings.maxAge > .zero ? message.news.at.adding(settings.maxAge) : .distantFuture
        if settings.usesChat {
            for contact in try await contacts.all(at: now)
            // An account that is gone, or in the very trouble, is no way to tell of it.
            where deliveries.directory.provider(of: contact.chat) != nil
                && (message.news.isEnd || message.news.subject != contact.chat.account.rawValue)
            {
                let one = try deliveries.parcel(
                    [Reply(.words(.lines(words.lines)), quotes: false)], to: contact.chat, in: contact.language,
                    quoting: nil, key: key(of: message, to: contact.chat), validUntil: end)
                parcel.items += one.items
                parcel.statements += one.statements
            }
        }
        if settings.webhook != nil {
            let text = words.lines.dropLast().map { deliveries.phrasebook.string($0, in: language) }
            let post = try AlertPost(
                message, saying: text.joined(separator: "\n"), from: settings.instance, validFor: settings.maxAge)
            statements.append(try SQL.enqueue(post, id: deliveries.ids.next(at: now), at: now))
        }
    }

    /// Says once what is told once; what is parked is known by its beginning.
    private func key(of message: AlertMessage, to chat: ChatID) -> String {
        let news = message.news
        return GiveUpParkedHandler.alertPrefix
            + "\(news.kind).\(news.reference).\(news.isEnd).\(message.toldAt.milliseconds).\(pseudonyms.of(chat))"
    }
}
