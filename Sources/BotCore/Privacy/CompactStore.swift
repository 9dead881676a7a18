import BotKit
import Foundation

/// Rewrites the store, so that no byte is left of what was erased.
struct CompactStore: Job {
    static let kind = "privacy.compact"
}

/// Asks the store to do so.
struct CompactStoreHandler: JobHandler {
    let maintenance: any DatabaseMaintenance
    let concurrency = 1

    func run(_ work: CompactStore, at time: Date) async throws -> JobOutcome {
        try await maintenance.compact()
        return .done
    }
}
