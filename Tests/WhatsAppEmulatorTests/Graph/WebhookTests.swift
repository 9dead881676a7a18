import Testing

@testable import WhatsAppEmulator

@Suite struct WebhookTests {
    @Test func `signs the exact bytes and escapes as Meta does`() async throws {
        try await withWebhooks { bot, receiver in
            let id = try await bot.emulator.receive(text: "שלום 👍 a/b", from: TestBot.dana)
            let webhook = try #require(await receiver.wait(for: 1).first)
            #expect(webhook.isSigned)
            #expect(webhook.bytes.allSatisfy { $0 < 0x80 } && webhook.text.contains(#"a\/b"#))
            #expect(webhook.text.contains(#"\u05e9"#) && webhook.text.contains(#"\ud83d\udc4d"#))
            let message = webhook.message
            #expect(message["id"]?.text == id && message["text"]?["body"]?.text == "שלום 👍 a/b")
            #expect(message["from"]?.text == TestBot.dana && message["timestamp"]?.text?.isEmpty == false)
            let contact = try #require(webhook.value["contacts"]?[0])
            #expect(contact["wa_id"]?.text == TestBot.dana && contact["user_id"] == message["from_user_id"])
            #expect(webhook.json["object"]?.text == "whatsapp_business_account")
            #expect(webhook.json["entry"]?[0]?["id"]?.text == BusinessNumber().accountID)
            #expect(webhook.value["metadata"]?["phone_number_id"]?.text == TestBot.phoneID)
        }
    }

    @Test func `leaves the phone of a hidden user out`() async throws {
        try await withWebhooks { bot, receiver in
            try await bot.emulator.receive([
                "from": .string(TestBot.dana), "hide_phone": true, "username": "dana.k", "text": "x",
            ])
            let webhook = try #require(await receiver.wait(for: 1).first)
            #expect(!webhook.text.contains(TestBot.dana))
            #expect(webhook.value["contacts"]?[0]?["profile"]?["username"]?.text == "dana.k")
        }
    }

    @Test func `reports sent, delivered and read with the callback data, in order`() async throws {
        try await withWebhooks { bot, receiver in
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            let id = try await bot.send(text: "x", callback: "job-7").messageID
            let statuses = await receiver.wait(for: 3) { $0.status != .null }.map(\.status)
            #expect(statuses.map { $0["status"]?.text } == ["sent", "delivered", "read"])
            #expect(statuses.allSatisfy { $0["id"]?.text == id && $0["biz_opaque_callback_data"]?.text == "job-7" })
            #expect(statuses[0]["pricing"]?["pricing_model"]?.text == "PMP" && statuses[2]["pricing"] == nil)
        }
    }

    @Test(arguments: [(GraphEmulator.StatusReports.none, 0), (.sent, 1), (.delivered, 2)])
    func `reports as much as it is told`(reports: GraphEmulator.StatusReports, count: Int) async throws {
        try await withWebhooks({ $0.statuses = reports }) { bot, receiver in
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            _ = try await bot.send()
            await bot.emulator.setStatuses(.sent)
            let last = try await bot.send().messageID
            _ = await receiver.wait(for: 1) { $0.status["id"]?.text == last }
            let statuses = await receiver.wait(for: count) { $0.status != .null && $0.status["id"]?.text != last }
            #expect(statuses.count == count)
        }
    }

    @Test func `repeats the same bytes until the answer is 200`() async throws {
        try await withWebhooks { bot, receiver in
            await receiver.answer(with: [500, 404, 503])
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            let webhooks = await receiver.wait(for: 4)
            #expect(webhooks.count == 4 && Set(webhooks.map(\.bytes)).count == 1)
            try await bot.emulator.receive(text: "next", from: TestBot.dana)
            #expect(await receiver.wait(for: 5).count == 5)
            #expect(await bot.emulator.webhookCounts().repeated == 3)
        }
    }

    @Test func `duplicates, drops and delays`() async throws {
        try await withWebhooks { bot, receiver in
            await bot.emulator.inject(WebhookFault(.duplicate(2)))
            try await bot.emulator.receive(text: "three times", from: TestBot.dana)
            let copies = await receiver.wait(for: 3)
            #expect(copies.count == 3 && Set(copies.map(\.bytes)).count == 1)

            await bot.emulator.inject(WebhookFault(.drop))
            let dropped = try await bot.emulator.receive(text: "dropped first", from: TestBot.dana)
            #expect(await receiver.wait(for: 1) { $0.message["id"]?.text == dropped }.count == 1)

            await bot.emulator.inject(WebhookFault(.delay(.seconds(1))))
            let late = try await bot.emulator.receive(text: "late", from: TestBot.dana)
            let early = try await bot.emulator.receive(text: "early", from: TestBot.dana)
            let ids = await receiver.wait(for: 2) { [late, early].contains($0.message["id"]?.text) }
            #expect(ids.map { $0.message["id"]?.text } == [early, late])
        }
    }

