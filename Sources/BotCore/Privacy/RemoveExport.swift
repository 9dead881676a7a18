import BotKit
import Foundation

/// Removes the file of an export when it was sent.
struct RemoveExport: Job {
    static let kind = "privacy.export_end"
    var export: Int64
}

/// Waits until nothing in the member's chat waits to be sent, for a day at most.
struct RemoveExportHandler: JobHandler {
    let database: any Database
    let export: DataExport

    func run(_ work: RemoveExport, at time: Date) async throws -> JobOutcome {
        let row = try await database.rows("SELECT chat, made_at FROM data_export WHERE id = \(work.export)").first
        if let row, let madeAt = try row.optionalDate("made_at"), time < madeAt.addingTimeInterval(86_400) {
            let isWaiting = try await !database.rows(
                """
                SELECT 1 AS one FROM outbox WHERE chat = \(try row.id("chat", as: ChatID.self))
                    AND state IN ('queued', 'sending', 'parked') AND created_at >= \(madeAt) LIMIT 1
                """
            ).isEmpty
            if isWaiting { return .again(after: .seconds(60)) }
        }
        export.remove(work.export)
        return .done(writes: ["UPDATE data_export SET file = NULL WHERE id = \(work.export)"])
    }
}
