import Foundation
import WhatsAppWire

extension WebClient {
    /// The server has taken the login.
    func succeeded(_ node: Node) {
        backoff.succeeded()
        if let now = node.date("t") { serverTimeOffset = .seconds(now.timeIntervalSince(time.now())) }
        addChore?.yield { try await $0.comeOnline() }
    }

    /// The server's time.
    var serverNow: Date { time.now().addingTimeInterval(serverTimeOffset / .seconds(1)) }

    /// What a client asks for after a login, in the order of the official one.
    private func comeOnline() async throws -> ConnectionVerdict? {
        isAvailable = false
        do {
            // Before anything comes: what the own phone sends names it by its number.
            let own = credentials?.account.map { pair($0.phoneNumber, $0.lid) } ?? []
            if !own.isEmpty { try await store.commit(own, events: []) }
            try await ensurePrekeys()
            // From here on the server delivers, first what was queued.
            _ = try await request(
                Node("iq", ["xmlns": "passive", "type": "set", "to": .jid(.whatsApp)], [Node("active")]))
        } catch let error as WebError where error.code == .refused || error.code == .timedOut {
            return .retry("the server did not let us online: \(error.message)")
        }
        session?.isOnline = true
        notify.yield(.connection(.online))
        try announcePresence()
        addChore?.yield {
            try await $0.keepUp()
            return nil
        }
        if settings.wantsHistory {
            addChore?.yield {
                try await $0.resumeHistory()
                return nil
            }
        }
        // What changed while nobody told us.
        return try await syncAppState(AppStateCollection.allCases)
    }
}
