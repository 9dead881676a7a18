import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// What the control API shows.
extension WebWorld {
    static func json(of account: EmulatedAccount) -> EmulatorJSON {
        [
            "jid": .string(account.phoneNumber.description), "lid": .string(account.lid.description),
            "name": .string(account.name), "devices": .array(account.allDevices.map { .integer(Int($0.number)) }),
        ]
    }

    static func json(of device: EmulatedDevice) -> EmulatorJSON {
        [
            "jid": .string(device.phoneNumber.description), "lid": .string(device.lid.description),
            "name": .string(device.account.name), "connected": .bool(device.link != nil),
            "active": .bool(device.link?.isActive ?? false), "pending": .integer(device.pending.count),
            "prekeys": .integer(device.prekeyCount),
            "props": .object(device.properties.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
        ]
    }

    static func json(of pairing: Pairing) -> EmulatorJSON {
        [
            "id": .integer(pairing.number), "refs": .array(pairing.references.map(EmulatorJSON.string)),
            "props": .object(pairing.properties.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }),
            "link_code_for": pairing.codeRequest.map { .string($0.number) } ?? .null,
        ]
    }

    static func json(of group: WebGroup) -> EmulatorJSON {
        [
            "jid": .string(group.jid.description), "subject": .string(group.subject),
            "participants": .object(group.inOrder.map { .init($0.account.number, .string($0.rank ?? "")) }),
        ]
    }

    static func json(of state: PhoneState) -> EmulatorJSON {
        .object(
            PhoneState.collectionNames.map { name in
                let collection = state.collections[name] ?? PhoneState.Collection()
                let actions = collection.actions.sorted { $0.key < $1.key }.map {
                    EmulatorJSON.Member($0.key, .string(HexadecimalText.text(serialized($0.value))))
                }
                return .init(name, ["version": .integer(Int(collection.version)), "actions": .object(actions)])
            })
    }

    static func json(of entry: EmulatedPhone.InboxEntry) -> EmulatorJSON {
        let head: EmulatorJSON = [
            "id": .string(entry.id), "t": .integer(entry.time), "chat": .string(entry.chat.description),
            "sender": .string(entry.sender.description), "enc": .string(entry.kind),
        ]
        guard case .object(let first) = head, case .object(let rest) = json(of: entry.message) else { return head }
        return .object(first + rest)
    }

    /// A summary of a message, with its bytes in hexadecimal.
    static func json(of message: WAMessage) -> EmulatorJSON {
        var json: EmulatorJSON = ["raw": .string(HexadecimalText.text(serialized(message)))]
        if message.hasDeviceSent {
            return json.with("type", "device_sent").with("destination", .string(message.deviceSent.destinationJid))
                .with("message", self.json(of: message.deviceSent.message))
        }
        if message.hasSenderKeyDistribution {
            json = json.with("sender_key_distribution", .string(message.senderKeyDistribution.groupID))
        }
        if message.hasConversation {
            return json.with("type", "text").with("text", .string(message.conversation))
        }
        if message.hasExtendedText {
            return json.with("type", "text").with("text", .string(message.extendedText.text)).with("extended", true)
        }
        if message.hasReaction {
            return json.with("type", "reaction").with("text", .string(message.reaction.text))
                .with("target", .string(message.reaction.key.id))
        }
        if message.hasEdited { return json.with("type", "edit").with("message", self.json(of: message.edited.message)) }
        if message.hasProtocolMessage {
            let part = message.protocolMessage
            json = json.with("type", "protocol").with("protocol_type", .integer(part.kind.rawValue))
            if part.hasKey { json = json.with("target", .string(part.key.id)) }
            return part.hasEditedMessage ? json.with("edited", self.json(of: part.editedMessage)) : json
        }
        if message.hasImage {
            return json.with("type", "image").with("caption", .string(message.image.caption))
                .with("mimetype", .string(message.image.mimeType))
                .with("direct_path", .string(message.image.directPath))
                .with("media_key", .string(HexadecimalText.text(message.image.mediaKey)))
        }
        if message.hasPollCreation || message.hasPollCreationV3 {
            let poll = message.hasPollCreation ? message.pollCreation : message.pollCreationV3
            return json.with("type", "poll").with("text", .string(poll.name))
                .with("options", .array(poll.options.map { .string($0.name) }))
        }
        for (name, isThere) in [
            ("video", message.hasVideo), ("audio", message.hasAudio), ("document", message.hasDocument),
            ("sticker", message.hasSticker), ("location", message.hasLocation), ("contact", message.hasContact),
            ("poll_update", message.hasPollUpdate),
        ] where isThere {
            return json.with("type", .string(name))
        }
        return json
    }

    /// Ciphertexts that were looked at, keys that were used twice, and what the phones could read.
    var countersJSON: EmulatorJSON {
        [
            "seen": .integer(counters.count), "reused": .integer(counters.reuses), "read": .integer(reading.read),
            "unreadable": .integer(reading.unreadable),
        ]
    }

    func textsJSON(since: Int) -> EmulatorJSON {
        let (texts, last) = reading.texts(since: since)
        let items = texts.map { entry -> EmulatorJSON in
            [
                "reader": .string(entry.reader), "chat": .string(entry.chat.description),
                "sender": .string(entry.sender.description), "id": .string(entry.id), "text": .string(entry.text),
                "quotes": .string(entry.quotes),
            ]
        }
        return ["last": .integer(last), "texts": .array(items)]
    }

    /// Changes options; the names are those of `WebControlGuide`.
    func change(_ arguments: ControlArguments) throws -> EmulatorJSON {
        for name in arguments.names.sorted() {
            switch name {
            case "default_addressing": options.groupsUseLID = arguments.optional(name) == "lid"
            case "compress_over": options.compressAbove = try arguments.whole(name) ?? 0
            case "edge_routing": options.handsOutRouting = arguments.flag(name)
            case "media_host": options.mediaHost = try arguments.text(name)
            case "offline_primer": options.offlinePrimer = try arguments.whole(name) ?? 0
            case "snapshots": options.usesSnapshots = arguments.flag(name)
            case "welcome": options.welcomes = arguments.flag(name)
            case "clock_offset":
                options.clockOffset = try arguments.whole(name, in: -1_000_000_000...1_000_000_000) ?? 0
            case "minimum_revision":
                options.minimumRevision = UInt32(clamping: try arguments.whole(name, in: 0...Int(UInt32.max)) ?? 0)
            case "current_revision":
                options.currentRevision = UInt32(clamping: try arguments.whole(name, in: 0...Int(UInt32.max)) ?? 0)
            case "log_limit": options.logLimit = try arguments.whole(name) ?? 0
            case "lean": options.isLean = arguments.flag(name)
            case "handshake":
                guard let fault = NoiseAuthority.Fault(rawValue: try arguments.text(name)) else {
                    throw WrongCall("handshake is one of \(NoiseAuthority.Fault.allCases.map(\.rawValue))")
                }
                authority.fault = fault
            default: throw WrongCall("there is no option \(name)")
            }
        }
        return [:]
    }
}
