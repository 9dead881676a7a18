import WhatsAppWire

extension WebClient {
    /// The user whose keys are new, if that is what a notification says.
    static func changedIdentity(in stanza: Node) -> JID? {
        guard stanza.tag == "notification", stanza.text("type") == "encrypt", stanza.child("identity") != nil,
            let user = stanza.jids("from").first, user.isUser
        else { return nil }
        return user.withoutDevice
    }

    /// The beginnings of the Signal addresses of a user's devices, under both of the user's addresses.
    func addressPrefixes(of user: JID) -> [String] {
        let users = [user, devices.alias(of: user)].compactMap { $0?.withoutDevice }
        // Those that a business host runs, too.
        let hosted = users.map { JID($0.user, $0.isLID ? .hostedLID : .hosted) }
        return (users + hosted).map { "\($0.signalName)." }
    }

    /// The lanes of the devices of users that are known of.
    func sessionLanes(of users: [JID]) -> Set<String> {
        let prefixes = users.flatMap(addressPrefixes)
        guard !prefixes.isEmpty else { return [] }
        let listed = users.flatMap { devices.devices(of: devices.sessionAddress(of: $0)) ?? [] }.map(\.signalAddress)
        return Set(listed + sessions.sessions.keys.filter { address in prefixes.contains { address.hasPrefix($0) } })
    }

    /// A user has a new phone, or somebody is between us: the old sessions must not be used any more.
    func takeIdentityChange(of user: JID, _ result: inout IntakeResult) {
        for prefix in addressPrefixes(of: user) { result.changes.append(.deleteAll(.session, prefix: prefix)) }
        devices.forget([user] + [devices.alias(of: user)].compactMap(\.self))
        result.events.append(.identityChanged(user))
        result.newIdentities.append(user)
    }

    /// Forgets in memory the sessions that were deleted. Their lanes must be taken.
    /// - Parameter kept: those that were begun since.
    func dropSessions(of users: [JID], except kept: Set<String>) {
        sessions.drop(sessions: sessionLanes(of: users).subtracting(kept), senderKeys: [])
    }
}
