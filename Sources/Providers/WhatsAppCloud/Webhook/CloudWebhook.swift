import BotKit
import Foundation
import Logging
import Synchronization
import WhatsAppCloud

/// Where Meta calls us: proves the sender, stores everything in one transaction, and only then says 200.
struct CloudWebhook: WebhookEndpoint {
    let path = "/webhook/cloud"
    /// Meta sends up to 3 MB.
    let maximumBodyBytes = WebhookDecoder.Limits().bodyBytes

    let signature: WebhookSignature
    let handshake: WebhookHandshake
    let accounts: CloudAccounts
    let users: CloudUserDirectory
    let windows: ServiceWindows
    let updates: CloudUpdateTable
    let inbox: any Inbox
    let desks: [UpdateDesk]
    let time: any TimeSource
    let logger: Logger
    let metrics: CloudMetrics
    let trouble = StoreTrouble()
    private let decoder = WebhookDecoder()

    func verify(_ query: [String: String]) async -> WebhookResponse {
        let answer = handshake.answer(
            mode: query["hub.mode"], challenge: query["hub.challenge"], verifyToken: query["hub.verify_token"])
        switch answer {
        case .challenge(let text): return WebhookResponse(status: 200, body: text)
        case .refused: return .forbidden
        }
    }

    func mightBeGenuine(_ header: (String) -> String?) -> Bool {
        if WebhookSignature.isWellFormed(header(WebhookSignature.headerName)) { return true }
        metrics.refusedSignature()
        return false
    }

    func deliver(_ delivery: WebhookDelivery) async -> WebhookResponse {
        guard signature.accepts(delivery.body, header: delivery.header(WebhookSignature.headerName)) else {
            metrics.refusedSignature()
            return .unauthorized
        }
        do {
            try await store(delivery.body)
            if trouble.ends() { logger.notice("webhooks are stored again") }
            return .accepted
        } catch {
            metrics.refusedByStore()
            // Once for each trouble: Meta repeats, and so would the log.
            if trouble.begins() {
                logger.error("webhooks cannot be stored now", metadata: ["error": "\(error.safeDescription)"])
            }
            return WebhookResponse(
                status: 503, retryAfter: (error as? Outage)?.retryAfter ?? WebhookResponse.unavailable.retryAfter)
        }
    }

    private func store(_ body: [UInt8]) async throws {
        let now = time.now
        let decoded: [WebhookUpdate]
        do { decoded = try decoder.decode(body) } catch { return try await keep(body, error, at: now) }
        let batch = WebhookBatch(decoded, accounts: accounts)
        // Mostly somebody who is known writes something new, and the store need not be asked whether it came before.
        // If it did, the store refuses it, and nobody was changed by it.
        if let settled = await users.settled(batch.sightings, at: now) {
            do { return try await store(batch, settled, at: now) } catch DatabaseError.conflict {}
        }
        do { try await storeUnknown(decoded, at: now) } catch DatabaseError.conflict {
            // Another delivery of the same message was stored meanwhile: by now it is known.
            try await storeUnknown(decoded, at: now)
        }
    }

    /// Stores what did not come before.
    private func storeUnknown(_ decoded: [WebhookUpdate], at now: Date) async throws {
        let keys = WebhookBatch.keys(in: decoded)
        let known = keys.isEmpty ? [] : try await updates.known(keys)
        let batch = WebhookBatch(decoded, accounts: accounts, known: known)
        try await store(batch, users.resolve(batch.sightings, at: now), at: now)
    }

    private func store(_ batch: WebhookBatch, _ resolution: CloudUserDirectory.Resolution, at now: Date) async throws {
        let result: WebhookBatch.Result
        do {
            result = try batch.result(resolution.users, at: now)
            let writes = resolution.writes + accounts.writes(for: batch.owners) + result.writes
            if !result.messages.isEmpty || !writes.isEmpty {
                try await inbox.receive(result.messages, writes: writes, visited: Array(result.visited))
            }
        } catch {
            if !resolution.revisions.isEmpty { await users.drop(resolution) }
            throw error
        }
        if !resolution.revisions.isEmpty { await users.noteStored(resolution) }
        accounts.noteStored(batch.owners)
        for kind in batch.left + result.kinds { metrics.count(kind) }
        for _ in 0..<batch.repeated { metrics.repeated() }
        if !result.inbound.isEmpty { windows.remember(result.inbound) }
        if result.hasPending { for desk in desks { desk.wake() } }
    }

    /// Keeps a body that nobody can read: another answer than 200 would make Meta repeat it for a week.
    private func keep(_ body: [UInt8], _ failure: WebhookFailure, at now: Date) async throws {
        metrics.count(.unreadable)
        let write = CloudUpdateTable.keep(
            key: "body|" + ContentHash(of: body).hexadecimal, account: nil,
            kind: CloudMetrics.Update.unreadable.rawValue,
            raw: String(decoding: body, as: UTF8.self), at: now)
        try await inbox.receive([], writes: [write])
        logger.error("a signed webhook could not be read and was kept", metadata: ["problem": "\(failure.message)"])
    }
}

/// Whether webhooks can be stored, so that a change is logged and not each of them.
final class StoreTrouble: Sendable {
    private let isOn = Mutex(false)

    /// - Returns: whether it was well before.
    func begins() -> Bool { !change(to: true) }
    /// - Returns: whether there was trouble before.
    func ends() -> Bool { change(to: false) }

    private func change(to new: Bool) -> Bool {
        isOn.withLock { isOn in
            defer { isOn = new }
            return isOn
        }
    }
}
