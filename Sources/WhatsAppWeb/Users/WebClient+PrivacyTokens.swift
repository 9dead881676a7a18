import Foundation
import WhatsAppWire

extension WebClient {
    /// After so many seconds a contact gets a new token from us.
    private static let tokenLife: Int64 = 7 * 86_400

    /// Gives whom we write to a token by which they get through to us; once a week is enough.
    func issuePrivacyToken(to user: JID) async throws {
        guard user.isLID, !ownAddresses.contains(user) else { return }
        let key = Self.issuedTokenKey(user)
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
        let session = StoreKey(.session, devices.sessionAddress(of: user).signalAddress)
        try await withLanes([session.name]) {
            // The user may have been forgotten meanwhile.
            guard try await store.load([session])[session] != nil else { return }
            try await store.commit([.put(key, Array(String(now).utf8))], events: [])
        }
    }

    /// Tokens that users gave us and that are good still, by the address that was asked for.
    func privacyTokens(of users: [JID]) async throws -> [JID: [UInt8]] {
        try await loadAliases(of: users)
        let keys = users.map { ($0, Self.tokenKey(devices.hiddenAddress(of: $0))) }
        let found = try await store.load(keys.map(\.1))
        let now = serverNow
        return keys.reduce(into: [:]) { tokens, key in
            guard let token = found[key.1].flatMap(PrivacyToken.init(serialized:)), token.isValid(at: now) else {
                return
            }
            tokens[key.0] = token.bytes
        }
    }

    /// Keeps the token of a notification.
    func takePrivacyToken(_ stanza: Node, _ result: inout IntakeResult) {
        let given = stanza.child("tokens")?.children("token").first { $0.text("type") == "trusted_contact" }
        guard let from = stanza.jids("from").first, let given, let bytes = given.bytes else { return }
        let lid = stanza.jids("sender_lid").first
        let now = Int64(serverNow.timeIntervalSince1970)
        let issuedAt = [given, stanza].lazy.compactMap { $0.text("t").flatMap { Int64($0) } }.first ?? now
        guard let token = PrivacyToken(bytes, issuedAt: min(issuedAt, now)) else { return }
        result.changes.append(
            .put(Self.tokenKey(lid?.withoutDevice ?? devices.hiddenAddress(of: from)), token.serialized))
    }

    /// The token of a chat of the history, if it is newer than what we have.
    func keptToken(of chat: HistoryChat) async throws -> StoreChange? {
        let user = chat.chat.isLID ? chat.chat : chat.alias ?? chat.chat
        // Nobody knows how long a token without a time is good.
        guard user.isUser, let bytes = chat.privacyToken, let time = chat.privacyTokenAt,
            let token = PrivacyToken(bytes, issuedAt: Int64(time.timeIntervalSince1970)), token.isValid(at: serverNow)
        else { return nil }
        let key = Self.tokenKey(user.withoutDevice)
        let known = try await store.load([key])[key].flatMap(PrivacyToken.init(serialized:))
        return known.map { $0.issuedAt >= token.issuedAt } == true ? nil : .put(key, token.serialized)
    }

    /// Forgets tokens that are good no longer.
    func prunePrivacyTokens() async throws {
        let now = serverNow
        try await prune(.privacyToken, lifetime: 0) { bytes in
            PrivacyToken(serialized: bytes)?.isValid(at: now) == true ? .lasting : .worthless
        }
    }

    static func tokenKey(_ user: JID) -> StoreKey { StoreKey(.privacyToken, user.description) }
    /// Where it is noted when a user got one from us.
    static func issuedTokenKey(_ user: JID) -> StoreKey { StoreKey(.connection, "token-issued/\(user)") }
}
