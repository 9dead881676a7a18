import BotKit
import Foundation
import Testing

@testable import Providers

/// Saying that a message was read and that an answer is written.
@Suite struct AcknowledgementTests {
    private func message(_ rig: CloudRig, _ number: Int = 1, age: TimeInterval = 0, isGroup: Bool = false)
        -> InboundMessage
    {
        InboundMessage(
            id: MessageID(rawValue: "wamid.\(number)"), chat: ChatID(account: rig.provider.account, name: "u1"),
            isGroup: isGroup, sender: .init(id: "cloud/u1"), sentAt: rig.time.now.addingTimeInterval(-age),
            receivedAt: rig.time.now, content: .text("a"))
    }

    @Test func `reading and typing are told, and again when asked again`() async throws {
        try await CloudRig.running { rig async throws in
            await rig.provider.acknowledge(message(rig), typing: false)
            try await rig.wait { rig.graph.acknowledged.count == 1 }
            for _ in 0..<2 { await rig.provider.acknowledge(message(rig), typing: true) }
            try await rig.wait { rig.graph.acknowledged.count == 3 }
            let bodies = rig.graph.acknowledged.map(\.json)
            #expect(bodies.allSatisfy { $0["message_id"] as? String == "wamid.1" && $0["status"] as? String == "read" })
            #expect(bodies.map { $0["typing_indicator"] != nil } == [false, true, true])
        }
    }

    @Test func `groups and messages older than 30 days are left out`() async throws {
        try await CloudRig.running { rig async throws in
            await rig.provider.acknowledge(message(rig, 1, isGroup: true), typing: true)
            await rig.provider.acknowledge(message(rig, 2, age: 31 * 86_400), typing: true)
            await rig.provider.acknowledge(message(rig, 3), typing: true)
            try await rig.wait { !rig.graph.acknowledged.isEmpty }
            #expect(rig.graph.acknowledged.map { $0.json["message_id"] as? String } == ["wamid.3"])
        }
    }

    @Test func `more than the network takes is dropped, the oldest first, and nobody waits`() async throws {
        try await CloudRig.running(["CLOUD_ACKNOWLEDGEMENTS_PER_SECOND": "5"], runsProviders: false) {
            rig async throws in
            for number in 0..<1000 { await rig.provider.acknowledge(message(rig, number), typing: true) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await rig.provider.run() }
                try await rig.wait { rig.graph.acknowledged.count == 5 }
                #expect(rig.graph.acknowledged.contains { $0.json["message_id"] as? String == "wamid.936" })
                // The rest comes at its pace, while it still means something.
                try await rig.wait { rig.time.wakeTimes.contains { $0 < rig.time.now.addingTimeInterval(1) } }
                rig.time.advance(by: .seconds(60))
                await rig.provider.acknowledge(message(rig, 5000), typing: true)
                try await rig.wait {
                    rig.time.advance(by: .milliseconds(200))
                    return rig.graph.acknowledged.contains { $0.json["message_id"] as? String == "wamid.5000" }
                }
                #expect(rig.graph.acknowledged.count <= 7)
                group.cancelAll()
            }
        }
    }

    @Test func `a failure is nobody's trouble`() async throws {
        try await CloudRig.running { rig async throws in
            rig.graph.refuse(131_009)
            await rig.provider.acknowledge(message(rig), typing: true)
            try await rig.wait { rig.graph.acknowledged.count == 1 }
            rig.graph.answer(nil)
            await rig.provider.acknowledge(message(rig, 2), typing: true)
            try await rig.wait { rig.graph.acknowledged.count == 2 }
        }
    }
}
