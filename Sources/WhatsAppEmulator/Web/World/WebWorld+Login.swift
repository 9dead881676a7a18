import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// What happens right after the handshake: registration or login.
extension WebWorld {
    func admit(_ arrival: WorldInput.Arrival) {
        let link = WebLink(arrival)
        links[link.number] = link
        guard let payload = try? WAClientPayload(serializedBytes: arrival.payload) else {
            return refuse(link, 400, "the client payload is no protobuf")
        }
        let version = payload.userAgent.appVersion
        let kind =
            payload.hasDevicePairingData ? "registration" : "login \(payload.username) device \(payload.device)"
        let routed = arrival.routingInfo.map { ", routing info \(HexadecimalText.text($0))" } ?? ""
        log.note(
            "client payload: \(kind), version \(version.primary).\(version.secondary).\(version.tertiary), "
                + "passive \(payload.passive), pull \(payload.pull)\(routed)")
        guard payload.hasUserAgent, payload.userAgent.hasAppVersion, payload.hasWebInfo else {
            return refuse(link, 409, "user agent, version or web info are missing")
        }
        guard version.tertiary >= options.minimumRevision else {
            return refuse(link, 405, "revision \(version.tertiary) is older than \(options.minimumRevision)")
        }
        if payload.hasDevicePairingData {
            register(link, payload.devicePairingData)
        } else {
            logIn(link, payload)
        }
    }

    func refuse(_ link: WebLink, _ code: Int, _ reason: String) {
        log.note("REFUSED \(link.name): \(reason)")
        end(link, with: Node("failure", ["reason": .number(code), "location": "frc"]))
    }

    private func register(_ link: WebLink, _ data: WADevicePairingData) {
        var problems: [String] = []
        if [UInt8](data.keyType) != [PublicKey.type] { problems.append("the key type is not 5") }
        let lengths = [
            ("registration id", data.registrationID.count, 4), ("signed prekey's id", data.signedPrekeyID.count, 3),
            ("identity", data.identityKey.count, 32), ("signed prekey", data.signedPrekey.count, 32),
            ("build hash", data.buildHash.count, 16),
        ]
        for (name, count, wanted) in lengths where count != wanted {
            problems.append("the \(name) has \(count) bytes, not \(wanted)")
        }
        let identity = try? PublicKey([UInt8](data.identityKey))
        let signature = [UInt8](data.signedPrekeySignature)
        let signed = [PublicKey.type] + [UInt8](data.signedPrekey)
        if !(identity.map { XEdDSA.isValid(signature, over: signed, by: $0) } ?? false) {
            problems.append("the signed prekey is not signed by the identity")
        }
        guard let properties = try? WADeviceProps(serializedBytes: data.deviceProps) else {
            return refuse(link, 400, "the device properties are no protobuf")
        }
        guard problems.isEmpty, let identity else { return refuse(link, 400, problems.joined(separator: "; ")) }
        let pairing = Pairing(
            number: nextPairingNumber(), link: link, identity: identity,
            registrationID: Self.number([UInt8](data.registrationID)),
            signedKey: .init(
                id: Self.number([UInt8](data.signedPrekeyID)), key: [UInt8](data.signedPrekey), signature: signature),
            properties: [
                "os": .string(properties.os), "platform": .integer(properties.platformType.rawValue),
                "require_full_sync": .bool(properties.requireFullSync),
            ])
        link.pairing = pairing
        send(
            Node(
                "iq", ["from": .jid(.whatsApp), "type": "set", "id": .text(pairing.requestID), "xmlns": "md"],
                [Node("pair-device", pairing.references.map { Node("ref", utf8: $0) })]),
            to: link)
    }

    private func logIn(_ link: WebLink, _ payload: WAClientPayload) {
        guard let number = UInt16(exactly: payload.device), number > 0,
            let account = accounts[String(payload.username)], let device = account.devices[number],
            device.noiseKey == link.key
        else { return refuse(link, 401, "no device of that account has this number and Noise key") }
        if let failure = account.loginFailure {
            log.note("\(device.phoneNumber) is let down, as asked")
            return end(link, with: failure)
        }
        guard payload.pull, payload.hasLc else { return refuse(link, 400, "a login lacks pull or lc") }
        if let other = device.link {
            end(other, with: Node("stream:error", [Node("conflict", ["type": "replaced"])]))
        }
        link.device = device
        device.link = link
        device.lastSeen = now
        if !device.isConfirmed { device.awaitsWelcome = options.welcomes }
        device.isConfirmed = true
        send(
            Node(
                "success", ["t": .number(now), "props": "27", "location": "frc", "lid": .jid(device.lid)]), to: link)
        if options.handsOutRouting {
            let info = Node("routing_info", bytes: [8, 2, 8, 5])
            send(Node("ib", ["from": .jid(.whatsApp)], [Node("edge_routing", [info])]), to: link)
        }
    }

    /// A big-endian number of at most four bytes.
    static func number(_ bytes: [UInt8]) -> UInt32 { bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } }

    /// So many big-endian bytes of a number.
    static func bytes(_ number: UInt32, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * (count - 1 - $0))) }
    }
}
