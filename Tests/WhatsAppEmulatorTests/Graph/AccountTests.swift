import Testing

@testable import WhatsAppEmulator

@Suite struct AccountTests {
    @Test func `tells the health of a number by the asked fields`() async throws {
        try await withEmulator { bot async throws in
            let usual = try await bot.call(.GET, "/v26.0/\(TestBot.phoneID)").json
            #expect(usual["display_phone_number"]?.text == "+15550000001" && usual["health_status"] == nil)
            let asked = try await bot.call(.GET, "/v26.0/\(TestBot.phoneID)?fields=health_status,throughput").json
            #expect(asked["health_status"]?["can_send_message"]?.text == "AVAILABLE" && asked["verified_name"] == nil)
        }
    }

    @Test func `tells whether a token is good`() async throws {
        try await withEmulator { bot async throws in
            let good = try await bot.call(.GET, "/v26.0/debug_token?input_token=EMULATOR-TOKEN").json
            #expect(good["data"]?["is_valid"]?.flag == true)
            let bad = try await bot.call(.GET, "/v26.0/debug_token?input_token=x").json
            #expect(bad["data"]?["is_valid"]?.flag == false)
        }
    }

    @Test func `keeps the profile within its limits`() async throws {
        try await withEmulator { bot async throws in
            let path = "/v26.0/\(TestBot.phoneID)/whatsapp_business_profile"
            let good: EmulatorJSON = ["messaging_product": "whatsapp", "about": "Martlet"]
            #expect(try await bot.call(.POST, path, good).status == 200)
            #expect(try await bot.call(.GET, path).json["data"]?[0]?["about"]?.text == "Martlet")
            let long = good.with("about", .string(String(repeating: "x", count: 140)))
            #expect(try await bot.call(.POST, path, long).status == 400)
        }
    }

    @Test func `blocks only users who wrote, and their messages stop`() async throws {
        try await withOpenWindow { bot async throws in
            let path = "/v26.0/\(TestBot.phoneID)/block_users"
            func list(_ users: String...) -> EmulatorJSON {
                ["messaging_product": "whatsapp", "block_users": .array(users.map { ["user": .string($0)] })]
            }
            #expect(try await bot.call(.POST, path, list(TestBot.dana)).status == 200)
            let partly = try await bot.call(.POST, path, list(TestBot.dana, "15550000199"))
            #expect(partly.status == 400 && partly.errorCode == 139100)
            #expect(partly.json["block_users"]?["added_users"]?.items?.count == 1)
            let played = try await bot.call(.POST, "/control/messages", ["from": .string(TestBot.dana), "text": "x"])
            #expect(played.json["delivered"]?.flag == false)
            #expect(try await bot.call(.DELETE, path, list(TestBot.dana)).status == 200)
            #expect(try await bot.call(.GET, path).json["data"]?.items?.isEmpty == true)
        }
    }

    @Test func `a callback override is used after its handshake only`() async throws {
        try await WebhookReceiver.serving { receiver, url in
            try await withEmulator { bot async throws in
                let path = "/v26.0/\(BusinessNumber().accountID)/subscribed_apps"
                let wrong: EmulatorJSON = ["override_callback_uri": .string(url), "verify_token": "wrong"]
                #expect(try await bot.call(.POST, path, wrong).errorCode == 2200)
                let right = wrong.with("verify_token", "emulator-verify-token")
                #expect(try await bot.call(.POST, path, right).status == 200)
                try await bot.emulator.receive(text: "hi", from: TestBot.dana)
                #expect(await receiver.wait(for: 1).count == 1)
            }
        }
    }

    @Test func `a group is made, written to and left`() async throws {
        try await withWebhooks { bot, receiver in
            let made = try await bot.call(
                .POST, "/v26.0/\(TestBot.phoneID)/groups", ["messaging_product": "whatsapp", "subject": "Trip"])
            let request = try #require(made.json["request_id"]?.text)
            let webhook = try #require(await receiver.wait(for: 1).first)
            let group = try #require(webhook.value["groups"]?[0])
            #expect(group["request_id"]?.text == request && group["invite_link"] != nil)
            let id = try #require(group["group_id"]?.text)
            _ = try await bot.call(
                .POST, "/control/groups", ["id": .string(id), "participants": [.string(TestBot.dana)]])
            #expect(try await bot.call(.GET, "/v26.0/\(id)").json["total_participant_count"]?.whole == 2)

            let text = TestBot.message(to: id, ["type": "text", "text": ["body": "all"], "recipient_type": "group"])
            let answer = try await bot.send(text)
            #expect(answer.json["messages"]?[0]?["group_id"]?.text == id)
            let interactive = TestBot.message(
                to: id, ["type": "interactive", "interactive": ["type": "button"], "recipient_type": "group"])
            #expect(try await bot.send(interactive).errorCode == 131051)
            #expect(try await bot.send(text.with("to", "nowhere")).errorCode == 131041)
            #expect(try await bot.call(.DELETE, "/v26.0/\(id)").status == 200)
        }
    }
}
