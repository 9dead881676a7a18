import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// The control calls that let a phone do something.
extension WebWorld {
    private func owner(_ arguments: ControlArguments) throws -> EmulatedAccount {
        let account = account(try arguments.phoneNumber("account"))
        _ = phone(of: account)
        return account
    }

    func phoneSend(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let account = try owner(arguments)
        let chat = try arguments.jid("to")
        var message = WAMessage()
        guard let image = try arguments.bytes(base64: "image_base64") else {
            message.conversation = try arguments.text("text")
            return ["id": .string(try phoneSends(message, of: account, to: chat))]
        }
        let sealed = try SealedMedia(image, info: "WhatsApp Image Keys")
        let path = keepMedia(sealed.blob)
        message.image.url = "https://\(options.mediaHost)\(path)"
        message.image.mimeType = arguments.optional("mimetype") ?? "image/png"
        if let caption = arguments.optional("caption") { message.image.caption = caption }
        message.image.fileSha256 = sealed.sha256
        message.image.fileLength = UInt64(sealed.byteCount)
        message.image.mediaKey = Data(sealed.key)
        message.image.fileEncSha256 = sealed.encryptedSHA256
        message.image.directPath = path
        return [
            "id": .string(try phoneSends(message, of: account, to: chat, type: "media", mediaType: "image"))
        ]
    }

    /// Sends a whole `Message`, given as base64.
    func phoneSendRaw(_ arguments: ControlArguments) throws -> EmulatorJSON {
        guard let bytes = try arguments.bytes(base64: "message_base64") else {
            throw WrongCall("message_base64 is missing")
        }
        let id = try phoneSends(
            WAMessage(serializedBytes: bytes), of: owner(arguments), to: arguments.jid("to"),
            type: arguments.optional("type") ?? "text", mediaType: arguments.optional("mediatype"))
        return ["id": .string(id)]
    }

    func phoneRead(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let participant = arguments.optional("participant") == nil ? nil : try arguments.jid("participant")
        return try done {
            phoneReads(
                try arguments.text("id"), in: try arguments.jid("chat"), participant: participant,
                of: try owner(arguments),
                type: arguments.optional("type") ?? "read")
        }
    }

    func phoneTyping(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let state = arguments.optional("state") ?? "composing"
        let part =
            state == "recording" ? Node("composing", ["media": "audio"]) : Node(state)
        let device = phone(of: try owner(arguments)).device
        return try done { chatState(Node("chatstate", ["to": .jid(try arguments.jid("to"))], [part]), from: device) }
    }

    func phonePresence(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let account = try owner(arguments)
        let type = arguments.flag("available") ? "available" : "unavailable"
        return done {
            presence(
                Node("presence", ["type": .text(type), "name": .text(account.name)]), from: phone(of: account).device)
        }
    }

    // MARK: - Messages about messages

    /// The key of the message `id`; it is the phone's own unless `sender` says whose it is.
    private func key(_ arguments: ControlArguments) throws -> WAMessageKey {
        let chat = try arguments.jid("to")
        var key = WAMessageKey()
        key.remoteJid = (resolve(chat)?.lid ?? chat).description
        key.id = try arguments.text("id")
        key.fromMe = arguments.optional("sender") == nil
        if chat.isGroup, !key.fromMe { key.participant = try arguments.jid("sender").withoutDevice.description }
        return key
    }

    func phoneReact(_ arguments: ControlArguments) throws -> EmulatorJSON {
        var message = WAMessage()
        message.reaction.key = try key(arguments)
        message.reaction.text = try arguments.text("emoji")
        message.reaction.senderTimestampMs = Int64(now) * 1000
        let id = try phoneSends(message, of: owner(arguments), to: arguments.jid("to"), type: "reaction")
        return ["id": .string(id)]
    }

