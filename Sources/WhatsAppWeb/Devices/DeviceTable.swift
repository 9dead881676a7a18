import WhatsAppWire

/// The devices of users, and the other name of each, as far as they are known.
struct DeviceTable {
    static let limit = 16_384

    /// By user, as they were asked for (LID mostly).
    private var devices: [JID: [JID]] = [:]
    /// LID of a phone number and phone number of a LID.
    private var aliases: [JID: JID] = [:]

    func devices(of user: JID) -> [JID]? { devices[user] }
    func alias(of user: JID) -> JID? { aliases[user.withoutDevice] }

    mutating func set(_ list: [JID], of user: JID) {
        if devices.count >= Self.limit { devices.removeAll() }
        devices[user] = list
    }
    /// Forgets lists that may have changed.
    mutating func forget(_ users: some Sequence<JID>) { for user in users { devices[user.withoutDevice] = nil } }

    /// - Returns: whether the pair is new.
    mutating func pair(_ one: JID, _ other: JID) -> Bool {
        let (one, other) = (one.withoutDevice, other.withoutDevice)
        guard one.isLID != other.isLID, one.isUser, other.isUser, aliases[one] != other else { return false }
        if aliases.count >= Self.limit { aliases.removeAll() }
        aliases[one] = other
        aliases[other] = one
        return true
    }

    /// Forgets the other name of a user.
    mutating func unpair(_ user: JID) {
        guard let other = aliases.removeValue(forKey: user.withoutDevice) else { return }
        aliases[other] = nil
    }

    /// The LID of a user when it is known. Without device.
    func hiddenAddress(of user: JID) -> JID { sessionAddress(of: user.withoutDevice) }

    /// The address that sessions are kept by: the LID when it is known, with the same device.
    func sessionAddress(of device: JID) -> JID {
        guard !device.isLID, let lid = aliases[device.withoutDevice] else { return device }
        return lid.device(like: device)
    }
}
