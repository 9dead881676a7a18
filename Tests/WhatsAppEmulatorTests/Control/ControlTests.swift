import ArgumentParser
import TestKit
import Testing

@testable import WhatsAppEmulator

@Suite struct ControlTests {
    @Test func `lists what was sent, by user and since a sequence`() async throws {
        try await withEmulator({ $0.window = .off }) { bot async throws in
            for number in 1...3 {
                _ = try await bot.send(text: "\(number)", to: "1555000010\(number)", callback: "c\(number)")
            }
            let all = try await bot.call(.GET, "/control/sent", token: nil).json
            #expect(all["count"]?.whole == 3)
            let first = try #require(all["messages"]?[0])
            #expect(first["body"]?["text"]?["body"]?.text == "1" && first["callback_data"]?.text == "c1")
            let since = first["sequence"]?.whole ?? 0
            #expect(try await bot.call(.GET, "/control/sent?since=\(since)").json["count"]?.whole == 2)
            #expect(try await bot.call(.GET, "/control/sent?user=15550000102").json["count"]?.whole == 1)
            #expect(try await bot.call(.GET, "/control/sent?callback=c3").json["count"]?.whole == 1)
            _ = try await bot.call(.DELETE, "/control/sent")
            #expect(try await bot.call(.GET, "/control/sent").json["count"]?.whole == 0)
        }
    }

    @Test func `waits for messages, or says that they did not come`() async throws {
        try await withEmulator({ $0.window = .off }) { bot async throws in
            async let waiting = bot.call(.GET, "/control/wait?count=2&user=\(TestBot.dana)&deadline_ms=10000")
            _ = try await bot.send()
            _ = try await bot.send(to: "15550000102")
            _ = try await bot.send()
            let answer = try await waiting
            #expect(answer.status == 200 && answer.json["reached"]?.flag == true && answer.json["count"]?.whole == 2)
            let late = try await bot.call(.GET, "/control/wait?count=9&deadline_ms=50")
            #expect(late.status == 408 && late.json["reached"]?.flag == false)
        }
    }

    @Test func `keeps a bounded log and exact counts`() async throws {
        try await withEmulator({ settings in
            settings.window = .off
            settings.logCapacity = 5
        }) { bot async throws in
            for number in 0..<12 { _ = try await bot.send(callback: "c\(number % 6)") }
            #expect(await bot.emulator.sent().count == 5)
            let counts = try await bot.call(.GET, "/control/counts").json["sent"]
            #expect(counts?["accepted"]?.whole == 12 && counts?["callbacks"]?.whole == 6)
            #expect(counts?["callbacks_repeated"]?.whole == 6)
            #expect(try await bot.call(.GET, "/control/counts?of=users").json[TestBot.dana]?.whole == 12)
        }
    }

    @Test func `keeps no bodies when lean`() async throws {
        try await withEmulator({ settings in
            settings.window = .off
            settings.isLean = true
        }) { bot async throws in
            async let isThere = bot.emulator.waitForSent(3, within: .patience)
            for _ in 0..<3 { _ = try await bot.send(callback: "c") }
            #expect(await isThere)
            #expect(await bot.emulator.sent().isEmpty)
            #expect(await bot.emulator.counts().byCallbackData == ["c": 3])
        }
    }

