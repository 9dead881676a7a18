import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// Many messages at once in one chat, where ratchets that are not guarded lose their state.
@Suite(.timeLimit(.minutes(15))) struct WebInFlightTests {
    private static let inFlight = 24

    @Test(arguments: [false, true])
    func `nothing is unreadable with 24 in flight both ways`(_ isGroup: Bool) async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await WebPeer.linked(to: stage, as: WebPeer.omer) { omer in
                    let chats = try await Self.chats(on: stage, isGroup)
                    for round in 0..<3 {
                        try await Self.flood(dana, to: chats.ofDana, omer, to: chats.ofOmer, round)
                    }
                    try await stage.until("all to be read") {
                        dana.heard.messages.count { $0.content.text?.hasPrefix("omer") == true } == 3 * Self.inFlight
                            && omer.heard.messages.count { $0.content.text?.hasPrefix("dana") == true }
                                == 3 * Self.inFlight
                    }
                    for sign in ["type=\"retry\"", "could NOT", "REUSED", "REFUSED"] {
                        #expect(try await stage.log(sign).isEmpty, "\(sign)")
                    }
                }
            }
        }
    }

    private static func chats(on stage: WebStage, _ isGroup: Bool) async throws -> (ofDana: JID, ofOmer: JID) {
        guard isGroup else { return (.phoneNumber(WebPeer.omer), .phoneNumber(WebPeer.dana)) }
        let made = try await stage.post(
            "/phone/group",
            [
                "account": .string(WebPeer.noa), "subject": "Lab",
                "participants": [.string(WebPeer.dana), .string(WebPeer.omer)],
            ])
        let group = try #require(made["jid"]?.text.flatMap { JID($0) })
        return (group, group)
    }

    private static func flood(
        _ dana: WebPeer, to omers: JID, _ omer: WebPeer, to danas: JID, _ round: Int
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<inFlight {
                group.addTask {
                    try await dana.client.send(OutgoingMessage(.text("dana \(round) \(index)")), to: omers)
                }
                group.addTask {
                    try await omer.client.send(OutgoingMessage(.text("omer \(round) \(index)")), to: danas)
                }
            }
            try await group.waitForAll()
        }
    }
}
