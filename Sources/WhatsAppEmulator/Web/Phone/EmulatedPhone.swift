import Foundation
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

/// The primary phone of an account: it links devices, and it is an end-to-end peer with keys of its own.
final class EmulatedPhone {
    unowned let account: EmulatedAccount
    let identity = SigningKey.random()
    let registrationID = UInt32.random(in: 1...16_380)
    /// Names the account's list of key indexes.
    let rawID = UInt32.random(in: 1...0x7FFF_FFFF)
    let signedPrekey: SignedPrekey
    /// Device 0 of the account.
    let device: EmulatedDevice
    private(set) var prekeys: [UInt32: Prekey] = [:]
    private var nextPrekey: UInt32 = 1
    private(set) var keyIndex: UInt32 = 0
    let cipher: SessionCipher
    /// By Signal address, as the two maps below.
    var sessions: [String: SessionRecord] = [:]
    var identities: [String: PublicKey] = [:]
    /// By group and Signal address.
    var senderKeys: [String: SenderKeyRecord] = [:]
    /// By group.
    var ownSenderKeys: [String: OwnSenderKey] = [:]
    /// Stanzas that have come and were not looked at yet.
    var mail: [Node] = []
    /// What was decrypted, newest last; a bounded number.
    var inbox: [InboxEntry] = []
    /// What was sent, for retries.
    var sent: [String: SentEntry] = [:]
    /// What a new companion gets.
    var history: [HistoryEntry] = []
    /// Whether what vouches for companions is signed wrongly, on purpose.
    var signsWrongly = false
    /// What is wrong with the list of companions, on purpose.
    var listFault = ListFault.none
    /// How many of the next messages leave no trace in the ratchets, so that the one after uses their keys again.
    var forgets = 0
    /// The app state as this phone has it.
    var state = PhoneState()

    /// What can be wrong with the list of companions.
    enum ListFault: String {
        case none
        /// It is not signed.
        case signature
        /// A stranger has signed it, and names the own key as the account's.
        case stranger
        case absent
        /// No companion is in it.
        case revoked
    }

    /// A message that was decrypted.
    struct InboxEntry: Sendable {
        let id: String
        let time: Int
        let chat: JID
        let sender: JID
        let kind: String
        let message: WAMessage
    }

    /// A message that was sent.
    struct SentEntry {
        let chat: JID
        let message: WAMessage
    }

    /// A message of either side, for history.
    struct HistoryEntry {
        let chat: JID
        let isOwn: Bool
        let id: String
        let participant: JID?
        let message: WAMessage
        let time: Int
        let name: String
    }

    init(of account: EmulatedAccount) {
        self.account = account
        let pair = KeyPair.random()
        signedPrekey = SignedPrekey(
            id: 1, pair: pair, signature: XEdDSA.sign(pair.publicKey.prefixed, with: identity))
        cipher = SessionCipher(identity: identity.pair, registrationID: registrationID)
        device = EmulatedDevice(
            account: account, number: 0, identity: identity.publicKey, registrationID: registrationID,
            signedKey: .init(
                id: signedPrekey.id, key: signedPrekey.pair.publicKey.bytes, signature: signedPrekey.signature))
        account.add(device)
    }

    /// Brings a one-time prekey to the server if none is left there.
    func replenish() {
        guard device.prekeyCount == 0 else { return }
        let prekey = freshPrekey()
        _ = device.addPrekey(id: prekey.id, key: prekey.pair.publicKey.bytes)
    }

    /// A one-time prekey that nobody has seen.
    func freshPrekey() -> Prekey {
        let prekey = Prekey(id: nextPrekey, pair: .random())
        nextPrekey += 1
        prekeys[prekey.id] = prekey
        return prekey
    }

    func forget(prekey id: UInt32) { prekeys[id] = nil }

    // MARK: - Linking

    func takeKeyIndex() -> UInt32 {
        keyIndex += 1
        return keyIndex
    }

    /// What vouches for a companion.
    func sign(
        companion: PublicKey, keyIndex: UInt32, at time: Int
    ) -> (details: [UInt8], accountKey: [UInt8], signature: [UInt8]) {
        var details = WADeviceIdentity()
        details.rawID = rawID
        details.timestamp = UInt64(time)
        details.keyIndex = keyIndex
        details.accountType = .e2Ee
        details.deviceType = .e2Ee
        let bytes = [UInt8](WebWorld.serialized(details))
        let signature = XEdDSA.sign([6, signsWrongly ? 9 : 0] + bytes + companion.bytes, with: identity)
        return (bytes, identity.publicKey.bytes, signature)
    }

    /// The list of valid companions, signed.
    func keyIndexList(at time: Int) -> [UInt8] {
        var list = WAKeyIndexList()
        list.rawID = rawID
        list.timestamp = UInt64(time)
        list.currentIndex = keyIndex
        list.validIndexes = listFault == .revoked ? [0] : account.allDevices.map(\.keyIndex)
        list.accountType = .e2Ee
        let details = WebWorld.serialized(list)
        var signed = WASignedKeyIndexList()
        signed.details = details
        let signer = listFault == .stranger ? SigningKey.random() : identity
        if listFault == .stranger { signed.accountSignatureKey = Data(signer.publicKey.bytes) }
        let prefix: [UInt8] = [6, listFault == .signature ? 9 : 2]
        signed.accountSignature = Data(XEdDSA.sign(prefix + [UInt8](details), with: signer))
        return [UInt8](WebWorld.serialized(signed))
    }
}
