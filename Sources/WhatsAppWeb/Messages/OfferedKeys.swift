import Logging
import WhatsAppSignal
import WhatsAppWire

/// Keys that a device gives us itself, when it asks for a message that it could not read.
struct OfferedKeys {
    let bundle: PrekeyBundle
    /// How the device's account vouches for it, a `SignedDeviceIdentity` message.
    let deviceIdentity: [UInt8]?

    /// - Parameter receipt: the retry receipt.
    /// - Returns: nil if there are none in it.
    /// - Throws: `WireError` or `SignalError` for keys that are damaged or not signed.
    init?(_ receipt: Node) throws {
        guard let keys = receipt.child("keys") else { return nil }
        bundle = try PrekeyBundle(
            keys, registration: try receipt.requiredChild("registration").requiredBigEndian())
        deviceIdentity = keys.child("device-identity")?.bytes
    }
}

extension WebClient {
    /// The keys that a device offers, if they are its own: their identity is the one that we know it by, or its account
    /// vouches for them; a new identity is told to the owner.
    ///
    /// For an own companion its account must vouch in any case: such a device sees all that we write.
    /// - Parameter device: by the address that sessions are kept by.
    /// - Returns: nil if there are none, or if they prove nothing.
    func checked(_ offer: OfferedKeys?, of device: JID) async throws -> PrekeyBundle? {
        guard let offer else { return nil }
        let addresses = Set([device, device.withoutDevice].map(\.signalAddress))
        return try await withLanes(withFormer(addresses)) {
            try await load(sessions: Array(addresses))
            let identity = offer.bundle.identity
            let known = sessions[session: device.signalAddress]?.remoteIdentity
            let isOwnCompanion = device.device != 0 && ownAddresses.contains(device.withoutDevice)
            if known == identity, !isOwnCompanion { return offer.bundle }
            // Nobody can vouch for a phone but the server, which is asked then.
            guard device.device != 0, isVouchedFor(device, identity, by: offer.deviceIdentity) else {
                logger.warning("A device asks for a message with keys that are not known to be its own")
                return nil
            }
            if let known, known != identity {
                try await store.commit([], events: [.identityChanged(device.withoutDevice)])
            }
            return offer.bundle
        }
    }
}
