extension GraphAPI {
    /// The endpoints of a WhatsApp Business Account.
    func answer(_ call: EmulatorCall, edge: String, account: String) async throws -> EmulatorReply {
        switch (call.method, edge) {
        case ("GET", ""):
            return .json(["id": .string(account), "name": "Emulated account", "currency": "USD", "timezone_id": "1"])
        case ("GET", "phone_numbers"):
            let numbers = configuration.numbers.filter { $0.accountID == account }
            return .json(["data": .array(numbers.map { health(of: $0, fields: call.fields, override: nil) })])
        case ("GET", "subscribed_apps"), ("POST", "subscribed_apps"), ("DELETE", "subscribed_apps"):
            return try await subscribedApps(call, account)
        case ("GET", "message_templates"):
            let templates = await world.accounts.templates(of: account)
                .filter { template in call.query["name"].map { template.name.contains($0) } ?? true }
            return .json(["data": .array(templates.map(\.json)), "paging": ["cursors": ["before": "", "after": ""]]])
        case ("POST", "message_templates"):
            let template = try MessageTemplate(try call.json())
            await world.update { $0.accounts.store(template, account: account) }
            return .json([
                "id": .string(template.id), "status": .string(template.status), "category": .string(template.category),
            ])
        case ("DELETE", "message_templates"):
            guard let name = call.query["name"],
                await world.update({ $0.accounts.removeTemplates(named: name, account: account) })
            else { throw EmulatedError.invalidParameter("Param name must name a template of this account.") }
            return .json(["success": true])
        default: throw EmulatedError.unknownObject(account, method: call.method)
        }
    }

    private func subscribedApps(_ call: EmulatorCall, _ account: String) async throws -> EmulatorReply {
        guard call.method == "GET" else {
            if call.method == "POST" {
                // Without an address the call removes the override.
                try await override(try call.json(), for: account)
            } else {
                await sender.desk.setOverride(nil, for: account)
            }
            let isSubscribed = call.method == "POST"
            await world.update { $0.accounts.setSubscribed(isSubscribed, account: account) }
            return .json(["success": true])
        }
        guard await world.accounts.isSubscribed(account) else { return .json(["data": []]) }
        let override = await sender.desk.override(for: account)
        return .json([
            "data": [
                .object([
                    "whatsapp_business_api_data": [
                        "id": .string(configuration.appID), "name": "Emulated app",
                        "link": "https://www.facebook.com/games/",
                    ],
                    "override_callback_uri": override.map(EmulatorJSON.string),
                ])
            ]
        ])
    }

    /// `POST /{app-id}/subscriptions`: the webhook address of the app, after its handshake.
    func answerApp(_ call: EmulatorCall, edge: String) async throws -> EmulatorReply {
        switch (call.method, edge) {
        case ("GET", ""): return .json(["id": .string(configuration.appID), "name": "Emulated app"])
        case ("POST", "subscriptions"):
            let body = call.contentType.hasPrefix("application/json") ? try call.json() : [:]
            guard let url = call.query["callback_url"] ?? body["callback_url"]?.text else {
                throw EmulatedError.invalidParameter("The parameter callback_url is required.")
            }
            try await verify(url, token: call.query["verify_token"] ?? body["verify_token"]?.text ?? "")
            await sender.desk.setAddress(url)
            return .json(["success": true])
        case ("DELETE", "subscriptions"):
            await sender.desk.setAddress(nil)
            return .json(["success": true])
        default: throw EmulatedError.unknownObject(configuration.appID, method: call.method)
        }
    }
}
