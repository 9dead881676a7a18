import Foundation
import Testing

@testable import WhatsAppEmulator

@Suite struct SendingTests {
    @Test func `accepts a text and records what was meant`() async throws {
        try await withOpenWindow { bot async throws in
            let answer = try await bot.send(text: "שלום", to: "+1 555-000-0101", callback: "job-1")
            #expect(answer.status == 200)
            #expect(answer.json["contacts"]?[0]?["wa_id"]?.text == TestBot.dana)
            #expect(answer.json["contacts"]?[0]?["input"]?.text == "+1 555-000-0101")
            let id = try #require(answer.messageID)
            #expect(id.hasPrefix("wamid.") && Data(base64Encoded: String(id.dropFirst(6))) != nil)
            let sent = try #require(await bot.emulator.sent().first)
            #expect(sent.id == id && sent.text == "שלום" && sent.callbackData == "job-1" && sent.user == TestBot.dana)
        }
    }

    @Test func `refuses calls without the right token`() async throws {
        try await withEmulator { bot async throws in
            for token in [nil, "", "wrong"] {
                let answer = try await bot.call(.GET, "/v26.0/\(TestBot.phoneID)", token: token)
                #expect(answer.status == 401 && answer.errorCode == 190)
                #expect(answer.json["error"]?["type"]?.text == "OAuthException")
                #expect(answer.json["error"]?["fbtrace_id"] != nil)
            }
            #expect(try await bot.call(.GET, "/\(TestBot.phoneID)").status == 200)
        }
    }

    @Test func `an unknown number does not exist`() async throws {
        try await withEmulator { bot async throws in
            let answer = try await bot.call(.POST, "/v26.0/1/messages", TestBot.message(["text": ["body": "x"]]))
            #expect(answer.errorCode == 100 && answer.json["error"]?["error_subcode"]?.whole == 33)
        }
    }

    @Test func `a body that is no JSON is refused with the place`() async throws {
        try await withEmulator { bot async throws in
            let answer = try await bot.call(.POST, "/v26.0/\(TestBot.phoneID)/messages", bytes: Array("{\"a\":".utf8))
            #expect(answer.status == 400 && answer.errorCode == 100)
            #expect(await bot.emulator.counts().refused == 1)
        }
    }

    @Test func `the window decides about free-form messages`() async throws {
        try await withEmulator { bot async throws in
            #expect(try await bot.send(text: "too early").errorCode == 131047)
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            #expect(try await bot.send(text: "in time").status == 200)
            await bot.emulator.advanceClock(by: .seconds(24 * 3600))
            #expect(try await bot.send(text: "too late").errorCode == 131047)
            let template: EmulatorJSON = [
                "type": "template", "template": ["name": "hello_world", "language": ["code": "en_US"]],
            ]
            let answer = try await bot.send(TestBot.message(template))
            #expect(answer.status == 200)
            #expect(answer.json["messages"]?[0]?["message_status"]?.text == "accepted")
            try await bot.emulator.receive(text: "hi again", from: TestBot.dana)
            #expect(try await bot.send(text: "in time").status == 200)
        }
    }

    @Test func `the window is one of number and user`() async throws {
        let other = BusinessNumber(phoneNumberID: "106540352242923", displayNumber: "15550000002")
        try await withOpenWindow({ $0.numbers.append(other) }) { bot async throws in
            #expect(try await bot.send(to: "15550000102").errorCode == 131047)
            let body = TestBot.message(["type": "text", "text": ["body": "x"]])
            #expect(try await bot.call(.POST, "/v26.0/\(other.phoneNumberID)/messages", body).errorCode == 131047)
            try await bot.emulator.receive([
                "from": .string(TestBot.dana), "text": "hi", "phone_number_id": .string(other.phoneNumberID),
            ])
            #expect(try await bot.call(.POST, "/v26.0/\(other.phoneNumberID)/messages", body).status == 200)
            let sent = await bot.emulator.sent(SentFilter(phoneNumberID: other.phoneNumberID))
            #expect(sent.count == 1)
        }
    }

