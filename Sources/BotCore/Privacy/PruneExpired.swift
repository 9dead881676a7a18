import BotKit
import Foundation

/// Removes what was kept for as long as it was declared to be kept, or its chat decided.
struct PruneExpired: Job {
    static let kind = "core.prune"
}

/// Does so for every table that declared personal data, in small batches.
struct PruneExpiredHandler: JobHandler {
    let database: any Database
    let personalData: [PersonalData]
    let settings: PrivacySettings
    /// The accounts, which may keep copies of what was sent.
    let directory: ProviderDirectory
    /// The inbox tells a repeated message from a new one: nothing goes that could still be answered once more.
    let inboxFloor: Duration
    let concurrency = 1
    /// Rows a statement removes at most, so that the writer is soon free again.
    private static let batch = 100
    /// Rows that are looked for at a time.
    private static let page = 5_000

    func run(_ work: PruneExpired, at time: Date) async throws -> JobOutcome {
        for data in personalData {
            guard let column = data.time else { continue }
            if data.namelessInSilence { try await forgetNames(data, column, at: time) }
            switch data.keeping {
            case .days(let days): try await prune(data, column, days: days, at: time)
            case .conversation: try await pruneConversation(data, column, at: time)
            case .untilErased: continue
            }
        }
        for provider in directory.all { try await provider.forgetOldReplies() }
        return .done
    }

    private func prune(_ data: PersonalData, _ column: SQLName, days: Int, at time: Date) async throws {
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

    /// Rows of chats in which nobody writes and nobody agreed are nobody's from then on.
    private func forgetNames(_ data: PersonalData, _ column: SQLName, at time: Date) async throws {
        guard let member = data.member, let chat = data.chat, settings.runningHours > 0 else { return }
        let running = time.addingTimeInterval(-3_600 * Double(settings.runningHours))
        var rows: [Int64] = []
        repeat {
            rows = try await database.rows(
                """
                SELECT t.id AS id FROM \(name: data.table) AS t
                LEFT JOIN privacy_choice AS p ON p.chat = t.\(name: chat)
                WHERE t.\(name: column) < \(running) AND t.\(name: member) <> ''
                    AND COALESCE(p.consent, '') <> 'given'
                    AND t.\(name: chat) NOT IN (SELECT chat FROM inbox WHERE received_at >= \(running))
                ORDER BY t.\(name: column) LIMIT \(Self.page)
                """
            ).map { try $0.int("id") }
            for start in stride(from: 0, to: rows.count, by: Self.batch) {
                try Task.checkCancellation()
                let some = Array(rows[start..<min(start + Self.batch, rows.count)])
                try await database.run(
                    """
                    UPDATE \(name: data.table) SET \(name: member) = '', \(name: chat) = ''
                    WHERE id IN (\(list: some))
                    """)
            }
        } while rows.count == Self.page
    }

    /// Each chat for as long as it chose; and without consent only while somebody writes there.
    private func pruneConversation(_ data: PersonalData, _ column: SQLName, at time: Date) async throws {
        guard let chat = data.chat else { return }
        let running = settings.runningHours > 0 ? time.addingTimeInterval(-3_600 * Double(settings.runningHours)) : nil
        // Nothing that is younger than this can be due, whatever was chosen.
        var newest = max(time.addingTimeInterval(-86_400), running ?? .distantPast)
        if data.table == "inbox" { newest = min(newest, time.adding(inboxFloor * -1)) }
        let day: Int64 = 86_400_000
        let ownEnd: SQL = "\(time) - COALESCE(p.retention_days, \(settings.days)) * \(day)"
        let stays: SQL = data.evenInSilence.map { " AND NOT (\($0))" } ?? ""
        let silent: SQL =
            running.map {
                """
                 OR (t.\(name: column) < \($0) AND COALESCE(p.consent, '') <> 'given' AND t.\(name: chat) NOT IN (
                    SELECT chat FROM inbox WHERE received_at >= \($0))\(stays))
                """
            } ?? ""
        let kept: SQL = data.unless.map { " AND NOT (\($0))" } ?? ""
        var oldest = Date(milliseconds: 0)
        while true {
            try Task.checkCancellation()
            // A reader finds them, however many there are; the writer only removes.
            let due = try await database.rows(
                """
                SELECT t.id AS id, t.\(name: column) AS at FROM \(name: data.table) AS t
                LEFT JOIN privacy_choice AS p ON p.chat = t.\(name: chat)
                WHERE t.\(name: column) >= \(oldest) AND t.\(name: column) < \(newest)\(kept)
                    AND (t.\(name: column) < \(ownEnd)\(silent))
                ORDER BY t.\(name: column) LIMIT \(Self.page)
                """)
            guard let last = due.last else { return }
            let rows = try due.map { try $0.int("id") }
            var removed = 0
            for start in stride(from: 0, to: rows.count, by: Self.batch) {
                try Task.checkCancellation()
                let some = Array(rows[start..<min(start + Self.batch, rows.count)])
                removed += try await database.run(
                    "DELETE FROM \(name: data.table) WHERE id IN (\(list: some))\(kept)")
            }
            // A row that came into use meanwhile stays, and must not be found for ever.
            guard removed > 0, rows.count == Self.page else { return }
            oldest = try last.date("at")
        }
    }
}
