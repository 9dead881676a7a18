import Foundation
import WhatsAppWire

extension Credentials {
    /// Taken while the credentials are stored, so that no older form of them overtakes a newer one.
    static let lane = "credentials"
}

extension WebClient {
    /// Replaces the signed prekey when it has served its time, and tells the server of one that it may not know yet.
    func ensureSignedPrekey() async throws {
        guard credentials?.account != nil else { return }
        // At once: whatever else is stored of the credentials meanwhile has it too.
        if credentials?.needsNewSignedPrekey(at: time.now()) == true {
            credentials?.renewSignedPrekey(at: time.now())
        }
        guard let credentials, credentials.signedPrekeyIsNews else { return }
        // Durable before the server gives it to anybody.
        try await saveCredentials()
        _ = try await request(
            Node(
                "iq", ["xmlns": "encrypt", "type": "set", "to": .jid(.whatsApp)],
                [Node("rotate", [:], [.signedPrekey(credentials.signedPrekey)])]))
        guard self.credentials?.signedPrekey.id == credentials.signedPrekey.id else { return }
        self.credentials?.signedPrekeyIsNews = false
        try await saveCredentials()
    }

    /// Stores the credentials as they are, together with `changes`, when nobody else does.
    func saveCredentials(with changes: [StoreChange] = []) async throws {
        try await withLanes([Credentials.lane]) {
            guard let credentials else { return }
            try await store.commit(changes + [.put(Credentials.key, credentials.encoded())], events: [])
        }
    }
}
