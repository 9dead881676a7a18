import BotKit
import Foundation
import Logging
import WhatsAppCloud

/// Handles the stored updates of one number after the webhook was answered: news for the outbox, alerts for the
/// operator. What it did not get to is handled after the next start.
struct UpdateDesk: Sendable {
    private static let batch = 256

    let state: AccountState
    /// Whether it also handles what concerns no single number.
    let handlesUnowned: Bool
    let accounts: CloudAccounts
    let updates: CloudUpdateTable
    let reports: any DeliveryReports
    let windowTemplate: WindowTemplate
    let refusedFiles: RefusedFiles
    let holds: CloudHolds
    let time: any TimeSource
    let logger: Logger
    let metrics: CloudMetrics
    private let signals = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// There is something to do.
    func wake() { signals.continuation.yield() }

    /// Works until it is cancelled.
    func run() async throws {
        wake()
        for await _ in signals.stream {
            do {
                while try await handleSome() == Self.batch {}
            } catch {
                try Task.checkCancellation()
                logger.warning("stored updates wait", metadata: ["error": "\(error.safeDescription)"])
                try await time.sleep(for: .seconds(2))
                wake()
            }
        }
    }

    /// - Returns: how many there were.
    private func handleSome() async throws -> Int {
        let pending = try await updates.pending(for: state.account, unowned: handlesUnowned, limit: Self.batch)
        guard !pending.isEmpty else { return 0 }
        // Statuses only move a message up, so their order does not matter, and together they share commits.
        let done = try await withThrowingTaskGroup(of: Void.self) { group in
            for update in pending { group.addTask { try await handle(update) } }
            try await group.waitForAll()
            return pending.map(\.key)
        }
        try await updates.close(done)
        return pending.count
    }

    private func handle(_ pending: CloudUpdateTable.Pending) async throws {
        do {
            switch try StoredUpdate(encoded: pending.payload) {
            case .status(let status): try await handle(status)
            case .notice(let notice): try await handle(notice)
            }
        } catch  where !(error is CancellationError) && error.classified == .defect {
            // Again would end the same; the others must go on.
            logger.error("a stored update could not be handled", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    private func handle(_ status: StoredStatus) async throws {
        if let category = status.billed { metrics.billed(category) }
        guard let reached = status.reached else { return try await handle(failed: status) }
        guard !status.isTemplate else { return }
        try await reports.report(
            DeliveryReport(row: status.row, message: status.message, event: .reached(reached), at: status.at))
    }

    private func handle(failed status: StoredStatus) async throws {
        let code = status.codes.first.map(String.init) ?? "failed"
        guard !status.isTemplate else {
            return logger.error("the template of a closed window was not delivered", metadata: ["code": "\(code)"])
        }
        var failure = SendFailure(codes: status.codes, holds: holds)
        func report() async throws {
            try await reports.report(
                DeliveryReport(row: status.row, message: status.message, event: .failed(failure), at: status.at))
        }
        // Others may send from the same number: what became of their messages moves nothing of ours.
        guard try await reports.knows(status.message, row: status.row) else { return try await report() }
        let isAboutFile = status.codes.contains { ErrorTable.remedy(code: $0) == .media(.cannotUpload) }
        // The same row goes out once more: re-encoded, and after a second refusal in words.
        if isAboutFile, let row = status.row, refusedFiles.note(row) <= 2 {
            failure = SendFailure(.retry(after: nil), code: failure.code, failure.description)
        }
        if case .stopAccount = failure.remedy { state.stop(AccountState.Stop(failure)) }
        if failure.isClosedWindow {
            if let chat = status.chat { try await windowTemplate.offer(in: chat) }
        } else if case .windowClosed = failure.remedy {
            logger.logParked(failure)
        }
        try await report()
    }
}
