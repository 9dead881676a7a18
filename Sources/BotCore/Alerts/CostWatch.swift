import BotKit
import Foundation
import Logging

/// Whether models cost more in this month than the operator set.
struct CostWatch: Sendable {
    /// From which part of the threshold on there is a first alert.
    private static let first = 0.8
    private static let mark = "cost"

    let store: AlertStore
    let alerts: OperatorAlerts
    let threshold: Double

    /// Looks at what is recorded; each alert comes once in a month, restarts or not.
    func look(at now: Date) async throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard let start = calendar.dateInterval(of: .month, for: now)?.start else { return }
        let rows = try await store.database.rows(
            """
            SELECT COALESCE(SUM(cost_nano_usd), 0) AS cost FROM usage_record WHERE created_at >= \(start)
            """)
        let cost = Double(try rows[0].int("cost")) / 1e9
        let level = cost >= threshold ? 2 : cost >= threshold * Self.first ? 1 : 0
        let month = start.formatted(.iso8601.year().month())
        let told = try await told(in: month)
        guard level > told else { return }
        // Marked first: an alert too many costs more trust than one that a crash takes away, and the log has it.
        try await store.database.run(AlertStore.setting(Self.mark, to: "\(month):\(level)"))
        alerts.raise(
            level == 2 ? "cost_threshold" : "cost_warning", "models cost much in this month",
            ["amount": "\(Self.dollars(cost))", "threshold": "\(Self.dollars(threshold))"])
    }

    private func told(in month: String) async throws -> Int {
        let parts = try await store.mark(Self.mark)?.split(separator: ":") ?? []
        return parts.count == 2 && parts[0] == month ? Int(parts[1]) ?? 0 : 0
    }

    /// Cents are enough, and none where they are nothing.
    private static func dollars(_ amount: Double) -> String {
        let cents = Int64((min(amount, 1e12) * 100).rounded())
        let rest = cents % 100
        return rest == 0 ? "\(cents / 100)" : "\(cents / 100)." + (rest < 10 ? "0\(rest)" : "\(rest)")
    }
}
