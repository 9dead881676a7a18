import BotKit
import Foundation
import Logging

/// Looks every day whether the audit is whole as far as it has grown since the look before.
struct AuditCheck: Job {
    static let kind = "core.audit_check"
}

/// Begins at the last sealed entry that was found sound, so that it costs no more than the day's entries;
/// `martlet audit verify` looks at all of them.
struct AuditCheckHandler: JobHandler {
    let archive: AuditArchive
    let key: AuditKey
    /// After how many entries the last of them is sealed.
    let sealEvery: Int
    let store: AlertStore
    let alerts: OperatorAlerts
    let concurrency = 1

    func run(_ work: AuditCheck, at time: Date) async throws -> JobOutcome {
        let anchor = try await store.mark(AuditAnchor.mark).flatMap { AuditAnchor($0) }
        let verdict = try await archive.verify(key, sealEvery: sealEvery, from: anchor)
        if let fault = verdict.fault {
            alerts.raise(
                "audit_broken", "the audit has a problem; run martlet audit verify", ["problem": "\(fault)"])
            return .done
        }
        guard verdict.sealed > anchor?.sequence ?? 0 else { return .done }
        let next = AuditAnchor(sequence: verdict.sealed, hash: try await archive.hash(of: verdict.sealed))
        return .done(writes: [AlertStore.setting(AuditAnchor.mark, to: next.text)])
    }
}
