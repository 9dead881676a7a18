import Foundation
import TestKit
import Testing
import WhatsAppKeys
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// Servers that lie about devices and keys.
@Suite(.timeLimit(.minutes(15))) struct WebTrustTests {
    @Test(arguments: ["signature", "stranger", "absent", "revoked"])
    func `a companion gets nothing while its account does not vouch for it`(_ fault: String) async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.omer) { omer in
                try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                    try await Self.spoil(fault, on: stage)
                    try await dana.client.send(OutgoingMessage(.text("phone only")), to: .phoneNumber(WebPeer.omer))
                    try await stage.until("the phone to read it") {
                        try await stage.texts(of: WebPeer.omer).contains("phone only")
                    }
                    try await Self.spoil("none", on: stage)
                    // The server says that the list was out of date, and the companion gets its copy after.
                    try await dana.client.send(OutgoingMessage(.text("for all")), to: .phoneNumber(WebPeer.omer))
                    try await omer.text("for all")
                    #expect(!omer.heard.messages.contains { $0.content.text == "phone only" })
                }
            }
        }
    }

    private static func spoil(_ fault: String, on stage: WebStage) async throws {
        try await stage.post("/key-index-fault", ["account": .string(WebPeer.omer), "fault": .string(fault)])
    }

    @Test(arguments: [0, 1])
    func `a message is not sent again by keys of somebody else`(_ device: Int) async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.omer) { omer in
                try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                    let id = dana.client.makeID()
                    try await dana.client.send(
                        OutgoingMessage(.text("secret")), to: .phoneNumber(WebPeer.omer), id: id)
                    try await omer.text("secret")
                    let sent = try await stage.log("device_fanout").count
                    try await stage.post(
                        "/send-stanza",
                        [
                            "jid": .string("\(WebPeer.dana):1@s.whatsapp.net"),
                            "stanza": Self.forgedRequest(for: id, from: try await Self.lid(of: device, on: stage)),
                        ])
                    // The device's own keys are asked of the server, and it can read the repetition.
                    try await stage.until("the repetition") { try await stage.log("device_fanout").count > sent }
                    try await dana.client.send(OutgoingMessage(.text("after")), to: .phoneNumber(WebPeer.omer))
                    try await omer.text("after")
                    try await stage.until("the phone to read it") {
                        try await stage.texts(of: WebPeer.omer).contains("after")
                    }
                    for sign in ["<- \(WebPeer.omer)", "could NOT"] {
                        let lines = try await stage.log(sign)
                        #expect(lines.allSatisfy { !$0.contains("type=\"retry\"") && !$0.contains("could NOT") })
                    }
                }
            }
        }
    }

    private static func lid(of device: Int, on stage: WebStage) async throws -> JID {
        let accounts = try await stage.get("/accounts").items ?? []
        let account = try #require(accounts.first { $0["jid"]?.text?.hasPrefix(WebPeer.omer) == true })
        return try #require(account["lid"]?.text.flatMap { JID($0) }).with(device: UInt16(device))
    }

    /// A request for a message with keys of a stranger.
    private static func forgedRequest(for id: String, from device: JID) -> EmulatorJSON {
        let stranger = SigningKey.random()
        let signed = KeyPair.random().publicKey
        func node(_ tag: String, _ bytes: [UInt8]) -> EmulatorJSON {
            ["tag": .string(tag), "content": ["hex": .string(HexadecimalText.text(bytes))]]
        }
        let key: EmulatorJSON = [
            "tag": "skey",
            "content": [
                node("id", [0, 0, 9]), node("value", signed.bytes),
                node("signature", XEdDSA.sign(signed.prefixed, with: stranger)),
            ],
        ]
        return [
            "tag": "receipt",
            "attrs": ["from": .string("\(device)"), "id": .string(id), "type": "retry", "t": "1"],
            "content": [
                ["tag": "retry", "attrs": ["count": "1", "id": .string(id), "t": "1", "v": "1"]],
                node("registration", [0, 0, 0, 7]),
                ["tag": "keys", "content": [node("type", [5]), node("identity", stranger.publicKey.bytes), key]],
            ],
        ]
    }

    @Test(arguments: ["stranger", "absent"])
    func `who begins a session is believed when its account vouches for it, and not before`(
        _ fault: String
    ) async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.omer) { omer in
                try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                    let jid = EmulatorJSON.string("\(WebPeer.dana):1@s.whatsapp.net")
                    try await stage.post("/identity-fault", ["jid": jid, "fault": .string(fault)])
                    try await omer.client.send(OutgoingMessage(.text("it is me")), to: .phoneNumber(WebPeer.dana))
                    try await dana.text("it is me")
                    let asked = try await stage.log("type=\"retry\"").filter { $0.contains("<- \(WebPeer.dana):1") }
                    #expect(asked.count == 1)
                    #expect(dana.heard.messages.count == 1)
                }
            }
        }
    }

    @Test func `a member's device that could not be given the group's key is given it with the next message`()
        async throws
    {
        try await WebStage.open { stage in
            let heard = WebPeer.Heard()
            let store = MemoryStore { heard.add($0) }
            try await WebPeer.linked(to: stage, as: WebPeer.omer, store: store) { _ in }
            let made = try await stage.post(
                "/phone/group",
                [
                    "account": .string(WebPeer.noa), "subject": "Lab",
                    "participants": [.string(WebPeer.dana), .string(WebPeer.omer)],
                ])
            let group = try #require(made["jid"]?.text.flatMap { JID($0) })
            let jid = EmulatorJSON.string("\(WebPeer.omer):1@s.whatsapp.net")
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await stage.post("/key-fault", ["jid": jid, "hidden": true])
                try await dana.client.send(OutgoingMessage(.text("one")), to: group)
                try await stage.post("/key-fault", ["jid": jid, "hidden": false])
                try await dana.client.send(OutgoingMessage(.text("two")), to: group)
                try await WebPeer.linked(to: stage, as: WebPeer.omer, store: store) { _ in
                    try await stage.until("both") {
                        Set(heard.messages.compactMap(\.content.text)).isSuperset(of: ["one", "two"])
                    }
                    // For the first, which it had no key for; the second brought one.
                    let asked = try await stage.log("type=\"retry\"").filter { $0.contains("<- \(WebPeer.omer):1") }
                    #expect(asked.count == 1)
                }
            }
        }
    }

    @Test(arguments: [420, 421, 479])
    func `after a refusal of the devices they are asked for anew`(_ status: Int) async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                let made = try await stage.post(
                    "/phone/group",
                    [
                        "account": .string(WebPeer.omer), "subject": "Lab",
                        "participants": [.string(WebPeer.dana), .string(WebPeer.noa)],
                    ])
                let group = try #require(made["jid"]?.text.flatMap { JID($0) })
                for chat in [JID.phoneNumber(WebPeer.omer), group] {
                    try await dana.client.send(OutgoingMessage(.text("one")), to: chat)
                    let asked = try await stage.log("<devices version").count
                    try await dana.client.send(OutgoingMessage(.text("two")), to: chat)
                    #expect(try await stage.log("<devices version").count == asked)
                    let groupsAsked = try await stage.log("<query request").count
                    try await stage.post(
                        "/refuse-message", ["account": .string(WebPeer.dana), "error": .integer(status)])
                    await #expect(throws: WebError.self) {
                        try await dana.client.send(OutgoingMessage(.text("three")), to: chat)
                    }
                    try await dana.client.send(OutgoingMessage(.text("three")), to: chat)
                    #expect(try await stage.log("<devices version").count > asked)
                    let isGroupAsked = try await stage.log("<query request").count > groupsAsked
                    #expect(isGroupAsked == chat.isGroup)
                }
            }
        }
    }
}

extension WebClient {
    fileprivate nonisolated func makeID() -> String { "3EB0\(UUID().uuidString.filter { $0 != "-" }.prefix(18))" }
}
