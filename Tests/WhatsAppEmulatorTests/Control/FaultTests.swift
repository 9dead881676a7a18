import AsyncHTTPClient
import Testing

@testable import WhatsAppEmulator

@Suite struct FaultTests {
    @Test func `an error hits the next matching sends only`() async throws {
        try await withOpenWindow { bot async throws in
            await bot.emulator.inject(SendFault(.error(code: 131056, httpStatus: nil, details: nil), times: 2, skip: 1))
            var codes: [Int?] = []
            for _ in 0..<4 { codes.append(try await bot.send().errorCode) }
            #expect(codes == [nil, 131056, 131056, nil])
            let counts = await bot.emulator.counts()
            #expect(counts.accepted == 2 && counts.refused == 2)
        }
    }

    @Test func `a fault is narrowed by user and kind`() async throws {
        try await withEmulator({ $0.window = .off }) { bot async throws in
            await bot.emulator.inject(
                SendFault(
                    .error(code: 131000, httpStatus: nil, details: nil), times: nil, user: TestBot.dana, kind: "text"))
            #expect(try await bot.send(to: "15550000102").status == 200)
            let location = TestBot.message(["type": "location", "location": ["latitude": 1, "longitude": 1]])
            #expect(try await bot.send(location).status == 200)
            let answer = try await bot.send(to: "+\(TestBot.dana)")
            #expect(answer.status == 500 && answer.errorCode == 131000)
            await bot.emulator.clearFaults()
            #expect(try await bot.send().status == 200)
        }
    }

    @Test func `too many requests, with the time to wait`() async throws {
        try await withOpenWindow { bot async throws in
            _ = try await bot.call(.POST, "/control/faults", ["effect": "too_many_requests", "retry_after_s": 3])
            let answer = try await bot.send()
            #expect(answer.status == 429 && answer.errorCode == 130429)
            #expect(answer.headers["retry-after"] == "3")
        }
    }

    @Test(arguments: [true, false])
    func `a time-out takes the message or not`(isRecorded: Bool) async throws {
        try await withWebhooks { bot, receiver in
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            await bot.emulator.inject(SendFault(.timeOut(isRecorded: isRecorded, hold: .seconds(60))))
            let body = TestBot.message(["type": "text", "text": ["body": "x"]], callback: "job-1")
            #expect(await bot.isLeftWithoutAnswer(body))
            let counts = await bot.emulator.counts()
            #expect(counts.byCallbackData["job-1"] == (isRecorded ? 1 : nil) && counts.dropped == (isRecorded ? 0 : 1))
            let count = isRecorded ? 3 : 0
            let reports = await receiver.wait(for: count) { $0.status["biz_opaque_callback_data"]?.text == "job-1" }
            #expect(reports.count == count)
        }
    }

    @Test(arguments: [true, false])
    func `a cut connection takes the message or not`(isRecorded: Bool) async throws {
        try await withOpenWindow { bot async throws in
            await bot.emulator.inject(SendFault(.cut(isRecorded: isRecorded)))
            await #expect(throws: HTTPClientError.self) { try await bot.send() }
            #expect(await bot.emulator.counts().accepted == (isRecorded ? 1 : 0))
            #expect(try await bot.send().status == 200)
        }
    }

    @Test func `slow, a page instead of JSON, and a failure that is told later`() async throws {
        try await withWebhooks { bot, receiver in
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            await bot.emulator.inject(SendFault(.slow(.milliseconds(200))))
            let start = ContinuousClock.now
            #expect(try await bot.send().status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(200))

            await bot.emulator.inject(SendFault(.page()))
            let page = try await bot.send()
            #expect(page.status == 500 && page.headers["content-type"]?.hasPrefix("text/html") == true)

            await bot.emulator.inject(SendFault(.failedStatus(code: 131026)))
            let answer = try await bot.send()
            #expect(answer.status == 200)
            let failed = await receiver.wait(for: 1) { $0.status["status"]?.text == "failed" }.first
            #expect(failed?.status["id"]?.text == answer.messageID)
            #expect(failed?.status["errors"]?[0]?["code"]?.whole == 131026 && failed?.value["contacts"] == nil)
        }
    }

    @Test func `a wrong fault is refused with the choices`() async throws {
        try await withEmulator { bot async throws in
            let answer = try await bot.call(.POST, "/control/faults", ["effect": "explode"])
            #expect(answer.status == 400 && answer.json["error"]?["message"]?.text?.contains("time_out") == true)
            #expect(try await bot.call(.POST, "/control/webhook-faults", ["effect": "x"]).status == 400)
            #expect(try await bot.call(.POST, "/control/faults", ["effect": "error"]).status == 400)
        }
    }
}
