import Foundation
import WhatsAppWire

extension WebClient {
    /// After so many seconds a contact gets a new token from us.
    private static let tokenLife: Int64 = 7 * 86_400

    /// Gives whom we write to a token by which they get through to us; once a week is enough.
    func issuePrivacyToken(to user: JID) async throws {
        guard user.isLID, !ownAddresses.contains(user) else { return }
        let key = StoreKey(.connection, "token-issued/\(user)")
        let now = Int64(serverNow.timeIntervalSince1970)
        let last = try await store.load([key])[key].flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
        guard now - last >= Self.tokenLife else { return }
        _ = try await request(
            Node(
                "iq", ["xmlns": "privacy", "type": "set", "to": .jid(.whatsApp)],
                [
                    Node(
                        "tokens", [:],
                        [Node("token", ["jid": .jid(user), "t": .number(now), "type": "trusted_contact"])])
                ]))
        try await store.commit([.put(key, Array(String(now).utf8))], events: [])
    }
}
