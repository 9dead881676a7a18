import BotKit
import Foundation
import Logging
import Testing
import TestKit

@testable import Providers
@testable import WhatsAppEmulator

/// A number that WhatsApp bans for a while.
@Suite(.timeLimit(.minutes(15))) struct WebBanTests {
    @Test func `the account comes back by itself when a ban's time has passed`() async throws {
        let time = ManualTime(Date())
        let lines = Lines()
        var logger = Logger(label: "test")
        logger.handler = Lines.Handler(lines: lines)
        try await WebRig.running(time: time, logger: logger) { rig, provider, _ in
            let chat = try await rig.message("hello") { [id = try await rig.say("hello")] in $0.id == id }.chat
            try await rig.post(
                "/refuse", ["account": .string(WebRig.bot), "reason": "402", "code": "101", "expire": "3600"])
            #expect(await eventually { provider.state.ban != nil })
            func told(_ what: String) -> Int { lines.all.count { $0.contains(what) } }
            #expect(told("web_banned") == 1 && !provider.isConnected && provider.state.stop == nil)
            let failure = await #expect(throws: SendFailure.self) {
                try await provider.send(
                    BotKit.OutgoingMessage(
                        row: 1, chat: chat, messageID: provider.makeMessageID(),
                        reply: RenderedReply(content: .text("noon"), quotes: nil), attempt: 0))
            }
            guard case .holdAccount(let left)? = failure?.remedy else { throw Outage("test", "no hold") }
            #expect(failure?.code == "banned" && left > .seconds(3_500) && left < .seconds(3_700))

            try await rig.post("/refuse", ["account": .string(WebRig.bot)])
            time.advance(by: .seconds(1_800))
            #expect(provider.state.ban != nil && told("ban's time has passed") == 0)
            time.advance(by: .seconds(2_400))
            #expect(await eventually { provider.isConnected })
            #expect(provider.state.ban == nil && told("ban's time has passed") == 1)
            let id = try await rig.say("are you back?")
            _ = try await rig.message("the question") { $0.id == id }
        }
    }

    @Test func `a ban that names no end is the end`() async throws {
        try await WebRig.running { rig, provider, _ in
            try await rig.post("/refuse", ["account": .string(WebRig.bot), "reason": "402", "code": "101"])
            #expect(await eventually { provider.state.stop?.code == "banned" })
            #expect(provider.state.ban == nil)
        }
    }

    @Test func `a ban is waited for a minute at least, and no longer than a year`() {
        let now = Date.monday
        for (named, waited) in [(-5.0, 60.0), (0, 60), (61, 61), (1e12, 366 * 86_400)] {
            #expect(WebBan(until: now.addingTimeInterval(named), at: now).end == now.addingTimeInterval(waited))
        }
    }
}
