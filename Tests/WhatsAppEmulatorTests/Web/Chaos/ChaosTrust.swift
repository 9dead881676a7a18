import Foundation
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal

@testable import WhatsAppEmulator
@testable import WhatsAppWeb
@testable import WhatsAppWire

/// What linking leaves behind, without the linking: keys that the server has, and accounts that vouch for them.
struct ChaosTrust: Sendable {
    let jid: JID
    let credentials: Credentials
    let disk: MemoryStore

    /// Makes the device one of its account in the world.
    func link(in world: isolated WebWorld) {
        let account = world.account(jid.user)
        let phone = world.phone(of: account)
        let signed = credentials.signedPrekey
        let device = EmulatedDevice(
            account: account, number: jid.device, identity: credentials.identity.publicKey,
            registrationID: credentials.registrationID,
            signedKey: .init(id: signed.id, key: signed.keys.publicKey.bytes, signature: signed.signature),
            noiseKey: credentials.noise.publicKey, keyIndex: phone.takeKeyIndex())
        let companion = credentials.identity.publicKey
        let word = phone.sign(companion: companion, keyIndex: device.keyIndex, at: world.now)
        var identity = WASignedDeviceIdentity()
        identity.details = Data(word.details)
        identity.accountSignatureKey = Data(word.accountKey)
        identity.accountSignature = Data(word.signature)
        identity.deviceSignature = Data(
            XEdDSA.sign([6, 1] + word.details + companion.bytes + word.accountKey, with: credentials.identity))
        device.signedIdentity = [UInt8](WebWorld.serialized(identity))
        device.isConfirmed = true
        account.add(device)
        var linked = credentials
        linked.account?.deviceIdentity = device.signedIdentity
        if let stored = try? linked.encoded() { disk.commit([.put(Credentials.key, stored)], events: []) }
    }

    /// Stores a session with the phone of each account: most phones are not in the world, and vouch all the same.
    func meetPhones(of numbers: Set<String>, in world: isolated WebWorld) {
        let cipher = SessionCipher(
            identity: credentials.identity.pair, registrationID: credentials.registrationID)
        for number in numbers where number != jid.user {
            let account = world.account(number)
            let phone = world.phone(of: account)
            guard
                let bundle = try? PrekeyBundle(
                    registrationID: phone.registrationID, identity: phone.identity.publicKey,
                    signedPrekeyID: phone.signedPrekey.id, signedPrekey: phone.signedPrekey.pair.publicKey,
                    signature: phone.signedPrekey.signature, prekey: nil),
                let record = try? cipher.begin(with: bundle, trusting: nil)
            else { continue }
            let key = StoreKey(.session, "\(account.lid.signalName).0")
            disk.commit([.put(key, record.serialized())], events: [])
        }
    }
}

extension ChaosTrust {
    init?(_ device: ChaosDevice) {
        guard let credentials = device.credentials else { return nil }
        self.init(jid: device.jid, credentials: credentials, disk: device.disk)
    }
}