    @Test func `a business-scoped id in to is accepted and lost`() async throws {
        try await withWebhooks { bot, receiver in
            let scoped = "US.13491208655302741918"
            try await bot.emulator.receive(["user_id": .string(scoped), "text": "hi"])
            let lost = try await bot.send(text: "lost", to: scoped)
            #expect(lost.status == 200 && lost.messageID != nil)
            let counts = await bot.emulator.counts()
            #expect(counts.lost == 1 && counts.accepted == 0)

            var body = TestBot.message(["type": "text", "text": ["body": "arrives"]]).without("to")
            body = body.with("recipient", .string(scoped))
            let answer = try await bot.send(body)
            #expect(answer.json["contacts"]?[0]?["user_id"]?.text == scoped)
            let statuses = await receiver.wait(for: 3) { $0.status != .null }
            #expect(statuses.allSatisfy { $0.status["id"]?.text == answer.messageID })
            #expect(statuses.allSatisfy { $0.status["recipient_id"] == nil })
        }
    }

    @Test func `takes read marks and typing without counting them as messages`() async throws {
        try await withEmulator { bot async throws in
            var body: EmulatorJSON = ["messaging_product": "whatsapp", "status": "read", "message_id": "wamid.X"]
            #expect(try await bot.send(body).json == ["success": true])
            body = body.with("typing_indicator", ["type": "text"])
            #expect(try await bot.send(body).status == 200)
            #expect(try await bot.send(body.with("message_id", "x")).errorCode == 131009)
            let receipts = await bot.emulator.sent(SentFilter(outcomes: [.receipt]))
            #expect(receipts.map(\.kind) == ["read", "typing"])
            #expect(await bot.emulator.counts().accepted == 0)
        }
    }

    @Test func `the number that is dialled may not be the user's id`() async throws {
        try await withEmulator { bot async throws in
            _ = try await bot.call(.POST, "/control/users", ["phone": "5511900000001", "dialled_as": "55119900000001"])
            try await bot.emulator.receive(text: "oi", from: "5511900000001")
            let answer = try await bot.send(to: "55119900000001")
            #expect(answer.json["contacts"]?[0]?["wa_id"]?.text == "5511900000001")
        }
    }

    @Test func `templates are checked against the registry`() async throws {
        try await withEmulator { bot async throws in
            func send(_ name: String, _ parameters: [EmulatorJSON]) async throws -> Int? {
                let components: EmulatorJSON = [["type": "body", "parameters": .array(parameters)]]
                return try await bot.send(
                    TestBot.message([
                        "type": "template",
                        "template": ["name": .string(name), "language": ["code": "en"], "components": components],
                    ])
                ).errorCode
            }
            let parameter: EmulatorJSON = ["type": "text", "text": "Dana"]
            #expect(try await send("greeting", [parameter]) == 132001)
            _ = try await bot.call(
                .POST, "/control/templates", ["name": "greeting", "language": "en", "body": "Hi {{1}}"])
            #expect(try await send("greeting", [parameter]) == nil)
            #expect(try await send("greeting", []) == 132000)
            _ = try await bot.call(
                .POST, "/control/templates",
                ["name": "greeting", "language": "en", "body": "Hi {{1}}", "status": "PAUSED"])
            #expect(try await send("greeting", [parameter]) == 132015)
        }
    }

    @Test func `Meta's rates are enforced when asked`() async throws {
        try await withOpenWindow({ $0.enforcesRates = true }) { bot async throws in
            var codes: [Int?] = []
            // A slow machine earns some more while it sends.
            while codes.count < 500, codes.last != 131056 { codes.append(try await bot.send().errorCode) }
            #expect(codes.prefix(45).allSatisfy { $0 == nil })
            #expect(codes.contains(131056))
        }
    }
}
