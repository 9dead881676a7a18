import Foundation

/// The calls that play users and Meta's own reports.
extension ControlAPI {
    func playMessage(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let (update, id, user) = try await world.update { try $0.play(json) }
        if let update { await sender.send(update) }
        return .json(
            .object([
                "id": .string(id), "user_id": .string(user.scopedID), "phone": user.phone.map(EmulatorJSON.string),
                "delivered": .bool(update != nil),
            ]))
    }

    func defineUser(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let user = try await world.update { world in
            let user = try world.user(describedBy: json)
            if let dialled = json["dialled_as"]?.identifier.flatMap(Identifiers.phoneDigits), let phone = user.phone {
                world.users.addAlias(dialled, for: phone)
            }
            return user
        }
        return .json(.object(["user_id": .string(user.scopedID), "phone": user.phone.map(EmulatorJSON.string)]))
    }

    func changeNumber(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let update = try await world.update { try $0.changeNumber(json) }
        await sender.send(update)
        guard case .message(let message) = update.content else { return .json([:]) }
        return .json(.object(["id": message["id"], "user_id": message["system"]?["user_id"]]))
    }

    func upload(_ call: EmulatorCall) async throws -> EmulatorReply {
        let number = try await world.number(call.query["phone_number_id"])
        let type = call.query["mime_type"] ?? (call.contentType.isEmpty ? "application/octet-stream" : call.contentType)
        let media = await world.store(
            call.body, mimeType: type, filename: call.query["filename"], number: number, isIncoming: true)
        return .json([
            "id": .string(media.id), "sha256": .string(media.digestBase64), "mime_type": .string(media.mimeType),
            "file_size": .integer(media.bytes.count),
        ])
    }

    /// Reports a status of a message by hand.
    func report(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let rules = try FieldRules(json, path: "status")
        let id = try rules.text("id", 1...512)
        let status = try rules.text("status", 1...64)
        let (number, user, offset) = try await world.update { world in
            (
                try world.number(json["phone_number_id"]?.identifier),
                (json["user"]?.identifier).flatMap(world.users.user), world.clockOffset
            )
        }
        let script = StatusScript(
            number: number, messageID: id, user: user, groupID: json["group_id"]?.text,
            callbackData: json["callback_data"]?.text, category: "service", clockOffset: offset)
        await sender.send(script.update(status, errorCode: json["code"]?.whole))
        return .json(["ok": true])
    }

    /// Sends a change, an envelope or any bytes, signed as asked.
    func sendRaw(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let number = try await world.number(json["phone_number_id"]?.identifier)
        guard let signature = WebhookUpdate.Signature(rawValue: json["signature"]?.text ?? "valid") else {
            throw EmulatedError.invalidParameter("Param signature must be one of {valid, wrong, missing}.")
        }
        let content: WebhookUpdate.Content
        if let envelope = json["envelope"] {
            content = .body(envelope.encoded(.meta))
        } else if let text = json["body"]?.text {
            content = .body(Array(text.utf8))
        } else if let field = json["field"]?.text, let value = json["value"] {
            let update = WebhookUpdate(number: number, field: field, content: .value(value), contact: nil, user: field)
            content = .body(WebhookEnvelope.encode([update]))
        } else {
            throw EmulatedError.invalidParameter("The body needs envelope, or body, or field and value.")
        }
        await sender.send(
            WebhookUpdate(number: number, content: content, contact: nil, user: "raw", signature: signature))
        return .json(["ok": true])
    }

    func setAddress(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let url = json["url"]?.text
        if json["verify"]?.flag == true, let url { try await graph.verify(url, token: configuration.verifyToken) }
        await sender.desk.setAddress(url)
        return .json(["ok": true])
    }

    func handshake(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let number = try await world.number(json["phone_number_id"]?.identifier)
        let known = await sender.desk.address(for: number)
        guard let url = json["url"]?.text ?? known, let client = await sender.desk.currentClient() else {
            throw EmulatedError.invalidParameter("Param url is required, for no webhook address is set.")
        }
        let outcome = await WebhookHandshake(client: client)
            .run(url: url, verifyToken: json["verify_token"]?.text ?? configuration.verifyToken)
        return .json(outcome.json)
    }

    private var graph: GraphAPI { GraphAPI(world: world, sender: sender, configuration: configuration) }
}
