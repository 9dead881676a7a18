import BotKit
import Foundation
import TestKit

/// Three entries of an audit; the second is about 15550000001.
struct ListedAudit: AuditReader {
    func last(_ limit: Int, of filter: AuditFilter) async throws -> [AuditRecord] {
        let actions: [AuditEntry.Action] = [.wipe, .configurationUpdate, .permissionDenied]
        let records = actions.enumerated().map { index, action in
            AuditRecord(
                sequence: Int64(3 - index), time: .monday.addingTimeInterval(-86_400 * Double(index)),
                actor: "0123456789ab", action: action.rawValue,
                outcome: action == .permissionDenied ? "denied" : "done",
                subject: "", reference: "R\(index)", details: "{}")
        }
        let person = Person("15550000001")
        return Array(
            records.filter {
                (filter.action == nil || $0.action == filter.action?.rawValue)
                    && (filter.outcome == nil || $0.outcome == filter.outcome?.rawValue)
                    && (filter.person == nil || (filter.person == person && $0.sequence == 2))
                    && $0.time >= filter.since ?? .distantPast && $0.sequence < filter.before ?? .max
            }.prefix(limit))
    }
}