    @Test func `reorders, and lets go when nothing more comes`() async throws {
        try await withWebhooks { bot, receiver in
            await bot.emulator.inject(WebhookFault(.reorder(3, within: .seconds(30))))
            var ids: [String] = []
            for number in 1...3 { ids.append(try await bot.emulator.receive(text: "\(number)", from: TestBot.dana)) }
            #expect(await receiver.wait(for: 3).map { $0.message["id"]?.text } == ids.reversed())

            await bot.emulator.inject(WebhookFault(.reorder(3, within: .milliseconds(20))))
            let alone = try await bot.emulator.receive(text: "alone", from: TestBot.dana)
            #expect(await receiver.wait(for: 1) { $0.message["id"]?.text == alone }.count == 1)
        }
    }

    @Test func `a wrong or missing signature on demand`() async throws {
        try await withWebhooks { bot, receiver in
            await bot.emulator.inject(WebhookFault(.wrongSignature))
            try await bot.emulator.receive(text: "x", from: TestBot.dana)
            let wrong = try #require(await receiver.wait(for: 1).first)
            #expect(wrong.signature?.hasPrefix("sha256=") == true && !wrong.isSigned)
            _ = try await bot.call(.POST, "/control/webhook", ["body": "no json", "signature": "missing"])
            let bare = try #require(await receiver.wait(for: 2).last)
            #expect(bare.signature == nil && bare.text == "no json")
        }
    }

    @Test func `batches many updates into one webhook`() async throws {
        try await withWebhooks({ settings in
            settings.webhookBatch = 100
            settings.webhookBatchWait = .milliseconds(700)
            settings.webhookLanes = 1
        }) { bot, receiver in
            for number in 1...5 { try await bot.emulator.receive(text: "\(number)", from: "1555000010\(number)") }
            let webhook = try #require(await receiver.wait(for: 1).first)
            #expect(webhook.value["messages"]?.items?.count == 5 && webhook.value["contacts"]?.items?.count == 5)
        }
    }

    @Test func `an envelope holds each account, number and class apart`() {
        let other = BusinessNumber(phoneNumberID: "2", accountID: "20", displayNumber: "15550000002")
        func update(_ number: BusinessNumber, _ content: WebhookUpdate.Content) -> WebhookUpdate {
            WebhookUpdate(number: number, content: content, contact: nil, user: "u")
        }
        let first = BusinessNumber()
        let json = WebhookEnvelope.json([
            update(first, .message(["id": "1"])), update(first, .status(["id": "2"])),
            update(other, .message(["id": "3"])),
            update(first, .message(["id": "4"])),
        ])
        #expect(json["entry"]?.items?.count == 2)
        #expect(json["entry"]?[0]?["changes"]?.items?.count == 3)
        #expect(json["entry"]?[1]?["changes"]?[0]?["value"]?["messages"]?[0]?["id"]?.text == "3")
    }

    @Test func `the handshake wants the challenge and nothing else`() async throws {
        try await WebhookReceiver.serving(challenge: { "\"\($0)\"" }) { _, url in
            try await withEmulator { bot async throws in
                let quoted = try await bot.call(.POST, "/control/webhook/verify", ["url": .string(url)]).json
                #expect(quoted["verified"]?.flag == false && quoted["status"]?.whole == 200)
            }
        }
        try await WebhookReceiver.serving { _, url in
            try await withEmulator { bot async throws in
                let good = try await bot.call(.POST, "/control/webhook/verify", ["url": .string(url)]).json
                #expect(good["verified"]?.flag == true)
                let wrong: EmulatorJSON = ["url": .string(url), "verify_token": "x"]
                #expect(try await bot.call(.POST, "/control/webhook/verify", wrong).json["status"]?.whole == 403)
            }
        }
    }

    @Test func `tells of a new number without contacts and keeps the window`() async throws {
        try await withWebhooks { bot, receiver in
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            _ = try await bot.call(
                .POST, "/control/users/number", ["from": .string(TestBot.dana), "to": "15550000191"])
            let system = try #require(await receiver.wait(for: 1) { $0.message["type"]?.text == "system" }.first)
            #expect(system.value["contacts"] == nil && system.message["system"]?["wa_id"]?.text == "15550000191")
            #expect(try await bot.send(to: "15550000191").status == 200)
            #expect(try await bot.send(to: TestBot.dana).errorCode == 131047)
        }
    }
}
