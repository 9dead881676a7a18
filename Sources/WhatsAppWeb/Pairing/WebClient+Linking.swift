import Foundation
import Logging
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

extension WebClient {
    /// The server offers references to link with.
    func beginLinking(_ node: Node) {
        guard credentials?.account == nil, let id = node.text("id") else { return }
        try? send(Node("iq", ["to": .jid(.whatsApp), "type": "result", "id": .text(id)]))
        notify.yield(.connection(.linking))
        if let number = settings.linksByCodeTo {
            addChore?.yield { try await $0.offerCode(for: number) }
        } else {
            addChore?.yield { try await $0.offerCodes(node) }
        }
    }

    /// Shows the QR codes one after the other.
    private func offerCodes(_ node: Node) async throws -> ConnectionVerdict? {
        guard let credentials, let offer = node.child("pair-device") else { return nil }
        var codes = try QRCodes(offer, for: credentials)
        while let code = codes.next() {
            notify.yield(.qr(code.text, shownFor: code.shownFor))
            try await time.sleep(code.shownFor)
            // The phone's answer has come, and the connection is about to end.
            if self.credentials?.account != nil { return nil }
        }
        return .ended(.notScanned)
    }

    private func offerCode(for number: String) async throws -> ConnectionVerdict? {
        guard let credentials else { return nil }
        var code: LinkCode
        do {
            code = try LinkCode(for: number)
            try code.accept(await request(try code.hello(from: credentials)))
        } catch let error as WebError where error.code == .refused {
            // The number is wrong, or has asked too often: nothing that comes later on this connection helps.
            return .ended(.refused(status: error.status ?? 0))
        }
        linkCode = code
        notify.yield(.pairingCode(code.shown))
        // As long as a code is good on the phone.
        try await time.sleep(.seconds(180))
        return self.credentials?.account == nil ? .ended(.notScanned) : nil
    }

    /// The owner has typed the code on the phone.
    func finishLinkCode(_ notification: Node) async throws -> ConnectionVerdict? {
        guard var linkCode, linkCode.isAnswered(by: notification), var credentials, credentials.account == nil else {
            return nil
        }
        linkCode.answers += 1
        self.linkCode = linkCode.answers < LinkCode.mostAnswers ? linkCode : nil
        let finish = try linkCode.finish(notification, with: credentials)
        credentials.pairingSecret = finish.pairingSecret
        try await save(credentials)
        self.credentials = credentials
        _ = try await request(finish.request)
        return nil
    }

    /// The phone has vouched for this device: check it, vouch in turn, and keep the account before saying so.
    func finishLinking(_ node: Node) async throws -> ConnectionVerdict? {
        guard var credentials, credentials.account == nil, let id = node.text("id"),
            let success = node.child("pair-success")
        else { return nil }
        do {
            let signed = try DeviceIdentity.sign(
                success.requiredChild("device-identity").requiredBytes(), with: credentials)
            let device = try success.requiredChild("device")
            let account = Credentials.Account(
                phoneNumber: try device.requiredJID("jid"), lid: try device.requiredJID("lid"),
                deviceIdentity: signed.whole, platform: success.child("platform")?.text("name"),
                businessName: success.child("biz")?.text("name"))
            credentials.account = account
            try await save(credentials, events: [.linked(LinkedAccount(account))])
            self.credentials = credentials
            try send(
                Node(
                    "iq", ["to": .jid(.whatsApp), "type": "result", "id": .text(id)],
                    [
                        Node(
                            "pair-device-sign", [:],
                            [
                                Node(
                                    "device-identity", ["key-index": .number(signed.keyIndex)], bytes: signed.answer)
                            ])
                    ]))
            try send(.unifiedSession(at: time.now()))
            return nil
        } catch {
            let (code, text) =
                switch error as? DeviceIdentity.Refusal {
                case .wrongHMAC: (401, "hmac-mismatch")
                case .wrongSignature: (401, "signature-mismatch")
                case .malformed, nil: (500, "internal-error")
                }
            try? send(
                Node(
                    "iq", ["to": .jid(.whatsApp), "type": "error", "id": .text(id)],
                    [Node("error", ["code": .number(code), "text": .text(text)])]))
            guard error is DeviceIdentity.Refusal || error is WireError else { throw error }
            logger.error("The phone's answer at linking was refused", metadata: ["reason": "\(text)"])
            return .retry("the phone's answer at linking was refused (\(text)); a new code follows")
        }
    }
}

extension Node {
    /// What clients tell the server after linking and login: where in the week they are.
    static func unifiedSession(at now: Date) -> Node {
        let day: Int64 = 86_400_000
        let number = (Int64(now.timeIntervalSince1970 * 1000) + 3 * day) % (7 * day)
        return Node("ib", [:], [Node("unified_session", ["id": .number(number)])])
    }
}
