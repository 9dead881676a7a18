import BotKit
import Foundation
import Logging
import ServiceLifecycle

/// What was raised in a worker, for the bot to tell: it knows what was told already, and it alone sends.
struct PassAlertsOn: Job {
    static let kind = "core.alerts"
    var news: [AlertNews]
}

/// Lays it down as if it had been raised here.
struct PassAlertsOnHandler: JobHandler {
    /// `nil` where the log is all there is.
    let mailbox: AlertMailbox?

    func run(_ work: PassAlertsOn, at time: Date) async throws -> JobOutcome {
        mailbox?.put(work.news)
        return .done
    }
}

/// Stores what is raised in a worker as a job of the bot.
actor AlertCourier: Service {
    private let mailbox: AlertMailbox
    private let database: any Database
    private let ids: RowIDs
    private let time: any TimeSource
    private let logger: Logger
    /// What was taken up and is not stored.
    private var pending: [AlertNews] = []
    private static let pause = Duration.seconds(5)

    init(mailbox: AlertMailbox, database: any Database, ids: RowIDs, time: any TimeSource, logger: Logger) {
        self.mailbox = mailbox
        self.database = database
        self.ids = ids
        self.time = time
        self.logger = logger
    }

    func run() async throws { await mailbox.attend(time) { await self.pass() } }

    /// - Returns: when to try again.
    private func pass() async -> Date? {
        pending += mailbox.take().prefix(max(0, AlertMailbox.limit - pending.count))
        guard !pending.isEmpty else { return nil }
        let (taken, now) = (pending, time.now)
        do {
            let job = try SQL.enqueue(PassAlertsOn(news: taken), id: ids.next(at: now), at: now)
            try await database.transaction([job])
            pending.removeFirst(taken.count)
            return nil
        } catch {
            if !Task.isCancelled {
                logger.warning("alerts could not be passed on yet", metadata: ["error": "\(error.safeDescription)"])
            }
            return now.adding(Self.pause)
        }
    }
}
