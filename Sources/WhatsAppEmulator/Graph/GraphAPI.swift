/// The emulated Graph API: finds the endpoint of a call (Meta, Cloud API reference).
struct GraphAPI: Sendable {
    let world: GraphWorld
    let sender: WebhookSender
    let configuration: GraphEmulator.Configuration

    /// Answers `call`; its path starts with the version or with the object's id.
    func answer(_ call: EmulatorCall) async throws -> EmulatorReply {
        var call = call
        if let first = call.path.first, isVersion(first) { call = call.dropping(1) }
        guard let id = call.path.first else {
            throw EmulatedError.invalidParameter(
                "The path must name an object, such as /v26.0/{phone-number-id}/messages.")
        }
        let edge = call.path.count > 1 ? call.path[1] : ""
        if id == "oauth", edge == "access_token" { return try accessToken(call) }
        try authorize(call)
        if id == "debug_token" { return debugToken(call) }
        if let number = world.numbers[id] { return try await answer(call, edge: edge, number: number) }
        if configuration.numbers.contains(where: { $0.accountID == id }) {
            return try await answer(call, edge: edge, account: id)
        }
        if id == configuration.appID { return try await answerApp(call, edge: edge) }
        if await world.groups.groups[id] != nil { return try await answer(call, edge: edge, group: id) }
        if edge.isEmpty { return try await answer(call, media: id) }
        throw EmulatedError.unknownObject(id, method: call.method)
    }

    private func isVersion(_ part: String) -> Bool {
        part.first == "v" && part.count > 1 && part.dropFirst().allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    }

    /// The endpoints of a phone number.
    private func answer(_ call: EmulatorCall, edge: String, number: BusinessNumber) async throws -> EmulatorReply {
        switch (call.method, edge) {
        case ("POST", "messages"), ("POST", "marketing_messages"): await messages(call, number)
        case ("POST", "media"): try await upload(call, number)
        case ("GET", ""):
            .json(
                health(of: number, fields: call.fields, override: await sender.desk.override(for: number.phoneNumberID))
            )
        case ("POST", ""): try await changeNumber(call, number)
        case ("GET", "whatsapp_business_profile"):
            .json(["data": [await world.accounts.profile(of: number)]])
        case ("POST", "whatsapp_business_profile"):
            try await changeProfile(call, number)
        case ("GET", "block_users"), ("POST", "block_users"), ("DELETE", "block_users"):
            try await blockUsers(call, number)
        case ("GET", "conversational_automation"):
            .json(await world.accounts.automation(of: number))
        case ("POST", "conversational_automation"):
            try await changeAutomation(call, number)
        case ("GET", "groups"), ("POST", "groups"): try await groups(call, number)
        case ("POST", "register"), ("POST", "deregister"), ("POST", "request_code"), ("POST", "verify_code"):
            .json(["success": true])
        default: throw EmulatedError.unknownObject(number.phoneNumberID, method: call.method)
        }
    }

    /// Refuses a call without the configured token (or the app's own).
    func authorize(_ call: EmulatorCall) throws {
        var token = call.query["access_token"]
        if let header = call.authorization {
            let parts = header.split(separator: " ", maxSplits: 1)
            token = parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
        }
        let appToken = "\(configuration.appID)|\(configuration.appSecret)"
        guard let token, constantTimeEqual(token, configuration.token) || constantTimeEqual(token, appToken) else {
            var error = EmulatedError(code: 190)
            error.message =
                token == nil
                ? "An access token is required to request this resource."
                : "Invalid OAuth access token - Cannot parse access token"
            throw error
        }
    }
}
