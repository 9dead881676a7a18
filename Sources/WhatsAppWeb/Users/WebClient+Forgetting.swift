public import WhatsAppWire

extension WebClient {
    /// How many entries are looked at together.
    private static let page = 200

    /// Forgets users: the ratchets with their devices, the keys that these gave us in groups, who is who, and tokens.
    ///
    /// No message is lost by it: the next one that they write is asked for again, with keys for a new session. The own
    /// account is left out.
    /// - Parameter users: by either address, or by both.
    /// - Throws: what the store throws; then everything is as it was.
    public func forget(_ users: [JID]) async throws {
        try await loadAliases(of: users)
        let own = ownAddresses
        let users = Set(users.flatMap { [$0, devices.alias(of: $0)] }.compactMap { $0?.withoutDevice })
            .filter { $0.isUser && !own.contains($0) }
        guard !users.isEmpty else { return }
        let prefixes = Set(users.flatMap(addressPrefixes))
        let known = try await names(of: .session) { name in prefixes.contains { name.hasPrefix($0) } }
        try await withLanes(sessionLanes(of: Array(users)).union(known)) {
            let keys = try await names(of: .senderKey) { name in
                guard let address = name.firstRange(of: "::").map({ name[$0.upperBound...] }) else { return false }
                return prefixes.contains { address.hasPrefix($0) }
            }
            var changes = prefixes.map { StoreChange.deleteAll(.session, prefix: $0) }
            changes += keys.map { .delete(StoreKey(.senderKey, $0)) }
            for user in users {
                changes += [StoreKey(.alias, user.description), Self.tokenKey(user), Self.issuedTokenKey(user)]
                    .map { .delete($0) }
            }
            try await store.commit(changes, events: [])
            sessions.drop(sessions: sessionLanes(of: Array(users)).union(known), senderKeys: keys)
            devices.forget(users)
            for user in users { devices.unpair(user) }
        }
    }

    /// Forgets copies of messages that we sent, which are kept for whoever could not read one.
    /// - Parameter isKept: whether the owner keeps the message with this id as well.
    /// - Throws: what the store or `isKept` throws.
    public func forgetSent(unless isKept: (String) async throws -> Bool) async throws {
        var last: String?
        repeat {
            let page = try await store.list(.sentMessage, after: last, limit: Self.page)
            last = page.count < Self.page ? nil : page.last?.name
            var gone: [StoreChange] = []
            for entry in page where try await !isKept(entry.name) {
                gone.append(.delete(StoreKey(.sentMessage, entry.name)))
            }
            if !gone.isEmpty { try await store.commit(gone, events: []) }
        } while last != nil
    }

    /// The names of the entries of a kind that fulfil a condition.
    private func names(of kind: StoreKind, where condition: (String) -> Bool) async throws -> Set<String> {
        var found: Set<String> = []
        var last: String?
        repeat {
            let page = try await store.list(kind, after: last, limit: Self.page)
            last = page.count < Self.page ? nil : page.last?.name
            found.formUnion(page.map(\.name).filter(condition))
        } while last != nil
        return found
    }
}
