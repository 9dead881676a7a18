import AsyncHTTPClient
import Foundation
import NIOCore
import Testing
import TestKit

@testable import WhatsAppEmulator

/// What `/metrics` of a bot at work shows.
@Suite struct MetricsTests {
    @Test func `turns, their steps, the model and the depths are shown`() async throws {
        try await CloudBot.running { bot in
            _ = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            _ = try await bot.emulator.receive(text: "!hepl", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            let account = "cloud:\(bot.emulator.configuration.numbers[0].phoneNumberID)"
            let wanted =
                ["receive", "open", "guard", "watch", "route", "answer", "deliver", "whole"].map {
                    "turn_seconds_count{step=\"\($0)\"} 2"
                } + [
                    #"turns_total{feature="chat",outcome="answered"} 1"#,
                    #"turns_total{feature="core",outcome="answered"} 1"#,
                    #"ai_requests_total{outcome="answered",service="chat"} 1"#,
                    #"ai_seconds_count{service="chat"} 1"#,
                    "inbox_depth 0", #"outbox_depth{state="queued"} 0"#, #"outbox_depth{state="parked"} 0"#,
                    "provider_connected{account=\"\(account)\"} 1", "replies_sent_total 2",
                ]
            let text = try await bot.metrics { text in wanted.allSatisfy { text.contains("\n\($0)\n") } }
            for line in wanted { #expect(text.contains("\n\(line)\n"), "there is no \(line)") }
            #expect(text.contains(#"ai_tokens_total{kind="input",service="chat"}"#))
            #expect(text.contains(#"ai_tokens_total{kind="output",service="chat"}"#))
            #expect(text.contains("\nmetrics_dropped_series_total 0\n"))
            #expect(!text.contains(CloudBot.user))
        }
    }

    @Test func `what waits to be answered, and to be sent, is counted`() async throws {
        try await CloudBot.running(["OUTBOX_RETRY_MILLISECONDS": "2000"]) { bot in
            _ = try await bot.emulator.receive(text: "wait 3000", from: CloudBot.user)
            let busy = try await bot.metrics { $0.contains("\ninbox_depth 1\n") }
            #expect(busy.contains("\ninbox_depth 1\n"))
            await bot.emulator.inject(SendFault(.error(code: 131000, httpStatus: 500, details: nil)))
            let failed = try await bot.metrics { $0.contains("\noutbox_depth{state=\"queued\"} 1\n") }
            #expect(failed.contains("\noutbox_depth{state=\"queued\"} 1\n"))
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let after = try await bot.metrics { $0.contains("\noutbox_depth{state=\"queued\"} 0\n") }
            #expect(after.contains("\ninbox_depth 0\n") && after.contains("\noutbox_depth{state=\"queued\"} 0\n"))
            #expect(after.contains(#"send_failures_total{code="131000"} 1"#))
        }
    }

    @Test func `everything that a running bot shows is documented, and promtool has no remark`() async throws {
        try await CloudBot.running { bot in
            await bot.emulator.inject(SendFault(.error(code: 131000, httpStatus: 500, details: nil)))
            _ = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            _ = try await bot.post(Array("{}".utf8), signature: nil)
            let text = try await bot.metrics { $0.contains("\nreplies_sent_total 1\n") }
            let page = try String(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                    .deletingLastPathComponent().appending(path: "docs/operations.md"), encoding: .utf8)
            let names = text.matches(of: /TYPE (\w+) (?:counter|gauge|histogram)/).map { String($0.1) }
            #expect(names.count > 20)
            for name in names {
                #expect(page.contains("`\(name)`") || page.contains("`\(name){"), "\(name) is not documented")
            }
            for match in text.matches(of: /# HELP (\w+) (.+)/) {
                let words = match.1.replacing("_", with: " ")
                #expect(match.2.lowercased() != "\(words).", "\(match.1) does not say what it counts")
            }
            let remarks = try await Promtool.check(text)
            #expect(remarks.output + remarks.errors == "")
        }
    }
}

extension CloudBot {
    /// What `/metrics` shows as soon as `condition` holds for it, or when patience is at its end.
    fileprivate func metrics(when condition: (String) -> Bool) async throws -> String {
        let url = webhook.replacing("/webhook/cloud", with: "/metrics")
        var text = ""
        _ = try await eventually(every: .milliseconds(10)) {
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
            text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            return condition(text)
        }
        return text
    }
}
