import BotKit
import Foundation
import TestKit

/// Three entries of an audit.
struct ListedAudit: AuditReader {
    func last(_ limit: Int, of action: AuditEntry.Action?, about person: MemberID?) async throws -> [AuditRecord] {
        let actions: [AuditEntry.Action] = [.wipe, .configurationUpdate, .permissionDenied]
        let records = actions.enumerated().map { index, action in
            AuditRecord(
                sequence: Int64(3 - index), time: .monday, actor: "0123456789ab", action: action.rawValue,
                outcome: "done", subject: "", reference: "R\(index)", details: "{}")
        }
        return Array(records.filter { action == nil || $0.action == action?.rawValue }.prefix(limit))
    }
}
