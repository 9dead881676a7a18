import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// The most devices of one user that are believed.
    private static let mostDevices = 128

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
            try await store.commit(pair(user, lid), events: [])
            return lid.withoutDevice
        }
        return (try found.jid("jid"))?.withoutDevice ?? user
    }

    /// All devices of `users`, from memory or the server.
    /// - Parameter isFresh: whether the server is asked in any case.
    func deviceList(of users: [JID], isFresh: Bool = false) async throws -> [JID] {
        let asked = users.filter { isFresh || devices.devices(of: $0) == nil }
        for start in stride(from: 0, to: asked.count, by: 256) {
            let part = asked[start..<min(start + 256, asked.count)]
            let answer = try await usync(
                [Node("devices", ["version": "2"])],
                users: part.map { Node("user", ["jid": .jid($0)]) }, context: "message")
            for user in answer {
                guard let jid = try user.jid("jid") else { continue }
                devices.set(readDevices(user, of: jid.withoutDevice), of: jid.withoutDevice)
            }
            for user in part where devices.devices(of: user) == nil { devices.set([], of: user) }
        }
        return users.flatMap { devices.devices(of: $0) ?? [] }
    }

    private func readDevices(_ node: Node, of user: JID) -> [JID] {
        guard let list = node.child("devices") else { return [] }
        let account = sessions[session: user.signalAddress]?.remoteIdentity
        let signed = list.child("key-index-list")?.bytes
            .flatMap { DeviceIdentity.keyIndexes($0, account: account) }
        return (list.child("device-list")?.children("device") ?? []).prefix(Self.mostDevices).compactMap { device in
            guard let number = device.text("id").flatMap({ UInt16($0) }) else { return nil }
            if number != 0, let signed, let index = device.text("key-index").flatMap({ UInt32($0) }) {
                // A device whose key the account no longer vouches for gets nothing.
                guard signed.validIndexes.contains(index) || index > signed.currentIndex else { return nil }
            }
            return user.with(device: number)
        }
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
        return answer.descendant("usync", "list")?.children("user") ?? []
    }
}
