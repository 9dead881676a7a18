import BotKit
import Foundation
import Hummingbird
import StoreSQLite
import Testing

@testable import Providers

/// The 24 hours after a member's last message, and what happens after them.
@Suite struct WindowTests {
    private let withTemplate = ["CLOUD_WINDOW_TEMPLATE": "answer_ready:he"]

    @Test func `after 23 hours and 55 minutes a reply waits, without a call`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(23 * 3600 + 54 * 60))
            _ = try await rig.send(.text("x"), to: chat)
            rig.time.advance(by: .seconds(60))
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            #expect(rig.graph.sent.count == 1)
            _ = try await rig.open(id: "wamid.AGAIN")
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test func `an old message that comes late does not open the window`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let old = Payload.text("old", id: "wamid.OLD", at: rig.time.now.addingTimeInterval(-3 * 86_400))
            try await rig.deliver(Payload.messages(old, from: .dana))
            let chat = try #require(rig.inbox.new.last).chat
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
        }
    }

    private static func call(_ event: String, _ direction: String, from: String, to: String, at time: Date) -> String {
        Payload.body(
            """
            "calls":[{"id":"wacid.1","event":"\(event)","from":"\(from)","to":"\(to)","direction":"\(direction)",\
            "timestamp":"\(Int(time.timeIntervalSince1970))"}]
            """
        ).replacing(#""field":"messages""#, with: #""field":"calls""#)
    }

    @Test func `a call from the member opens the window and lets out what waits for it`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(86_400))
            let us = "15550009999"
            // A call of ours, and one that is long past, open nothing.
            try await rig.deliver(
                Self.call("connect", "BUSINESS_INITIATED", from: us, to: Payload.dana, at: rig.time.now))
            try await rig.deliver(
                Self.call(
                    "connect", "USER_INITIATED", from: Payload.dana, to: us,
                    at: rig.time.now.addingTimeInterval(-2 * 86_400)))
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            try await rig.deliver(Self.call("connect", "USER_INITIATED", from: Payload.dana, to: us, at: rig.time.now))
            _ = try await rig.send(.text("x"), to: chat)
            #expect(rig.inbox.opened.last == chat && rig.inbox.new.count == 1)
            // Known from the table as well, after a restart.
            let rows = try await rig.database.rows("SELECT last_inbound_at FROM cloud_chat WHERE chat = \(chat)")
            #expect(try rows.first?.optionalDate("last_inbound_at") == rig.time.now)
            rig.time.advance(by: .seconds(86_400))
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
        }
    }

    @Test func `a call from somebody whom nobody knows is kept, and changes nothing`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let call = Self.call("connect", "USER_INITIATED", from: Payload.omer, to: "15550009999", at: rig.time.now)
            #expect(try await rig.deliver(call).status == 200)
            #expect(try await rig.count("cloud_chat") == 0)
            #expect(try await rig.count("cloud_update") == 1)
        }
    }

    @Test func `who opens the chat for the first time opens the window, without a message`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(86_400))
            let welcome = Payload.message("request_welcome", "", id: "wamid.W", at: rig.time.now)
            try await rig.deliver(Payload.messages(welcome, from: .dana))
            _ = try await rig.send(.text("x"), to: chat)
            #expect(rig.inbox.opened == [chat] && rig.inbox.new.count == 1)
        }
    }

    @Test func `the template is sent once in 24 hours and the replies wait`() async throws {
        try await CloudRig.running(withTemplate, runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(86_400))
            for _ in 0..<3 { #expect(try await rig.failure(to: chat).remedy == .windowClosed) }
            #expect(rig.graph.sent.count == 1)
            let template = try #require(rig.graph.sent.first).json["template"] as? [String: Any]
            #expect(template?["name"] as? String == "answer_ready")
            #expect((template?["language"] as? [String: Any])?["code"] as? String == "he")
            rig.time.advance(by: .seconds(86_400))
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            #expect(rig.graph.sent.count == 2)
        }
    }

    @Test func `a window that only Meta knows to be closed is treated alike`() async throws {
        try await CloudRig.running(withTemplate) { rig async throws in
            let chat = try await rig.open()
            rig.graph.answer { request in
                guard request.json["type"] as? String == "text" else { return nil }
                return .json(#"{"error":{"code":131047,"message":"closed"}}"#, .badRequest)
            }
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            // And again as a status; the template went out already.
            try await rig.deliver(Payload.failure(131_047, row: 9))
            try await rig.wait { rig.reports.all.count == 1 }
            #expect(rig.graph.sent.map { $0.json["type"] as? String } == ["text", "template"])
        }
    }

    @Test func `a closed window in a status sends the template too`() async throws {
        try await CloudRig.running(withTemplate) { rig async throws in
            _ = try await rig.open()
            try await rig.deliver(Payload.failure(131_047, row: 9))
            try await rig.wait { rig.reports.all.count == 1 }
            #expect(rig.graph.sent.map { $0.json["type"] as? String } == ["template"])
            // News of the template itself is not news of a reply.
            let body = Payload.body(
                #"""
                "statuses":[{"id":"wamid.T","status":"sent","timestamp":"1760000000",\#
                "biz_opaque_callback_data":"t"}]
                """#
            )
            try await rig.deliver(body)
            try await rig.wait { try await rig.count("cloud_update WHERE state = 'new'") == 0 }
            #expect(rig.reports.all.count == 1)
        }
    }

    @Test func `a template that did not go out is tried again with the reply`() async throws {
        try await CloudRig.running(withTemplate, runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(86_400))
            rig.graph.refuse(131_000)
            #expect(try await rig.failure(to: chat).remedy == .retry(after: nil))
            rig.graph.answer(nil)
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            #expect(rig.graph.sent.count == 2)
            // A template that is wrong is not tried again and again.
            rig.time.advance(by: .seconds(86_400))
            rig.graph.refuse(132_001)
            for _ in 0..<3 { #expect(try await rig.failure(to: chat).remedy == .windowClosed) }
            #expect(rig.graph.sent.count == 3)
        }
    }

    @Test(arguments: [131_049, 132_015, 137_000])
    func `a template that is not taken leaves the reply to the member`(_ code: Int) async throws {
        try await CloudRig.running(withTemplate) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(86_400))
            rig.graph.refuse(code)
            for _ in 0..<3 { #expect(try await rig.failure(to: chat).remedy == .windowClosed) }
            #expect(rig.graph.sent.count == 1)
        }
    }

    @Test(arguments: [132_015, 137_000])
    func `what else waits for the member brings no template for closed windows`(_ code: Int) async throws {
        try await CloudRig.running(withTemplate) { rig async throws in
            let chat = try await rig.open()
            rig.graph.refuse(code)
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            try await rig.deliver(Payload.failure(code, row: 9))
            try await rig.wait { rig.reports.all.count == 1 }
            #expect(rig.graph.sent.count == 1)
        }
    }

    @Test func `who wants no marketing gets no template`() async throws {
        try await CloudRig.running(withTemplate, runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            let stop =
                #"{"user_preferences":[{"wa_id":"\#(Payload.dana)","category":"marketing_messages","value":"stop"}]}"#
            try await rig.deliver(Payload.account("user_preferences", stop))
            rig.time.advance(by: .seconds(86_400))
            #expect(try await rig.failure(to: chat).remedy == .windowClosed)
            #expect(rig.graph.sent.isEmpty)
        }
    }
}
