import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// The devices of a user as the server lists them, and the list of companions that the account has signed.
struct ListedDevices {
    /// The most devices of one user that are believed.
    private static let limit = 128

    private struct Device {
        let number: UInt16
        let keyIndex: UInt32?
        /// Whether a business host runs it.
        let isHosted: Bool
    }

    let user: JID
    private let devices: [Device]
    private let signedList: [UInt8]?

    /// - Parameter node: a `<user>` of the answer.
    init(_ node: Node, of user: JID) {
        self.user = user
        let answer = node.child("devices")
        signedList = answer?.child("key-index-list")?.bytes
        devices = (answer?.child("device-list")?.children("device") ?? []).prefix(Self.limit).compactMap { device in
            device.text("id").flatMap { UInt16($0) }.map { number in
                Device(
                    number: number, keyIndex: device.text("key-index").flatMap { UInt32($0) },
                    isHosted: device.text("is_hosted") == "true")
            }
        }
    }

    var hasCompanions: Bool { devices.contains { $0.number != 0 } }

    /// Whether the account has signed the list.
    func isSigned(by account: PublicKey?) -> Bool { keyIndexes(by: account) != nil }

    /// The phone, and the companions that the account vouches for: none where its list is missing, damaged, or signed
    /// by somebody else.
    func devices(vouchedForBy account: PublicKey?) -> [JID] {
        let signed = hasCompanions ? keyIndexes(by: account) : nil
        return devices.compactMap { device in
            guard device.number != 0 else { return user.with(device: 0) }
            guard let signed, let index = device.keyIndex,
                signed.validIndexes.contains(index) || index > signed.currentIndex
            else { return nil }
            let place: JID.Server = user.isLID ? .hostedLID : .hosted
            return device.isHosted ? JID(user.user, place, device: device.number) : user.with(device: device.number)
        }
    }

    private func keyIndexes(by account: PublicKey?) -> WAKeyIndexList? {
        guard let account, let signedList else { return nil }
        return DeviceIdentity.keyIndexes(signedList, account: account)
    }
}
