import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// Moves sessions that began under a phone number, before the hidden id was known, to the hidden id: one user must
    /// not have two. The lanes of `addresses` must be taken.
    func moveSessions(to addresses: [String]) async throws {
        let pairs = addresses.compactMap { address in formerAddress(of: address).map { (address, $0) } }
        guard !pairs.isEmpty else { return }
        let found = try await store.load(pairs.map { StoreKey(.session, $0.1) })
        var changes: [StoreChange] = []
        for (address, former) in pairs {
            guard let bytes = found[StoreKey(.session, former)] else { continue }
            changes += [.put(StoreKey(.session, address), bytes), .delete(StoreKey(.session, former))]
        }
        guard !changes.isEmpty else { return }
        try await store.commit(changes, events: [])
        for (address, former) in pairs {
            guard let bytes = found[StoreKey(.session, former)] else { continue }
            // What is in memory has used more of its counters.
            sessions[session: address] = try sessions[session: former] ?? SessionRecord(serialized: bytes)
            sessions.drop(sessions: [former], senderKeys: [])
        }
    }

    /// The address by phone number of a device whose address by LID is given.
    func formerAddress(of address: String) -> String? {
        guard let dot = address.lastIndex(of: "."), let device = UInt16(address[address.index(after: dot)...]),
            let line = address[..<dot].lastIndex(of: "_")
        else { return nil }
        let user = String(address[..<line])
        let places = [JID.lid(user, device: device), JID(user, .hostedLID, device: device)]
        guard let lid = places.first(where: { $0.signalAddress == address }), let number = devices.alias(of: lid),
            number.isPhoneNumber
        else { return nil }
        return number.device(like: lid).signalAddress
    }
}
