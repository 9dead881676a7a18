import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// Linking: what the phone offers, and the companion's answer.
extension WebWorld {
    /// The pairings that wait, oldest first.
    var pairings: [Pairing] { links.values.compactMap(\.pairing).sorted { $0.number < $1.number } }

    /// The phone of `account` has accepted the companion.
    /// - Parameter secret: what the companion has shown in the code, the key of the HMAC.
    func offer(_ pairing: Pairing, to account: EmulatedAccount, secret: [UInt8]) {
        let phone = phone(of: account)
        let number = account.takeDeviceNumber()
        let keyIndex = phone.takeKeyIndex()
        let signed = phone.sign(companion: pairing.identity, keyIndex: keyIndex, at: now)
        let stanzaID = String(UInt32.random(in: 1 ... .max))
        pairing.offer = Pairing.Offer(
            account: account, deviceNumber: number, keyIndex: keyIndex, details: signed.details,
            accountKey: signed.accountKey, accountSignature: signed.signature, stanzaID: stanzaID)
        var identity = WASignedDeviceIdentity()
        identity.details = Data(signed.details)
        identity.accountSignatureKey = Data(signed.accountKey)
        identity.accountSignature = Data(signed.signature)
        var container = WASignedDeviceIdentityContainer()
        container.accountType = .e2Ee
        container.details = Self.serialized(identity)
        let hmac = KeyDerivation.authenticate([UInt8](container.details), with: SecretBytes(secret))
        container.hmac = Data(hmac.exposed())
        var properties = WAClientPairingProps()
        properties.isChatDbLidMigrated = true
        properties.isSyncdPureLidSession = true
        properties.isSyncdSnapshotRecoveryEnabled = true
        let parts = [
            Node("device-identity", bytes: [UInt8](Self.serialized(container))),
            Node(
                "device",
                [
                    "jid": .jid(account.phoneNumber.with(device: number)),
                    "lid": .jid(account.lid.with(device: number)),
                ]),
            Node("platform", ["name": "android"]),
            Node("client-props", bytes: [UInt8](Self.serialized(properties))),
        ]
        send(
            Node(
                "iq",
                [
                    "from": .jid(.whatsApp), "type": "set", "id": .text(stanzaID), "xmlns": "md", "t": .number(now),
                ], [Node("pair-success", parts)]), to: pairing.link)
    }

    /// Takes the companion's answer to the offer, or to the references.
    func pairingAnswer(_ node: Node, from link: WebLink) {
        guard let pairing = link.pairing, let offer = pairing.offer, node.text("id") == offer.stanzaID else { return }
        guard node.text("type") == "result" else {
            log.note("\(link.name) refused to be linked: \(xml(node))")
            pairing.offer = nil
            return
        }
        do {
            let device = try accept(node, pairing, offer)
            link.pairing = nil
            log.note("paired \(device.phoneNumber) (lid \(device.lid)), device signature verified")
            announce(device, as: "add")
            end(link, with: Node("stream:error", ["code": "515"]))
        } catch {
            let reason = (error as? StanzaRefusal)?.reason ?? "\(error)"
            log.note("REFUSED pairing of \(link.name): \(reason)")
            end(link, with: Node("stream:error", ["code": "401"]))
        }
    }

    private func accept(_ node: Node, _ pairing: Pairing, _ offer: Pairing.Offer) throws -> EmulatedDevice {
        guard let reply = node.descendant("pair-device-sign", "device-identity"), let bytes = reply.bytes,
            var identity = try? WASignedDeviceIdentity(serializedBytes: bytes)
        else { throw StanzaRefusal.badRequest("the answer has no device identity") }
        guard reply.text("key-index") == String(offer.keyIndex) else {
            throw StanzaRefusal.badRequest("the answer has another key index than \(offer.keyIndex)")
        }
        guard [UInt8](identity.details) == offer.details, [UInt8](identity.accountSignature) == offer.accountSignature
        else { throw StanzaRefusal.badRequest("the companion changed its signed identity") }
        guard identity.accountSignatureKey.isEmpty else {
            throw StanzaRefusal.badRequest("the account's key should have been left out")
        }
        let signed = [6, 1] + offer.details + pairing.identity.bytes + offer.accountKey
        guard XEdDSA.isValid([UInt8](identity.deviceSignature), over: signed, by: pairing.identity) else {
            throw StanzaRefusal.badRequest("the device's signature is not valid")
        }
        identity.accountSignatureKey = Data(offer.accountKey)
        let device = EmulatedDevice(
            account: offer.account, number: offer.deviceNumber, identity: pairing.identity,
            registrationID: pairing.registrationID, signedKey: pairing.signedKey, noiseKey: pairing.link.key,
            keyIndex: offer.keyIndex)
        device.signedIdentity = [UInt8](Self.serialized(identity))
        device.properties = pairing.properties
        offer.account.add(device)
        return device
    }

    /// Whether two signed identities say the same, all four fields of it.
    static func isSameIdentity(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard let one = try? WASignedDeviceIdentity(serializedBytes: one),
            let other = try? WASignedDeviceIdentity(serializedBytes: other)
        else { return false }
        return one.details == other.details && one.accountSignatureKey == other.accountSignatureKey
            && one.accountSignature == other.accountSignature && one.deviceSignature == other.deviceSignature
    }

    /// The identity with the word of a stranger, who says to be the account.
    static func signedByStranger(_ identity: [UInt8]) -> [UInt8] {
        guard var message = try? WASignedDeviceIdentity(serializedBytes: identity) else { return identity }
        let stranger = SigningKey.random()
        message.accountSignatureKey = Data(stranger.publicKey.bytes)
        message.accountSignature = Data(XEdDSA.sign([6, 0] + [UInt8](message.details), with: stranger))
        return [UInt8](serialized(message))
    }

    /// The bytes of a message; those the emulator makes have all they need.
    static func serialized(_ message: some SwiftProtobuf.Message) -> Data { (try? message.serializedData()) ?? Data() }
}
