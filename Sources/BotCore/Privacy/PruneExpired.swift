import BotKit
import Foundation

/// Removes what was kept for as long as it was declared to be kept.
struct PruneExpired: Job {
    static let kind = "core.prune"
}

/// Does so for every table that declared personal data, in small batches.
struct PruneExpiredHandler: JobHandler {
    let database: any Database
    let personalData: [PersonalData]
    let concurrency = 1
    /// Rows a statement removes at most, so that the writer is soon free again.
    private static let batch = 500

    func run(_ work: PruneExpired, at time: Date) async throws -> JobOutcome {
        for data in personalData {
            guard case .days(let days) = data.keeping, let column = data.time else { continue }
            let limit = time.addingTimeInterval(-86_400 * Double(days))
            let kept: SQL = data.unless.map { " AND NOT (\($0))" } ?? ""
            while try await database.run(
                """
                DELETE FROM \(name: data.table) WHERE \(name: column) < \(limit)\(kept) AND \(name: column) IN (
                    SELECT \(name: column) FROM \(name: data.table)
                    WHERE \(name: column) < \(limit)\(kept) ORDER BY \(name: column) LIMIT \(Self.batch))
                """) > 0
            {
                try Task.checkCancellation()
            }
        }
        return .done
    }
}
