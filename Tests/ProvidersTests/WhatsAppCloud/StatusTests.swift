import BotKit
import Foundation
import Testing

@testable import Providers

/// News of what was sent, and of the account.
@Suite struct StatusTests {
    @Test func `a status reaches the outbox once, with its row, however often it comes`() async throws {
        try await CloudRig.running { rig async throws in
            for _ in 0..<3 {
                for word in ["delivered", "sent", "read"] {
                    #expect(try await rig.deliver(Payload.status(word, row: 42)).status == 200)
                }
            }
            try await rig.wait { rig.reports.all.count >= 3 }
            try await rig.wait { try await rig.count("cloud_update WHERE state = 'new'") == 0 }
            #expect(rig.reports.all.count == 3)
            #expect(Set(rig.reports.all.map(\.row)) == [42])
            #expect(Set(rig.reports.all.map(\.message)) == ["wamid.OUT1"])
            let events: [DeliveryReport.Event] = [.reached(.sent), .reached(.delivered), .reached(.read)]
            #expect(Set(rig.reports.all.map(\.event)) == Set(events))
        }
    }

    @Test func `nothing is kept of a status but what is needed, and that goes when it was handled`() async throws {
        try await CloudRig.running { rig async throws in
            try await rig.deliver(Payload.status("sent", row: 42))
            try await rig.wait { try await rig.count("cloud_update WHERE state = 'done'") == 1 }
            #expect(try await rig.count("cloud_update WHERE raw IS NULL AND payload IS NULL") == 1)
        }
    }

    @Test func `news that the outbox cannot take now comes again`() async throws {
        try await CloudRig.running { rig async throws in
            rig.reports.fail(1)
            try await rig.deliver(Payload.status("sent", row: 42))
            try await rig.wait {
                rig.time.advance(by: .seconds(2))
                return rig.reports.all.count == 1
            }
        }
    }

    @Test func `news that was stored before a restart is handled after it`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            try await rig.deliver(Payload.status("sent", row: 42))
            #expect(rig.reports.all.isEmpty)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await rig.provider.run() }
                try await rig.wait { rig.reports.all.count == 1 }
                group.cancelAll()
            }
        }
    }

    @Test(arguments: [
        (131_026, SendFailure.Remedy.giveUp), (131_000, .retry(after: nil)), (131_056, .holdChat(.seconds(4))),
        (130_429, .holdAccount(.seconds(1))), (131_047, .windowClosed), (190, .stopAccount), (999_999, .giveUp),
        (131_049, .postpone(.seconds(86_400))), (130_497, .giveUp), (132_001, .windowClosed), (137_000, .windowClosed),
    ])
    func `a failed status says what to do`(code: Int, remedy: SendFailure.Remedy) async throws {
        try await CloudRig.running { rig async throws in
            try await rig.wait { rig.provider.isConnected }
            try await rig.deliver(Payload.failure(code, row: 9))
            try await rig.wait { rig.reports.all.count == 1 }
            guard case .failed(let failure)? = rig.reports.all.first?.event else { throw Outage("test", "no failure") }
            #expect(failure.remedy == remedy)
            #expect(failure.code == "\(code)")
            #expect((rig.provider.state.stop != nil) == (remedy == .stopAccount))
        }
    }

    @Test func `one member of a group who was not reached fails nothing`() async throws {
        try await CloudRig.running { rig async throws in
            let more = #""recipient_type":"group","recipient_participant_id":"15550000002","errors":[{"code":131026}]"#
            try await rig.deliver(Payload.status("failed", more, row: 9))
            try await rig.deliver(Payload.status("sent", row: 9))
            try await rig.wait { !rig.reports.all.isEmpty }
            #expect(rig.reports.all.map(\.event) == [.reached(.sent)])
        }
    }

    @Test func `words that say nothing about arriving are kept, not reported`() async throws {
        try await CloudRig.running { rig async throws in
            #expect(try await rig.deliver(Payload.status("warning", row: 9)).status == 200)
            #expect(try await rig.count("cloud_update WHERE kind = 'status' AND raw IS NOT NULL") == 1)
            #expect(rig.reports.all.isEmpty)
        }
    }

    @Test func `a violation stops sending until Meta takes it back`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            try await rig.wait { rig.provider.isConnected }
            let violation = #"{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SPAM"}}"#
            try await rig.deliver(Payload.account("account_update", violation, business: "1"))
            try await rig.deliver(Payload.account("account_update", violation))
            try await rig.wait { rig.provider.state.stop != nil }
            let failure = try await rig.failure(to: chat)
            #expect(failure.remedy == .stopAccount && failure.code == "ACCOUNT_VIOLATION" && !failure.wasTried)
            #expect(rig.graph.sent.isEmpty)
            #expect(!rig.provider.isConnected)
            let back = #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}}"#
            try await rig.deliver(Payload.account("account_update", back))
            try await rig.wait { rig.provider.state.stop == nil }
            // The old violation, delivered again, is known.
            try await rig.deliver(Payload.account("account_update", violation))
            try await rig.wait { try await rig.count("cloud_update WHERE state = 'new'") == 0 }
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test func `what happens to another business account does not stop ours`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            try await rig.deliver(Payload.account("account_update", #"{"event":"ACCOUNT_DELETED"}"#, business: "1"))
            try await rig.wait { try await rig.count("cloud_update WHERE state = 'new'") == 0 }
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test(arguments: [
        "message_template_status_update", "phone_number_quality_update", "account_alerts", "security", "calls",
        "group_lifecycle_update", "flows", "history", "something_new",
    ])
    func `every other field is kept`(field: String) async throws {
        try await CloudRig.running { rig async throws in
            #expect(try await rig.deliver(Payload.account(field, #"{"event":"X"}"#)).status == 200)
            #expect(try await rig.count("cloud_update WHERE kind = 'account' AND raw IS NOT NULL") == 1)
        }
    }
}
