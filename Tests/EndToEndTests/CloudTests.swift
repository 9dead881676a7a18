import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestKit
import Testing

@testable import WhatsAppEmulator

/// The official API end to end: real webhooks in, real calls out, over loopback.
@Suite struct CloudTests {
    @Test func `a text is answered once, as a quote, to the number it came from`() async throws {
        try await CloudBot.running { bot in
            await bot.emulator.inject(WebhookFault(.duplicate(3)))
            let id = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            _ = try await bot.emulator.receive(text: "again", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            let sent = await bot.emulator.sent()
            #expect(sent.compactMap(\.text) == ["echo: hello", "echo: again"])
            #expect(sent[0].contextID == id)
            #expect(sent[0].recipient == "+\(CloudBot.user)")
            #expect(sent[0].callbackData != nil)
        }
    }

    @Test func `a user without a number is answered by id, never in to`() async throws {
        try await CloudBot.running { bot in
            _ = try await bot.emulator.receive(["user_id": "US.13491208655302741918", "text": "hello"])
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let json = try #require(await bot.emulator.sent().first?.json)
            #expect(json["recipient"]?.text == "US.13491208655302741918")
            #expect(json["to"] == nil)
        }
    }

    @Test func `an image goes to the model`() async throws {
        try await CloudBot.running { bot in
            let image = try #require(
                Data(
                    base64Encoded:
                        """
                        iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJgg\
                        g==
                        """
                ))
            let id = try await bot.emulator.addMedia(Array(image), mimeType: "image/png")
            _ = try await bot.emulator.receive([
                "from": .string(CloudBot.user), "image": ["id": .string(id), "caption": "what is this?"],
            ])
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            #expect(
                await bot.texts == [
                    "Processing… I'll write to you when it's ready.", "echo: what is this? [image_url]",
                ])
        }
    }

    @Test func `errors of the network are retried, cut answers are learnt from statuses`() async throws {
        try await CloudBot.running { bot in
            await bot.emulator.inject(SendFault(.error(code: 131000, httpStatus: 500, details: nil), times: 2))
            _ = try await bot.emulator.receive(text: "one", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            await bot.emulator.inject(SendFault(.cut(isRecorded: true)))
            _ = try await bot.emulator.receive(text: "two", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            await bot.emulator.inject(SendFault(.cut(isRecorded: false)))
            _ = try await bot.emulator.receive(text: "three", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(3, within: .patience))
            _ = try await bot.emulator.receive(text: "four", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(4, within: .patience))
            #expect(await bot.texts == ["one", "two", "three", "four"].map { "echo: \($0)" })
        }
    }

    @Test func `a gateway that is down for a while costs no reply and makes none twice`() async throws {
        try await CloudBot.running { bot in
            for status in [502, 503] {
                await bot.emulator.inject(SendFault(.page(httpStatus: status), times: 3))
                _ = try await bot.emulator.receive(text: "at \(status)", from: CloudBot.user)
            }
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            #expect(await bot.texts == ["echo: at 502", "echo: at 503"])
        }
    }

    @Test func `an unsigned, wrongly signed, oversize or malformed webhook has its own answer each`() async throws {
        try await CloudBot.running { bot in
            let body = Array(#"{"object":"whatsapp_business_account","entry":[]}"#.utf8)
            let broken = Array("{not json".utf8)
            let huge = [UInt8](repeating: 32, count: 4 << 20)
            let cases: [([UInt8], String?, UInt)] = [
                (body, nil, 401), (body, "sha256=00", 401), (body, bot.signature(of: body + [32]), 401),
                (body, bot.signature(of: body), 200), (broken, bot.signature(of: broken), 200),
                (huge, bot.signature(of: huge), 413),
            ]
            for (body, signature, expected) in cases {
                let status = try await bot.post(body, signature: signature)
                #expect(status == expected)
            }
        }
    }

    @Test func `signed webhooks pass while their proxy's address floods with forged ones`() async throws {
        try await CloudBot.running(["HEALTH_REFUSALS_PER_MINUTE": "6"]) { bot in
            let body = Array(#"{"object":"whatsapp_business_account","entry":[]}"#.utf8)
            let forged = "sha256=" + String(repeating: "0", count: 64)
            var refused: Set<UInt> = []
            for number in 0..<60 {
                let signature = number % 2 == 0 ? forged : nil
                refused.insert(try await bot.post(body, signature: signature, through: "203.0.113.7"))
                let signed = try await bot.post(body, signature: bot.signature(of: body), through: "203.0.113.7")
                #expect(signed == 200)
            }
            #expect(refused == [401, 429])
        }
    }

    @Test func `the handshake gives back the challenge, and only for our token`() async throws {
        try await CloudBot.running { bot in
            func get(_ token: String) async throws -> (UInt, String) {
                let url = "\(bot.webhook)?hub.mode=subscribe&hub.challenge=12345&hub.verify_token=\(token)"
                let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
                return (response.status.code, String(buffer: try await response.body.collect(upTo: 1024)))
            }
            let (status, challenge) = try await get(bot.emulator.configuration.verifyToken)
            #expect(status == 200 && challenge == "12345")
            let refused = try await get("wrong")
            #expect(refused.0 == 403)
        }
    }

    @Test func `a request to stop lets the running answer finish`() async throws {
        try await CloudBot.running { bot in
            _ = try await bot.emulator.receive(text: "wait 1500", from: CloudBot.user)
            _ = try await eventually("the model is asked") { bot.model.questions.isEmpty ? nil : true }
            bot.process.signal(SIGTERM)
            #expect(try await bot.process.exitStatus() == 0)
            #expect(await bot.texts == ["echo: wait 1500"])
        }
    }

    @Test func `a request to stop ends an answer that takes too long, and the next start makes it`() async throws {
        try await CloudBot.running(["SHUTDOWN_SECONDS": "1"]) { bot in
            _ = try await bot.emulator.receive(text: "wait 8000", from: CloudBot.user)
            _ = try await eventually("the model is asked") { bot.model.questions.isEmpty ? nil : true }
            bot.process.signal(SIGTERM)
            let status = try await bot.process.exitStatus()
            #expect(status == 0 && bot.process.lines.contains { $0.contains("answered after the next start") })
            #expect(await bot.texts.isEmpty)
        }
    }

    @Test func `no log line holds what was said, or who said it`() async throws {
        try await CloudBot.running(["LOG_LEVEL": "trace"]) { bot in
            await bot.emulator.inject(SendFault(.error(code: 131026, httpStatus: 400, details: nil)))
            _ = try await bot.emulator.receive(text: "a very private sentence", from: CloudBot.user)
            try await bot.process.line { $0.contains("131026") }
            let log = bot.process.lines.joined() + bot.process.errors
            for secret in ["private sentence", CloudBot.user, bot.emulator.configuration.token, "sk-test"] {
                #expect(!log.contains(secret))
            }
        }
    }
}
