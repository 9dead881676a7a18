import BotKit
import Foundation
import Logging
import TestKit
import Testing

@testable import Providers

/// What happens to business accounts, and which numbers it concerns.
@Suite struct AccountNoticeTests {
    private static let second = "106540352242923"
    private static let other = "888888888888888"
    private static let ban = #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}}"#

    private static func restriction(_ type: String, until end: Date? = nil) -> String {
        let expiration = end.map { #","expiration":\#(Int($0.timeIntervalSince1970))"# } ?? ""
        return """
            {"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"\(type)"\(expiration)}]}
            """
    }

    /// Has somebody write to the second number, which belongs to the other account.
    private func writeToSecond(_ rig: CloudRig) async throws {
        let text = Payload.text("hi", id: "wamid.SECOND", at: rig.time.now)
        try await rig.deliver(
            Payload.body(
                #""messages":[\#(text)]"#, contacts: [.dana], number: Self.second, business: Self.other))
    }

    @Test func `a ban stops the numbers of its account and no others, also after a restart`() async throws {
        try await CloudRig.running(["CLOUD_NUMBERS": Self.second], runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            try await writeToSecond(rig)
            try await rig.restarted { rig async throws in
                try await rig.happened(Self.ban, to: Self.other)
                #expect(rig.network.providers.map { $0.state.stop?.code } == [nil, "DISABLED_UPDATE"])
                _ = try await rig.send(.text("x"), to: chat)
                #expect(rig.log.alerts == ["account_stopped"])
                let alert = try #require(rig.log.entries.last { $0.metadata["alert"] != nil })
                #expect(alert.metadata["account"].map { "\($0)" } == "cloud:\(Self.second)")
            }
        }
    }

    @Test func `what happens to an account that is none of ours is information, not an alert`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            for event in [Self.ban, #"{"event":"SOMETHING_NEW"}"#] { try await rig.happened(event, to: Self.other) }
            #expect(rig.log.alerts.isEmpty)
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test func `an account of which we do not know whether it is ours alerts and stops nothing`() async throws {
        try await CloudRig.running { rig async throws in
            try await rig.happened(Self.ban)
            #expect(rig.provider.state.stop == nil)
            #expect(rig.log.alerts == ["account_notice"])
        }
    }

    @Test func `whose a number is shows at the start, before anybody writes`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            rig.graph.answer { request in
                guard request.path.hasSuffix("/\(Payload.number)") else { return nil }
                return .json(
                    """
                    {"id":"\(Payload.number)","health_status":{"can_send_message":"AVAILABLE","entities":[\
                    {"entity_type":"WABA","id":"\(Payload.business)"}]}}
                    """)
            }
            try await rig.restarted { rig async throws in
                try await rig.wait { try await rig.count("cloud_number") == 1 }
                try await rig.happened(Self.ban, to: Self.other)
                #expect(rig.provider.state.stop == nil && rig.log.alerts.isEmpty)
                try await rig.happened(Self.ban)
                #expect(rig.provider.state.stop != nil)
            }
        }
    }

    @Test func `who may not begin conversations still answers`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            try await rig.happened(Self.restriction("RESTRICTED_BIZ_INITIATED_MESSAGING", until: rig.time.now + 60))
            #expect(rig.log.alerts == ["account_notice"])
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test func `a restriction ends by itself when Meta says`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            let restriction = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
            try await rig.happened(Self.restriction(restriction, until: rig.time.now + 3_600))
            #expect(try await rig.failure(to: chat).remedy == .stopAccount)
            rig.time.advance(by: .seconds(3_599))
            #expect(!rig.provider.isConnected)
            #expect(try await rig.failure(to: chat).remedy == .holdAccount(.seconds(1)))
            rig.time.advance(by: .seconds(1))
            #expect(rig.provider.state.stop == nil)
            _ = try await rig.send(.text("x"), to: chat)
            // One that is over when we hear of it stops nothing.
            try await rig.happened(Self.restriction(restriction, until: rig.time.now - 1))
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test func `a restriction without an end keeps replies back until one that tries goes out`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            try await rig.happened(Self.restriction("RESTRICTED_CUSTOMER_INITIATED_MESSAGING"))
            for _ in 1...2 {
                let failure = try await rig.failure(to: chat)
                #expect(failure.remedy == .stopAccount && !failure.wasTried)
            }
            rig.time.advance(by: .seconds(600))
            rig.graph.refuse(131_031)
            let failure = try await rig.failure(to: chat)
            #expect(failure.remedy == .stopAccount && failure.wasTried)
            #expect(!rig.provider.isConnected)
            rig.graph.answer(nil)
            _ = try await rig.send(.text("x"), to: chat)
            #expect(rig.provider.state.stop == nil)
        }
    }

    @Test(arguments: [190, 131_031])
    func `a failed message of another program stops nothing`(code: Int) async throws {
        try await CloudRig.running { rig async throws in
            try await rig.wait { rig.provider.isConnected }
            rig.reports.disown("wamid.OTHERS")
            try await rig.deliver(Payload.failure(code, row: nil, id: "wamid.OTHERS"))
            try await rig.wait { rig.reports.all.count == 1 }
            #expect(rig.provider.isConnected)
        }
    }
}
