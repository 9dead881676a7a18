import Crypto
import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// How owners and a webhook hear of what the operator must act on, by the real program.
@Suite(.timeLimit(.minutes(4))) struct OwnerAlertTests {
    private static let owner = CloudBot.user
    private static let marker = "zebra marker"

    private func settings(_ more: [String: String] = [:]) -> [String: String] {
        ["OWNER_PHONE_NUMBERS": Self.owner].merging(more) { $1 }
    }

    /// The texts that went to the owner.
    private func texts(of bot: CloudBot) async -> [String] {
        await bot.emulator.sent().filter { $0.recipient == "+\(Self.owner)" }.compactMap(\.text)
    }

    @Test func `a refused key is told to the owner once, restart or not, and so is its end`() async throws {
        let home = try TemporaryFolder()
        let wrong = settings(["OPENAI_API_KEY": ModelStub.wrongKey])
        try await CloudBot.running(wrong, over: home) { bot in
            _ = try await bot.emulator.receive(text: "שלום לך, מה נשמע", from: Self.owner)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            _ = try await bot.emulator.receive(text: Self.marker, from: "15550000102")
            #expect(await bot.emulator.waitForSent(3, within: .patience))
            let texts = await texts(of: bot)
            let alert = try #require(texts.first { $0.contains("מסרב למפתח") })
            #expect(texts.count == 2 && texts.contains { $0.contains("משהו השתבש") }, "\(texts)")
            // The apology, the alert and the log have one reference.
            let apology = try #require(texts.first { $0.contains("משהו השתבש") })
            let reference = try #require(alert.firstMatch(of: /([0-9A-Z]{8,})/)).1
            #expect(apology.contains(reference))
            let lines = bot.process.lines.filter { $0.contains(#""reference":"\#(reference)""#) }
            #expect(lines.contains { $0.contains(#""alert":"model_key_refused""#) })
            #expect(lines.contains { $0.contains("a turn failed") && $0.contains(#""code":"model_fault""#) })
            #expect(!texts.joined().contains("zebra") && !alert.contains(ModelStub.wrongKey))
        }
        try await CloudBot.running(wrong, over: home) { bot in
            _ = try await bot.emulator.receive(text: "once more", from: Self.owner)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            try await bot.process.line { $0.contains(#""alert":"model_key_refused""#) }
            _ = try await bot.emulator.receive(text: "and more", from: Self.owner)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            let texts = await texts(of: bot)
            #expect(texts.allSatisfy { $0.contains("Something went wrong") }, "\(texts)")
        }
        try await CloudBot.running(settings(), over: home) { bot in
            _ = try await bot.emulator.receive(text: "hello", from: Self.owner)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            let texts = await texts(of: bot)
            #expect(texts.contains("echo: hello"))
            #expect(texts.contains { $0.hasPrefix("The language model answers again.") }, "\(texts)")
        }
    }

    @Test func `the webhook gets it signed, after a failure again, and nothing of what strangers wrote`() async throws {
        try await HookStub.serving(.status(500), .status(503)) { hook in
            let settings = settings([
                "OPENAI_API_KEY": ModelStub.wrongKey, "ALERT_WEBHOOK_URL": hook.address,
                "ALERT_WEBHOOK_SECRET": "webhook-secret", "ALERT_INSTANCE": "home",
            ])
            try await CloudBot.running(settings) { bot in
                _ = try await bot.emulator.receive(text: Self.marker, from: "15550000102")
                #expect(await bot.emulator.waitForSent(1, within: .patience))
                _ = try await eventually("it is posted three times") { hook.posts.count >= 3 ? true : nil }
                let posts = hook.posts
                #expect(posts.count == 3 && Set(posts.map(\.body)).count == 1)
                let body = posts[0].body
                #expect(body.contains(#""kind":"model_key_refused""#) && body.contains(#""instance":"home""#))
                #expect(!body.contains("zebra") && !body.contains("1555000") && !body.contains(ModelStub.wrongKey))
                let code = HMAC<SHA256>.authenticationCode(
                    for: Data(body.utf8), using: SymmetricKey(data: Data("webhook-secret".utf8)))
                let signature = "sha256=" + code.map { String(format: "%02x", $0) }.joined()
                #expect(posts.allSatisfy { $0.signature == signature })
                let lines = bot.process.lines.joined(separator: "\n")
                #expect(!lines.contains("private-word") && !lines.contains("webhook-secret"))
                #expect(!lines.contains(#""alert":"dead_job""#))
            }
        }
    }

    @Test func `a webhook that redirects is not followed, and one that is slow is asked again`() async throws {
        try await HookStub.serving(.redirect) { hook in
            try await CloudBot.running(
                settings(["OPENAI_API_KEY": ModelStub.wrongKey, "ALERT_WEBHOOK_URL": hook.address])
            ) { bot in
                _ = try await bot.emulator.receive(text: "hi", from: "15550000102")
                let line = try await bot.process.line { $0.contains("an alert was not posted") }
                #expect(bot.process.lines[line].contains("redirects (308)"))
                #expect(hook.posts.count == 1 && hook.elsewhere == 0)
            }
        }
        try await HookStub.serving(.never) { hook in
            try await CloudBot.running(
                settings(["OPENAI_API_KEY": ModelStub.wrongKey, "ALERT_WEBHOOK_URL": hook.address])
            ) { bot in
                _ = try await bot.emulator.receive(text: "hi", from: "15550000102")
                let line = try await bot.process.line { $0.contains("could not be posted and is tried again") }
                #expect(bot.process.lines[line].contains("too slow"))
                _ = try await eventually("it is posted again") { hook.posts.count == 2 ? true : nil }
                // Others are not held up by it.
                #expect(await bot.texts.count == 1)
            }
        }
    }

    @Test func `a webhook that is down is tried again, without a word about its address`() async throws {
        let settings = settings([
            "OPENAI_API_KEY": ModelStub.wrongKey, "ALERT_WEBHOOK_URL": "http://127.0.0.1:1/private-word",
        ])
        try await CloudBot.running(settings) { bot in
            _ = try await bot.emulator.receive(text: "hi", from: "15550000102")
            try await bot.process.line { $0.contains("could not be posted and is tried again") }
            #expect(!bot.process.lines.joined().contains("private-word"))
            #expect(await bot.emulator.waitForSent(1, within: .patience))
        }
    }

    @Test func `a number that cannot be reached is told to the webhook, and when it is back`() async throws {
        try await HookStub.serving { hook in
            let settings = settings([
                "ALERT_WEBHOOK_URL": hook.address, "ALERT_PROVIDER_DOWN_SECONDS": "2",
                "CLOUD_ACCESS_TOKEN": "wrong-token-0000",
            ])
            try await CloudBot.running(settings) { bot in
                _ = try await eventually("it is told") {
                    hook.posts.contains { $0.body.contains(#""kind":"provider_down""#) } ? true : nil
                }
                #expect(hook.posts.count { $0.body.contains(#""kind":"provider_down""#) } == 1)
                try await bot.process.line { $0.contains(#""alert":"token""#) }
            }
        }
    }

    @Test func `the page of errors is what the command prints`() async throws {
        let process = try MartletProcess(["config", "--errors"], home: try TemporaryFolder(), environment: [:])
        #expect(try await process.exitStatus() == 0)
        #expect(process.lines.first == "# Errors and alerts")
        #expect(process.lines.contains { $0.contains("`FILE_TOO_LARGE`") })
    }
}
