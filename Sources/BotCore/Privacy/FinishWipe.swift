import BotKit
import Foundation

/// Erases the rest of a wipe when its receipt went out: the receipt, the request, and what it took to write to the
/// person.
struct FinishWipe: Job {
    static let kind = "privacy.wipe_end"
    var wipe: Int64
}

/// Waits for the receipt, for a day at most.
struct FinishWipeHandler: JobHandler {
    /// A larger store is rewritten at most once an hour, however many ask to be erased.
    private static let smallStoreBytes: Int64 = 64 << 20

    let database: any Database
    let finder: PersonFinder
    let erasure: Erasure
    let directory: ProviderDirectory
    let admitted: AdmittedMembers
    /// `nil` for a store that needs no rewriting.
    let maintenance: (any DatabaseMaintenance)?
    let ids: RowIDs
    let concurrency = 1

    func run(_ work: FinishWipe, at time: Date) async throws -> JobOutcome {
        guard let wipe = try await StoredWipe.load(work.wipe, from: database), let toldAt = wipe.toldAt else {
            return .done
        }
        if time < toldAt.addingTimeInterval(86_400), try await isUnderWay(wipe, since: toldAt) {
            return .again(after: time < toldAt.addingTimeInterval(60) ? .seconds(1) : .seconds(60))
        }
        let scope = try await finder.scope(wipe.range, of: wipe.member, in: wipe.chat, words: wipe.words)
        try await forget(scope)
        try await erasure.erase(scope, [.record, .address], until: wipe.requestedAt)
        // Who wrote meanwhile was read back.
        try await forget(scope)
        var writes: [SQL] = ["DELETE FROM data_wipe WHERE id = \(wipe.id)"]
        if let maintenance {
            let isSmall = try await maintenance.sizeBytes() <= Self.smallStoreBytes
            writes.append(
                try .enqueue(
                    CompactStore(), id: ids.next(at: time), at: isSmall ? time : time.addingTimeInterval(3_600),
                    key: "store"))
        }
        return .done(writes: writes)
    }

    /// Whether the receipt waits to be sent, or a message of a direct chat for its answer.
    private func isUnderWay(_ wipe: StoredWipe, since time: Date) async throws -> Bool {
        let aboutMember: SQL = wipe.range == .part ? " AND member = \(wipe.member)" : ""
        let waiting: SQL = wipe.range == .person ? "chat = \(wipe.chat) AND state = 'received'" : "1 = 0"
        return try await !database.rows(
            """
            SELECT 1 AS one FROM outbox WHERE chat = \(wipe.chat) AND state IN ('queued', 'sending', 'parked')
                AND created_at >= \(time)\(aboutMember)
            UNION ALL SELECT 1 AS one FROM inbox WHERE \(waiting) LIMIT 1
            """
        ).isEmpty
    }

    private func forget(_ scope: PersonScope) async throws {
        guard scope.range != .part else {
            // The person stays known: only what was said in the group goes.
            for provider in directory.all { try await provider.forget([], in: scope.chats) }
            return
        }
        for provider in directory.all { try await provider.forget(scope.members, in: scope.chats) }
        for member in scope.members { admitted.remove(member) }
    }
}
