import BotKit
import Foundation
import Logging

/// Gives up replies whose member has not written for so long that retention would soon remove them unseen.
struct GiveUpParked: Job {
    static let kind = "core.parked"
}

/// Makes them dead letters, in small batches, with one alert for all.
struct GiveUpParkedHandler: JobHandler {
    let database: any Database
    /// How long a reply may be parked, counted from when it was written; zero is for ever.
    let maxAge: Duration
    let alerts: OperatorAlerts
    let concurrency = 1
    private static let batch = 500
    /// How the keys of alerts to owners begin.
    static let alertPrefix = "alert."

    func run(_ work: GiveUpParked, at time: Date) async throws -> JobOutcome {
        guard maxAge > .zero else { return .done }
        let limit = time.adding(maxAge * -1)
        // Nobody misses old alerts, and least of all is that worth another one.
        try await database.run(
            """
            UPDATE outbox SET state = 'dead', problem = \(ErrorCode.expired.label)
            WHERE state = 'parked' AND unique_key LIKE \("\(Self.alertPrefix)%") AND created_at < \(limit)
            """)
        var count = 0
        while true {
            let buried = try await database.run(
                """
                UPDATE outbox SET state = 'dead', problem = 'parked_too_long' WHERE state = 'parked' AND id IN (
                    SELECT id FROM outbox WHERE state = 'parked' AND created_at < \(limit)
                    ORDER BY created_at LIMIT \(Self.batch))
                """)
            count += buried
            if buried < Self.batch { break }
        }
        if count > 0 {
            alerts.raise(
                "dead_letter", "replies are given up whose members did not write again",
                ["code": "parked_too_long", "count": "\(count)"])
        }
        return .done
    }
}
