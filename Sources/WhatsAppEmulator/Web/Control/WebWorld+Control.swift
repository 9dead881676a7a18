import Foundation
import WhatsAppKeys
import WhatsAppWire

/// The control API: JSON in, JSON out.
extension WebWorld {
    /// What a call has wrong; the text goes to the caller.
    struct WrongCall: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    func control(_ call: EmulatorCall) -> WebReply {
        do {
            let arguments = try ControlArguments(call)
            let answer = try act(call.method, call.path.joined(separator: "/"), arguments)
            runPhones()
            return .json(answer)
        } catch let error as WrongCall {
            return .failure(error.reason)
        } catch let error as StanzaRefusal {
            return .failure(error.reason)
        } catch {
            return .failure("\(error)")
        }
    }

    private func act(_ method: String, _ path: String, _ arguments: ControlArguments) throws -> EmulatorJSON {
        switch (method, path) {
        case ("GET", ""), ("GET", "help"): .string(WebControlGuide.text)
        case ("POST", "account"):
            Self.json(of: account(try arguments.phoneNumber("number"), name: arguments.optional("name") ?? ""))
        case ("POST", "accounts"): try manyAccounts(arguments)
        case ("GET", "accounts"): .array(accounts.values.sorted { $0.number < $1.number }.map(Self.json))
        case ("GET", "devices"):
            .array(accounts.values.sorted { $0.number < $1.number }.flatMap(\.companions).map(Self.json))
        case ("GET", "pairings"): .array(pairings.map(Self.json))
        case ("GET", "groups"): .array(groups.values.sorted { $0.id < $1.id }.map(Self.json))
        case ("GET", "root"): ["root": .string(HexadecimalText.text(authority.rootKey))]
        case ("POST", "qr/scan"): try scan(arguments)
        case ("POST", "link-code"): try typeCode(arguments)
        case ("POST", "drop"): drop(try arguments.device(in: self), arguments.optional("code"))
        case ("POST", "unlink"): try done { unlink(try arguments.device(in: self)) }
        case ("POST", "refuse"): try refuseLogins(arguments)
        case ("POST", "send-stanza"): try sendStanza(arguments)
        case ("POST", "corrupt"): try done { try arguments.device(in: self).faults.corrupt = try arguments.count() }
        case ("POST", "duplicate"): try done { try arguments.device(in: self).faults.duplicate = try arguments.count() }
        case ("POST", "lose"): try done { try arguments.device(in: self).faults.lose = try arguments.count() }
        case ("POST", "swap"): try done { try arguments.device(in: self).faults.swap = try arguments.count() }
        case ("POST", "delay"): try delay(arguments)
        case ("POST", "forget"):
            try done { phone(of: account(try arguments.phoneNumber("account"))).forgets = try arguments.count() }
        case ("POST", "refuse-message"):
            try done { refusedMessages[try arguments.phoneNumber("account")] = try arguments.whole("error") ?? 463 }
        case ("POST", "media-fault"):
            try done { (mediaFaults, mediaFaultTruncates) = (try arguments.count(), arguments.flag("truncate")) }
        case ("POST", "key-index-fault"): try spoilList(arguments)
        case ("POST", "key-fault"):
            try done { try arguments.device(in: self).faults.hidesKeys = arguments.flag("hidden") }
        case ("POST", "identity-fault"): try spoilIdentities(arguments)
        case ("POST", "alias-fault"):
            try done {
                account(try arguments.phoneNumber("account")).disguise =
                    arguments.optional("as") == nil ? nil : account(try arguments.phoneNumber("as"))
            }
        case ("POST", "low-prekeys"): try tellLowPrekeys(arguments)
        case ("GET", "log"): try logEntries(arguments)
        case ("GET", "counters"): countersJSON
        case ("GET", "texts"): textsJSON(since: try arguments.whole("since", in: 0...Int.max) ?? 0)
        case ("POST", "options"): try change(arguments)
        case ("POST", "phone/send"): try phoneSend(arguments)
        case ("POST", "phone/read"): try phoneRead(arguments)
        case ("POST", "phone/typing"): try phoneTyping(arguments)
        case ("POST", "phone/presence"): try phonePresence(arguments)
        case ("POST", "phone/react"): try phoneReact(arguments)
        case ("POST", "phone/vote"): try phoneVote(arguments)
        case ("POST", "phone/edit"): try phoneEdit(arguments)
        case ("POST", "phone/revoke"): try phoneRevoke(arguments)
        case ("POST", "phone/message"): try phoneSendRaw(arguments)
        case ("POST", "phone/group"): try phoneMakesGroup(arguments)
        case ("POST", "phone/group-change"): try phoneChangesGroup(arguments)
        case ("GET", "phone/inbox"):
            .array(phone(of: account(try arguments.phoneNumber("account"))).inbox.map(Self.json))
        case ("GET", "phone/app-state"): Self.json(of: phone(of: account(try arguments.phoneNumber("account"))).state)
        default: throw WrongCall("there is no such control call; GET / lists them")
        }
    }

    func done(_ action: () throws -> Void) rethrows -> EmulatorJSON {
        try action()
        return [:]
    }

