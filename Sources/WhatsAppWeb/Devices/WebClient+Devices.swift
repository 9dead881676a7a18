import Logging
import WhatsAppKeys
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// Loads from the store what pairs of LID and phone number it has for `users`, and is not in memory.
    func loadAliases(of users: some Sequence<JID>) async throws {
        let missing = Set(users.map(\.withoutDevice)).filter { $0.isUser && devices.alias(of: $0) == nil }
        guard !missing.isEmpty else { return }
        let keys = missing.map { StoreKey(.alias, $0.description) }
        for (key, value) in try await store.load(keys) {
            if let one = JID(key.name), let other = JID(String(decoding: value, as: UTF8.self)) {
                _ = devices.pair(one, other)
            }
        }
    }

    /// Notes that two addresses are one user's.
    /// - Returns: what to store, if it is news.
    func pair(_ one: JID?, _ other: JID?) -> [StoreChange] {
        guard let one, let other, devices.pair(one, other) else { return [] }
        sessions.forgetAbsences()
        let names = [one, other].map(\.withoutDevice.description)
        return [
            .put(StoreKey(.alias, names[0]), Array(names[1].utf8)),
            .put(StoreKey(.alias, names[1]), Array(names[0].utf8)),
        ]
    }

    /// Notes what the server says of who is who.
    /// - Returns: what to store, as far as it is news.
    func take(_ pairs: [Node.AddressPair]) async throws -> [StoreChange] {
        guard !pairs.isEmpty else { return [] }
        try await loadAliases(of: pairs.map(\.one))
        return pairs.flatMap { pair($0.one, $0.other) }
    }

    /// Keeps what the server says of who is who.
    func keep(_ pairs: [Node.AddressPair]) async throws {
        let changes = try await take(pairs)
        guard !changes.isEmpty else { return }
        do { try await store.commit(changes, events: []) } catch {
            unpair(changes)
            throw error
        }
    }

    /// Forgets pairs that were not stored: they are news again the next time.
    func unpair(_ changes: [StoreChange]) {
        for case .put(let key, _) in changes where key.kind == .alias {
            if let user = JID(key.name) { devices.unpair(user) }
        }
    }

    /// The LID of a user, asked of the server when it is not known.
    /// - Throws: `WebError` with `unknownUser` when the number is not on WhatsApp.
    func hiddenID(of user: JID) async throws -> JID {
        let user = user.withoutDevice
        guard user.isPhoneNumber else { return user }
        try await loadAliases(of: [user])
        if let lid = devices.alias(of: user) { return lid }
        let answer = try await usync(
            [Node("contact"), Node("lid")],
            users: [Node("user", [:], [Node("contact", utf8: "+\(user.user)")])], context: "interactive")
        guard let found = answer.first, found.child("contact")?.text("type") == "in" else {
            throw WebError(.unknownUser, "the number is not on WhatsApp")
        }
        if let lid = try found.child("lid")?.jid("val") {
            try await keep([(user, lid)])
            return lid.withoutDevice
        }
        return (try found.jid("jid"))?.withoutDevice ?? user
    }

    /// All devices of `users` that their accounts vouch for, from memory or the server. No lane may be taken.
    /// - Parameter isFresh: whether the server is asked in any case.
    func deviceList(of users: [JID], isFresh: Bool = false) async throws -> [JID] {
        let asked = users.filter { isFresh || devices.devices(of: $0) == nil }
        if !asked.isEmpty { try await loadAliases(of: asked) }
        for start in stride(from: 0, to: asked.count, by: 256) {
            let part = asked[start..<min(start + 256, asked.count)]
            let answer = try await usync(
                [Node("devices", ["version": "2"])],
                users: part.map { Node("user", ["jid": .jid($0)]) }, context: "message")
            let lists = try answer.compactMap { user in
                try user.jid("jid").map { ListedDevices(user, of: $0.withoutDevice) }
            }
            let accounts = try await accountKeys(of: lists.filter(\.hasCompanions).map(\.user))
            for list in lists {
                if list.hasCompanions, !list.isSigned(by: accounts[list.user]) {
                    logger.warning("A list of devices is not signed by its account: only the phone gets messages")
                }
                devices.set(list.devices(vouchedForBy: accounts[list.user]), of: list.user)
            }
            for user in part where devices.devices(of: user) == nil { devices.set([], of: user) }
        }
        return users.flatMap { devices.devices(of: $0) ?? [] }
    }

    /// The identity keys of the phones of `users`, which vouch for their companions. That of a user whom we never wrote
    /// to is trusted when it is first seen: a session with the phone is begun.
    private func accountKeys(of users: [JID]) async throws -> [JID: PublicKey] {
        let own = ownAddresses
        let phones = users.filter { !own.contains($0) }.map { ($0, devices.sessionAddress(of: $0)) }
        var keys: [JID: PublicKey] = [:]
        for user in users where own.contains(user) { keys[user] = credentials?.account?.key }
        guard !phones.isEmpty else { return keys }
        let addresses = phones.map(\.1)
        let known = try await withSessions(Set(addresses.map(\.signalAddress)), with: { addresses }) {
            phones.map { ($0.0, sessions[session: $0.1.signalAddress]?.remoteIdentity) }
        }
        for (user, key) in known { keys[user] = key }
        return keys
    }

    /// Asks the server about users.
    /// - Returns: the `<user>` elements of its answer.
    func usync(_ query: [Node], users: [Node], context: String, mode: String = "query") async throws -> [Node] {
        let answer = try await request(
            Node(
                "iq", ["xmlns": "usync", "type": "get", "to": .jid(.whatsApp)],
                [
                    Node(
                        "usync",
                        [
                            "sid": .text(requestIDs.next()), "mode": .text(mode), "last": "true", "index": "0",
                            "context": .text(context),
                        ],
                        [Node("query", [:], query), Node("list", [:], users)])
                ]))
        let found = answer.descendant("usync", "list")?.children("user") ?? []
        try await keep(found.flatMap(\.addressPairsInside))
        return found
    }
}