    @Test func `plays every kind that the guide names`() async throws {
        let kinds: [(EmulatorJSON, String)] = [
            (["reaction": ["message_id": "wamid.X", "emoji": "👍"]], "reaction"),
            (["image": ["data_base64": "AAAA", "mime_type": "image/png"]], "image"),
            (["audio": ["data_base64": "AAAA", "mime_type": "audio/ogg", "voice": true]], "audio"),
            (["button": ["id": "y", "title": "Yes"]], "interactive"),
            (["list_row": ["id": "y", "title": "Yes"]], "interactive"),
            (["type": "location", "location": ["latitude": 1, "longitude": 2]], "location"),
            (["type": "order", "order": ["catalog_id": "1", "product_items": []]], "order"),
            (["type": "unsupported"], "unsupported"), (["type": "request_welcome"], "request_welcome"),
            (["type": "edit", "edit": ["original_message_id": "wamid.X", "message": ["type": "text"]]], "edit"),
            (["type": "revoke", "revoke": ["original_message_id": "wamid.X"]], "revoke"),
            (["text": "in a group", "group_id": "G1"], "text"),
        ]
        try await withWebhooks({ $0.webhookLanes = 1 }) { bot, receiver in
            for (message, _) in kinds { try await bot.emulator.receive(message.with("from", .string(TestBot.dana))) }
            let webhooks = await receiver.wait(for: kinds.count)
            let found = webhooks.compactMap { $0.message["type"]?.text }
            #expect(found.sorted() == kinds.map(\.1).sorted())
            #expect(webhooks.allSatisfy { $0.isSigned })
            let image = try #require(webhooks.first { $0.message["type"]?.text == "image" }?.message["image"])
            #expect(image["sha256"]?.text?.hasSuffix("=") == true && image["data_base64"] == nil && image["id"] != nil)
        }
    }

    @Test func `changes settings and refuses unknown ones`() async throws {
        try await withEmulator { bot async throws in
            let changed = try await bot.call(.PUT, "/control/settings", ["window": "off", "statuses": "none"]).json
            #expect(changed["window"]?.text == "off" && changed["statuses"]?.text == "none")
            #expect(try await bot.send().status == 200)
            let wrong = try await bot.call(.PUT, "/control/settings", ["window": "ajar"])
            #expect(wrong.status == 400 && wrong.json["error"]?["message"]?.text?.contains("refuse") == true)
            #expect(try await bot.call(.GET, "/control/nothing").status == 404)
        }
    }

    @Test func `explains itself`() async throws {
        try await withEmulator { bot async throws in
            for path in ["/", "/control", "/control/help"] {
                let text = String(decoding: try await bot.call(.GET, path, token: nil).bytes, as: UTF8.self)
                #expect(text.contains("POST /control/messages") && text.contains("time_out"))
            }
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `stops while a call is held and a connection is kept alive`() async throws {
        try await withOpenWindow { bot async throws in
            await bot.emulator.inject(SendFault(.timeOut(isRecorded: true, hold: .seconds(600))))
            #expect(await bot.isLeftWithoutAnswer(TestBot.message(["text": ["body": "x"]])))
            #expect(try await bot.send().status == 200)
        }
    }

    @Test func `survives connections that come while it stops`() async throws {
        for _ in 0..<20 {
            var configuration = GraphEmulator.Configuration()
            configuration.port = 0
            try await withThrowingTaskGroup(of: Void.self) { group in
                let emulator = GraphEmulator(configuration)
                group.addTask { try await emulator.run() }
                let bot = TestBot(emulator: emulator, base: "http://127.0.0.1:\(try await emulator.start())")
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<4 { _ = try? await bot.call(.GET, "/control", within: .seconds(1)) } }
                }
                _ = try await bot.call(.GET, "/control")
                group.cancelAll()
            }
        }
    }

    @Test func `a taken port is an error of start and run`() async throws {
        try await withEmulator { bot async throws in
            var configuration = GraphEmulator.Configuration()
            configuration.port = try await bot.emulator.start()
            await #expect(throws: (any Error).self) { try await GraphEmulator.serving(configuration) { _ in } }
        }
    }

    @Test func `the command line checks its values and shows examples`() throws {
        let command = try #require(
            try WhatsAppEmulatorCommand.parseAsRoot([
                "graph", "--port", "0", "--number", "1:2:15550000001", "--number", "3:2:15550000002", "--lean",
            ]) as? GraphCommand)
        #expect(command.number.count == 2 && command.lean)
        for arguments in [["--port", "70000"], ["--number", "x"], ["--webhook-url", "localhost"], ["--batch", "0"]] {
            #expect(throws: (any Error).self) { try WhatsAppEmulatorCommand.parseAsRoot(["graph"] + arguments) }
        }
        let help = GraphCommand.helpMessage()
        #expect(help.contains("whatsapp-emulator graph --port 0") && help.contains("graph --guide"))
        #expect(ControlGuide.text.contains("/control/faults"))
    }
}