    /// Votes for the option with the number `option`, 1 being the first, of the poll `id` that the phone got.
    func phoneVote(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let (account, chat, id) = (
            try owner(arguments), try arguments.jid("to"), try arguments.text("id")
        )
        guard let entry = phone(of: account).inbox.last(where: { $0.id == id }) else {
            throw WrongCall("the phone has no message \(id)")
        }
        let poll = entry.message.hasPollCreation ? entry.message.pollCreation : entry.message.pollCreationV3
        guard let number = try arguments.whole("option"), poll.options.indices.contains(number - 1) else {
            throw WrongCall("option must be from 1 to \(poll.options.count)")
        }
        let author = entry.sender.withoutDevice
        let vote = try SealedVote(
            for: poll.options[number - 1].name, of: id, secret: entry.message.messageContext.messageSecret,
            author: author, voter: author.isLID ? account.lid : account.phoneNumber)
        var message = WAMessage()
        message.pollUpdate.pollCreationKey.remoteJid = (resolve(chat)?.lid ?? chat).description
        message.pollUpdate.pollCreationKey.id = id
        message.pollUpdate.pollCreationKey.fromMe = false
        if chat.isGroup { message.pollUpdate.pollCreationKey.participant = author.description }
        message.pollUpdate.vote.payload = vote.payload
        message.pollUpdate.vote.iv = vote.nonce
        message.pollUpdate.senderTimestampMs = Int64(now) * 1000
        return ["id": .string(try phoneSends(message, of: account, to: chat, type: "poll"))]
    }

    func phoneEdit(_ arguments: ControlArguments) throws -> EmulatorJSON {
        var message = WAMessage()
        message.edited.message.protocolMessage.key = try key(arguments)
        message.edited.message.protocolMessage.kind = .messageEdit
        message.edited.message.protocolMessage.editedMessage.conversation = try arguments.text("text")
        message.edited.message.protocolMessage.timestampMs = Int64(now) * 1000
        return ["id": .string(try phoneSends(message, of: owner(arguments), to: arguments.jid("to")))]
    }

    func phoneRevoke(_ arguments: ControlArguments) throws -> EmulatorJSON {
        var message = WAMessage()
        message.protocolMessage.key = try key(arguments)
        message.protocolMessage.kind = .revoke
        return ["id": .string(try phoneSends(message, of: owner(arguments), to: arguments.jid("to")))]
    }

    // MARK: - Groups

    func phoneMakesGroup(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let device = phone(of: try owner(arguments)).device
        let members = try (arguments.json("participants")?.items ?? []).map { item -> Node in
            guard let digits = EmulatedAccount.digits(of: item.identifier ?? "") else {
                throw WrongCall("a participant is no number")
            }
            return Node("participant", ["jid": .jid(.phoneNumber(digits))])
        }
        let request = Node(
            "iq", [Node("create", ["subject": .text(try arguments.text("subject"))], members)])
        let made = try group(request, .groups, from: device)
        return ["jid": .string("\(made.first?.text("id") ?? "")@g.us")]
    }

    /// `action` is a tag such as `add`, `remove`, `promote`, `demote`, `subject` or `announcement`.
    func phoneChangesGroup(_ arguments: ControlArguments) throws -> EmulatorJSON {
        let device = phone(of: try owner(arguments)).device
        let action = try arguments.text("action")
        var change = Node(action)
        if let text = arguments.optional("text") {
            change = Node(action, utf8: text)
        } else if let items = arguments.json("participants")?.items {
            change = Node(
                action,
                try items.map { item in
                    guard let digits = EmulatedAccount.digits(of: item.identifier ?? "") else {
                        throw WrongCall("a participant is no number")
                    }
                    return Node("participant", ["jid": .jid(.phoneNumber(digits))])
                })
        }
        let request = Node("iq", ["type": "set"], [change])
        let answer = try group(request, try arguments.jid("group"), from: device)
        return ["answer": .array(answer.map { .string(xml($0)) })]
    }
}
