extension GraphAPI {
    /// `GET /debug_token?input_token=…`.
    func debugToken(_ call: EmulatorCall) -> EmulatorReply {
        let token = call.query["input_token"] ?? ""
        let isValid = constantTimeEqual(token, configuration.token)
        return .json([
            "data": .object([
                "app_id": .string(configuration.appID), "type": "SYSTEM_USER", "application": "Emulated app",
                "expires_at": 0, "data_access_expires_at": 0, "is_valid": .bool(isValid),
                "scopes": isValid
                    ? ["business_management", "whatsapp_business_management", "whatsapp_business_messaging"] : [],
                "error": isValid ? nil : ["code": 190, "message": "Invalid OAuth access token."],
            ])
        ])
    }

    /// `GET /oauth/access_token`: the app's own token for its id and secret.
    func accessToken(_ call: EmulatorCall) throws -> EmulatorReply {
        guard call.query["client_id"] == configuration.appID,
            constantTimeEqual(call.query["client_secret"] ?? "", configuration.appSecret)
        else { throw EmulatedError.invalidParameter("Error validating client secret.") }
        return .json([
            "access_token": .string("\(configuration.appID)|\(configuration.appSecret)"), "token_type": "bearer",
        ])
    }

    /// `GET /{phone-number-id}?fields=…`: the asked fields, or those that Meta gives by itself.
    func health(of number: BusinessNumber, fields: [String], override: String?) -> EmulatorJSON {
        let usual = [
            "verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type",
            "throughput",
        ]
        let all: [String: EmulatorJSON] = [
            "verified_name": .string(number.verifiedName), "code_verification_status": "VERIFIED",
            "display_phone_number": .string("+\(number.displayNumber)"), "quality_rating": "GREEN",
            "platform_type": "CLOUD_API", "throughput": ["level": "STANDARD"], "name_status": "APPROVED",
            "status": "CONNECTED", "account_mode": "LIVE", "is_official_business_account": false,
            "messaging_limit_tier": "TIER_250", "whatsapp_business_manager_messaging_limit": "TIER_250",
            "health_status": [
                "can_send_message": "AVAILABLE",
                "entities": [
                    [
                        "entity_type": "PHONE_NUMBER", "id": .string(number.phoneNumberID),
                        "can_send_message": "AVAILABLE",
                    ],
                    ["entity_type": "WABA", "id": .string(number.accountID), "can_send_message": "AVAILABLE"],
                ],
            ],
            "webhook_configuration": .object(["phone_number": override.map(EmulatorJSON.string)]),
        ]
        var answer = EmulatorJSON.object([])
        for field in fields.isEmpty ? usual : fields { answer = answer.with(field, all[field]) }
        return answer.with("id", .string(number.phoneNumberID))
    }

    /// `POST /{phone-number-id}`: the webhook address of this number, or the two-step PIN.
    func changeNumber(_ call: EmulatorCall, _ number: BusinessNumber) async throws -> EmulatorReply {
        let body = try call.json()
        if let settings = body["webhook_configuration"] {
            try await override(settings, for: number.phoneNumberID)
        } else {
            guard let pin = body["pin"]?.text, pin.utf8.count == 6, pin.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { throw EmulatedError.invalidParameter("Param pin must be 6 digits.") }
        }
        return .json(["success": true])
    }

    func changeProfile(_ call: EmulatorCall, _ number: BusinessNumber) async throws -> EmulatorReply {
        let body = try call.json()
        guard body["messaging_product"]?.text == "whatsapp" else {
            throw EmulatedError.invalidParameter("The parameter messaging_product is required.")
        }
        try await world.update { try $0.accounts.changeProfile(of: number, body) }
        return .json(["success": true])
    }

    func changeAutomation(_ call: EmulatorCall, _ number: BusinessNumber) async throws -> EmulatorReply {
        let body = try call.json()
        await world.update { $0.accounts.setAutomation(of: number, body) }
        return .json(["success": true])
    }

    /// `GET`, `POST` and `DELETE /{phone-number-id}/block_users`.
    func blockUsers(_ call: EmulatorCall, _ number: BusinessNumber) async throws -> EmulatorReply {
        if call.method == "GET" {
            let users = await world.update { world in
                world.accounts.blockedUsers(of: number).map { world.users.user(scopedID: $0) }
            }
            let data = users.map { user in
                EmulatorJSON.object([
                    "messaging_product": "whatsapp", "wa_id": user.phone.map(EmulatorJSON.string),
                    "user_id": .string(user.scopedID),
                ])
            }
            return .json(["data": .array(data)])
        }
        let body = try call.json()
        guard let items = body["block_users"]?.items, (1...1000).contains(items.count) else {
            throw EmulatedError.invalidParameter("Param block_users must be an array of 1 to 1000 users.")
        }
        let isBlocking = call.method == "POST"
        let (done, failed) = try await world.update { try $0.setBlocked(isBlocking, items, number) }
        var lists = EmulatorJSON.object([
            EmulatorJSON.Member(isBlocking ? "added_users" : "removed_users", .array(done))
        ])
        guard failed.isEmpty else {
            lists = lists.with("failed_users", .array(failed))
            let error = EmulatedError(code: 139100, details: "Some users could not be changed").json
            return .json(error.with("messaging_product", "whatsapp").with("block_users", lists), status: 400)
        }
        return .json(["messaging_product": "whatsapp", "block_users": lists])
    }

    /// Sets the webhook address of one account or number after its handshake; without an address removes it.
    func override(_ settings: EmulatorJSON, for id: String) async throws {
        guard let url = settings["override_callback_uri"]?.text, !url.isEmpty else {
            return await sender.desk.setOverride(nil, for: id)
        }
        try await verify(url, token: settings["verify_token"]?.text ?? configuration.verifyToken)
        await sender.desk.setOverride(url, for: id)
    }

    /// Refuses an address that fails the GET handshake.
    func verify(_ url: String, token: String) async throws {
        guard let client = await sender.desk.currentClient() else { throw EmulatedError(code: 2) }
        let outcome = await WebhookHandshake(client: client).run(url: url, verifyToken: token)
        guard outcome.isVerified else {
            throw EmulatedError(code: 2200, details: "Callback verification failed: \(outcome.reason)")
        }
    }
}

extension GraphWorld {
    /// Blocks or unblocks the users that `items` name.
    func setBlocked(
        _ isBlocking: Bool, _ items: [EmulatorJSON], _ number: BusinessNumber
    ) throws -> (done: [EmulatorJSON], failed: [EmulatorJSON]) {
        var done: [EmulatorJSON] = []
        var failed: [EmulatorJSON] = []
        for item in items {
            let input = item["user"]?.identifier ?? item["user_id"]?.text ?? ""
            let user = users.user(input)
            let hasWritten = user.map {
                windows.isOpen(phoneNumberID: number.phoneNumberID, user: $0.scopedID, at: now)
            }
            guard let user, !isBlocking || hasWritten == true else {
                failed.append([
                    "input": .string(input),
                    "errors": [
                        ["code": 131047, "message": "Re-engagement required: the user must have written in 24 hours"]
                    ],
                ])
                continue
            }
            users.store(user)
            try accounts.setBlocked(isBlocking, user, by: number)
            done.append(
                .object([
                    "input": .string(input), "wa_id": user.phone.map(EmulatorJSON.string),
                    "user_id": .string(user.scopedID),
                ]))
        }
        return (done, failed)
    }
}
