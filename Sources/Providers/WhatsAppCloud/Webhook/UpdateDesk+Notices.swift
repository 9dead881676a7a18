import BotKit
import Foundation
import Logging
import WhatsAppCloud

/// What happened to business accounts.
extension UpdateDesk {
    func handle(_ notice: StoredNotice) async throws {
        let concerned = try await accounts.concerned(by: notice.businessAccount)
        var metadata: Logger.Metadata = ["field": "\(notice.field)", "numbers": "\(concerned.numbers.count)"]
        metadata["account"] = .own(concerned.names)
        if !concerned.perhaps.isEmpty { metadata["perhaps"] = "\(concerned.perhaps.count)" }
        if let event = notice.event { metadata["event"] = "\(event)" }
        if !notice.codes.isEmpty { metadata["codes"] = .own(notice.codes.map(String.init).joined(separator: ",")) }
        guard !concerned.isNobody else {
            return logger.info("Meta has news about an account that none of the numbers belongs to", metadata: metadata)
        }
        switch notice.severity {
        case .stop, .restrict:
            guard !concerned.numbers.isEmpty else {
                // A stop would silence numbers that are not meant; if they are, the next send says so.
                return alert(
                    .accountNotice,
                    "Meta stopped an account that some of the numbers may belong to: look into its "
                        + "dashboard", concerned, metadata)
            }
            stop(concerned, for: notice, metadata)
        case .resume:
            for state in concerned.numbers { state.resume() }
            logger.notice("Meta lets the account send again", metadata: metadata)
        case .alert:
            alert(.accountNotice, "Meta has news about the account: look into its dashboard", concerned, metadata)
        case .info: logger.info("Meta has news about the account", metadata: metadata)
        }
    }

    private func stop(
        _ concerned: CloudAccounts.Concerned, for notice: StoredNotice, _ metadata: Logger.Metadata
    ) {
        if let end = notice.until, end <= time.now {
            return alert(
                .accountNotice, "Meta had restricted the account for a time that is over", concerned, metadata)
        }
        var metadata = metadata
        let code = notice.event ?? notice.field
        for state in concerned.numbers {
            state.stop(
                AccountState.Stop(
                    cause: notice.severity == .restrict ? .restriction : .decision, code: code,
                    problem: "Meta stopped the account (\(code))", until: notice.until))
        }
        if let end = notice.until { metadata["until"] = "\(end.formatted(.iso8601))" }
        let end =
            switch notice.severity {
            case .restrict where notice.until != nil: "until the restriction ends"
            case .restrict: "but a reply now and then that tries"
            default: "until an operator looked"
            }
        alert(.accountStopped, "Meta stopped the account: nothing is sent \(end)", concerned, metadata)
    }

    private func alert(
        _ kind: CloudMetrics.Alert, _ words: String, _ concerned: CloudAccounts.Concerned, _ metadata: Logger.Metadata
    ) {
        let about = metrics.alert(kind, about: concerned.names)
        logger.critical("\(words)", metadata: metadata.merging(about) { $1 })
    }
}
