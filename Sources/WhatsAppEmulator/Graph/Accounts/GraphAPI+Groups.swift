import Foundation

extension GraphAPI {
    /// `GET` and `POST /{phone-number-id}/groups`; the id and the invite link of a new group come by webhook.
    func groups(_ call: EmulatorCall, _ number: BusinessNumber) async throws -> EmulatorReply {
        if call.method == "GET" {
            let groups = await world.groups.groups.values.filter { $0.phoneNumberID == number.phoneNumberID }
                .sorted { $0.created < $1.created }
            let list = groups.map { group -> EmulatorJSON in
                [
                    "id": .string(group.id), "subject": .string(group.subject),
                    "created_at": .string(String(Int(group.created.timeIntervalSince1970))),
                ]
            }
            return .json(["data": ["groups": .array(list)], "paging": ["cursors": ["before": "", "after": ""]]])
        }
        let body = try call.json()
        let group = try await world.update { try $0.groups.create(body, number: number, at: $0.now) }
        let request = Identifiers.trace()
        await sender.send(
            lifecycle(group, number, type: "group_create", request: request, ["invite_link": .string(group.inviteLink)])
        )
        return .json(["messaging_product": "whatsapp", "request_id": .string(request)])
    }

    /// The endpoints of one group.
    func answer(_ call: EmulatorCall, edge: String, group id: String) async throws -> EmulatorReply {
        guard let group = await world.groups.groups[id], let number = world.numbers[group.phoneNumberID] else {
            throw EmulatedError(code: 131020)
        }
        switch (call.method, edge) {
        case ("GET", ""): return .json(group.json)
        case ("POST", ""):
            let body = try call.json()
            try await world.update { try $0.groups.change(id, body) }
            return .json(["messaging_product": "whatsapp", "request_id": .string(Identifiers.trace())])
        case ("DELETE", ""):
            await world.update { $0.groups.remove(id) }
            let request = Identifiers.trace()
            await sender.send(lifecycle(group, number, type: "group_delete", request: request, [:]))
            return .json(["messaging_product": "whatsapp", "request_id": .string(request)])
        case ("POST", "invite_link"), ("GET", "invite_link"):
            if call.method == "POST" { await world.update { $0.groups.resetInviteLink(id) } }
            let link = await world.groups.groups[id]?.inviteLink ?? ""
            return .json(["messaging_product": "whatsapp", "invite_link": .string(link)])
        case ("DELETE", "participants"):
            let users = (try call.json()["participants"]?.items ?? []).compactMap {
                $0["user"]?.identifier ?? $0["user_id"]?.text
            }
            try await world.update { try $0.groups.removeParticipants(users, from: id) }
            let request = Identifiers.trace()
            await sender.send(
                participants(
                    group, number, type: "group_participants_remove", name: "removed_participants", users, request))
            return .json(["messaging_product": "whatsapp", "request_id": .string(request)])
        case ("GET", "join_requests"):
            return .json(["data": [], "paging": ["cursors": ["before": "", "after": ""]]])
        default: throw EmulatedError.unknownObject(id, method: call.method)
        }
    }

    private func lifecycle(
        _ group: EmulatedGroup, _ number: BusinessNumber, type: String, request: String, _ more: EmulatorJSON
    ) -> WebhookUpdate {
        var item: EmulatorJSON = [
            "timestamp": .string(String(Int(group.created.timeIntervalSince1970))), "group_id": .string(group.id),
            "type": .string(type), "request_id": .string(request), "subject": .string(group.subject),
        ]
        for member in more.members ?? [] { item = item.with(member.name, member.value) }
        return update(number, field: "group_lifecycle_update", item, user: group.id)
    }

    /// A change of the members of `group`, as an update.
    func participants(
        _ group: EmulatedGroup, _ number: BusinessNumber, type: String, name: String, _ users: [String],
        _ request: String?
    ) -> WebhookUpdate {
        var item: EmulatorJSON = ["group_id": .string(group.id), "type": .string(type)]
        item = item.with("request_id", request.map(EmulatorJSON.string))
        item = item.with(
            name,
            .array(
                users.map { Identifiers.isBusinessScopedUser($0) ? ["user_id": .string($0)] : ["wa_id": .string($0)] }))
        return update(number, field: "group_participants_update", item, user: group.id)
    }

    private func update(_ number: BusinessNumber, field: String, _ item: EmulatorJSON, user: String) -> WebhookUpdate {
        WebhookUpdate(
            number: number, field: field,
            content: .value([
                "messaging_product": "whatsapp",
                "metadata": [
                    "display_phone_number": .string(number.displayNumber),
                    "phone_number_id": .string(number.phoneNumberID),
                ],
                "groups": [item],
            ]), contact: nil, user: user)
    }
}