    private func manyAccounts(_ arguments: ControlArguments) throws -> EmulatorJSON {
        guard let first = Int(try arguments.phoneNumber("first")) else { throw WrongCall("first must be a number") }
        // At most 15 digits and six: no sum of them is too large, and the last account has no more digits either.
        let count = try arguments.whole("count", in: 0...100_000) ?? 1
        guard String(first + max(count, 1) - 1).count <= 15 else { throw WrongCall("there are not so many numbers") }
        for number in first..<(first + count) { account(String(number)) }
        return ["count": .integer(count)]
    }

    /// The phone of `account` scans the text of a QR code.
    private func scan(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let text = try arguments.text("qr")
        let code = text.split(separator: "#", maxSplits: 1).last.map(String.init) ?? text
        var fields = code.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        // Newer clients name their platform at the end.
        if fields.count > 4 { fields.removeLast() }
        guard fields.count >= 4 else { throw WrongCall("that is no QR code for linking") }
        let keys = fields.suffix(3).compactMap { Data(base64Encoded: $0).map { [UInt8]($0) } }
        let reference = fields.dropLast(3).joined(separator: ",")
        guard keys.count == 3, keys.allSatisfy({ $0.count == 32 }) else {
            throw WrongCall("a key in the QR code has no 32 bytes")
        }
        guard let pairing = pairings.first(where: { $0.references.contains(reference) }) else {
            throw WrongCall("no connection waits with this ref")
        }
        guard pairing.link.key.bytes == keys[0], pairing.identity.bytes == keys[1] else {
            throw WrongCall("the keys in the QR code are not those of the connection")
        }
        let account = account(try arguments.phoneNumber("account"), name: arguments.optional("name") ?? "")
        var secret = keys[2]
        if arguments.flag("wrong_hmac") { secret[0] ^= 1 }
        phone(of: account).signsWrongly = arguments.flag("wrong_signature")
        offer(pairing, to: account, secret: secret)
        let number = pairing.offer?.deviceNumber ?? 0
        return ["jid": .string(account.phoneNumber.with(device: number).description)]
    }

    private func typeCode(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let number = try arguments.phoneNumber("account")
        guard let pairing = pairings.last(where: { $0.codeRequest?.number == number }) else {
            throw WrongCall("nobody asked to be linked to this number by code")
        }
        return try done { try enter(code: try arguments.text("code"), for: pairing) }
    }

    private func drop(_ device: EmulatedDevice, _ code: String?) -> EmulatorJSON {
        guard let link = device.link else { return ["was_connected": false] }
        end(link, with: code.map { Node("stream:error", ["code": .text($0)]) })
        return ["was_connected": true]
    }

    /// What further logins of an account are answered by; without a reason they are let in again.
    private func refuseLogins(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let account = account(try arguments.phoneNumber("account"))
        account.loginFailure = arguments.optional("reason").map { reason in
            Node(
                "failure",
                [
                    "reason": .text(reason), "location": "frc", "code": .text(ifPresent: arguments.optional("code")),
                    "expire": .text(ifPresent: arguments.optional("expire")),
                ])
        }
        for link in account.companions.compactMap(\.link) { end(link) }
        return [:]
    }

    private func sendStanza(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let device = try arguments.device(in: self)
        guard let stanza = arguments.json("stanza") else { throw WrongCall("stanza is missing") }
        guard let link = device.link else { throw WrongCall("the device is not connected") }
        return try done { send(try Node(json: stanza), to: link) }
    }

    private func delay(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let least = try arguments.whole("min_ms", in: 0...600_000) ?? 0
        let most = try arguments.whole("max_ms", in: 0...600_000) ?? 0
        return try done { try arguments.device(in: self).faults.delay = least..<max(least, most) }
    }

    private func spoilList(_ arguments: ControlArguments) throws -> EmulatorJSON {
        guard let fault = EmulatedPhone.ListFault(rawValue: arguments.optional("fault") ?? "none") else {
            throw WrongCall("fault must be none, signature, stranger, absent or revoked")
        }
        return try done { phone(of: account(try arguments.text("account"))).listFault = fault }
    }

    private func spoilIdentities(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let device = try arguments.device(in: self)
        let count = try arguments.count()
        switch arguments.optional("fault") ?? "stranger" {
        case "stranger": device.faults.strangeIdentities = count
        case "absent": device.faults.lostIdentities = count
        default: throw WrongCall("fault must be stranger or absent")
        }
        return [:]
    }

    private func tellLowPrekeys(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let device = try arguments.device(in: self)
        return done {
            deliver(
                Node(
                    "notification",
                    [
                        "from": .jid(.whatsApp), "id": .text(Identifiers.stanza()), "type": "encrypt",
                        "t": .number(now),
                    ], [Node("count", ["value": .number(device.prekeyCount)])]), to: device)
        }
    }

    private func logEntries(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let entries = log.entries(
            since: try arguments.whole("since", in: 0...Int.max) ?? 0, match: arguments.optional("match") ?? "")
        return .array(
            entries.map { ["seq": .integer($0.sequence), "t": .number($0.time), "text": .string($0.text)] })
    }
}
