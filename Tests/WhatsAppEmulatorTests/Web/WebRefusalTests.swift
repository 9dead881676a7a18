import Foundation
import Testing
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppEmulator

/// What the server refuses, with stanzas put straight into the world.
@Suite struct WebRefusalTests {
    /// A world with one linked and connected device of Dana's, and Omer.
    private func world(_ test: @Sendable (isolated WebWorld, EmulatedDevice, WebLink) throws -> Void) async throws {
        let world = WebWorld(WebOptions(), authority: NoiseAuthority(root: .random()), log: StanzaLog())
        try await world.withDevice(test)
    }

    private static func prekeys(of identity: SigningKey, ids: [UInt32]) -> [Node] {
        let signed = KeyPair.random().publicKey
        return [
            Node("registration", bytes: [0, 0, 1, 2]), Node("type", bytes: [5]),
            Node("identity", bytes: identity.publicKey.bytes),
            Node(
                "list",
                ids.map { id in
                    Node(
                        "key",
                        [
                            Node("id", bytes: WebWorld.bytes(id, count: 3)),
                            Node("value", bytes: KeyPair.random().publicKey.bytes),
                        ])
                }),
            Node(
                "skey",
                [
                    Node("id", bytes: [0, 0, 1]), Node("value", bytes: signed.bytes),
                    Node("signature", bytes: XEdDSA.sign(signed.prefixed, with: identity)),
                ]),
        ]
    }

    @Test func `prekeys are handed out once each`() async throws {
        try await world { world, device, _ in
            let upload = Node("iq", Self.prekeys(of: WebWorld.testIdentity, ids: [1, 2]))
            _ = try world.prekeys(upload, upload.children[0], from: device)
            #expect(device.prekeyCount == 2)
            let bundles = (0..<3).map { _ in world.bundle(of: device, isOwn: false) }
            let ids = bundles.map { $0.first { $0.tag == "key" }?.child("id")?.bytes }
            #expect(ids == [[0, 0, 1], [0, 0, 2], nil])
        }
    }

    @Test func `prekeys of a stranger or with a wrong signature are refused`() async throws {
        try await world { world, device, _ in
            let strange = Node("iq", Self.prekeys(of: .random(), ids: [1]))
            #expect(throws: StanzaRefusal.self) { try world.prekeys(strange, strange.children[0], from: device) }
            var parts = Self.prekeys(of: WebWorld.testIdentity, ids: [1])
            parts[4] = Self.prekeys(of: .random(), ids: [1])[4]
            let wrong = Node("iq", parts)
            #expect(throws: StanzaRefusal.self) { try world.prekeys(wrong, wrong.children[0], from: device) }
            #expect(device.prekeyCount == 0)
        }
    }

    @Test(arguments: [
        Node(
            "message", ["id": "1", "to": "15550000002@s.whatsapp.net"],
            [Node("enc", ["v": "2", "type": "msg"], bytes: [0x33])]),
        Node("message", ["id": "1", "to": "15550000002@s.whatsapp.net", "type": "text"]),
        Node(
            "message", ["id": "1", "to": "15550000002@s.whatsapp.net", "type": "text"],
            [Node("enc", ["v": "1", "type": "msg"], bytes: [0x33])]),
        Node(
            "message", ["id": "1", "to": "15550000002@s.whatsapp.net", "type": "text"],
            [Node("enc", ["v": "2", "type": "msg"], bytes: [0x22])]),
        Node(
            "message", ["id": "1", "to": "15559999999@s.whatsapp.net", "type": "text"],
            [Node("enc", ["v": "2", "type": "msg"], bytes: [0x33])]),
    ])
    func `a message that lacks something is refused and said to be`(_ node: Node) async throws {
        try await world { world, device, _ in
            world.message(node, from: device)
            #expect(world.log.entries(since: 0, match: "REFUSED message").count == 1)
            #expect(world.log.entries(since: 0, match: "<ack").contains { $0.text.contains(" error=") })
        }
    }

    @Test func `a companion that begins a session must show that its account vouches for it`() async throws {
        try await world { world, device, _ in
            let account = world.phone(of: device.account)
            let word = account.sign(companion: Self.identityKey, keyIndex: 1, at: 1)
            device.signedIdentity = Self.identity(word.details, word.accountKey, word.signature)
            func send(_ identity: [UInt8]?, to world: isolated WebWorld) -> StanzaRefusal? {
                // A whole pkmsg for a device that there is not reaches nobody.
                let part = Node("enc", ["v": "2", "type": "pkmsg"], bytes: [0x33])
                let copy = Node("to", ["jid": .jid(.phoneNumber(WebPeer.omer, device: 9))], [part])
                let parts =
                    [Node("participants", [copy])] + (identity.map { [Node("device-identity", bytes: $0)] } ?? [])
                return world.message(
                    Node(
                        "message",
                        [
                            "id": .text("\(UInt64.random(in: 0 ... .max))"), "type": "text",
                            "to": .jid(.phoneNumber(WebPeer.omer)),
                        ], parts), from: device)
            }
            #expect(send(nil, to: world)?.reason.contains("no device-identity") == true)
            #expect(
                send(WebWorld.signedByStranger(device.signedIdentity), to: world)?.reason.contains("not the one")
                    == true)
            #expect(send([1, 2, 3], to: world)?.reason.contains("not the one") == true)
            #expect(send(device.signedIdentity, to: world) == nil)
        }
    }

    private static let identityKey = WebWorld.testIdentity.publicKey

    private static func identity(_ details: [UInt8], _ key: [UInt8], _ signature: [UInt8]) -> [UInt8] {
        var identity = WASignedDeviceIdentity()
        identity.details = Data(details)
        identity.accountSignatureKey = Data(key)
        identity.accountSignature = Data(signature)
        identity.deviceSignature = Data(
            XEdDSA.sign([6, 1] + details + identityKey.bytes + key, with: WebWorld.testIdentity))
        return [UInt8](WebWorld.serialized(identity))
    }

    @Test(arguments: [false, true])
    func `a key that is used twice is noticed, however the device is addressed`(_ isDirect: Bool) async throws {
        try await world { world, device, _ in
            let omer = world.account(WebPeer.omer)
            func send(_ target: JID, _ text: UInt8, in world: isolated WebWorld) {
                let body: [UInt8] = [0x33, 0x0A, 2, 5, 1, 0x10, 7, 0x22, 1, text]
                let part = Node("enc", ["v": "2", "type": "msg"], bytes: body + [UInt8](repeating: 0, count: 8))
                let parts = isDirect ? [part] : [Node("participants", [Node("to", ["jid": .jid(target)], [part])])]
                world.message(
                    Node("message", ["id": .text("M\(text)"), "type": "text", "to": .jid(target)], parts), from: device)
            }
            send(omer.phoneNumber, 1, in: world)
            #expect(world.counters.reuses == 0)
            send(omer.lid, 2, in: world)
            #expect(world.counters.reuses == 1)
            #expect(world.log.entries(since: 0, match: "KEY REUSED").count == 1)
        }
    }

    @Test func `usync needs all its attributes`() async throws {
        try await world { world, _, _ in
            let full: Node.Attributes = [
                "sid": "1", "mode": "query", "last": "true", "index": "0", "context": "message",
            ]
            let parts = [
                Node("query", [Node("devices", ["version": "2"])]),
                Node("list", [Node("user", ["jid": .jid(.phoneNumber(WebPeer.omer))])]),
            ]
            let answer = try world.lookUp(Node("usync", full, parts))
            #expect(answer.descendant("list", "user", "devices", "device-list", "device")?.text("id") == "0")
            for name in full.entries.map(\.name) {
                var fewer = full
                fewer[name] = nil
                #expect(throws: StanzaRefusal.self) { try world.lookUp(Node("usync", fewer, parts)) }
            }
        }
    }

    @Test func `a message key that encrypts two texts is noticed`() throws {
        var counters = CounterWatch()
        // Protobuf: ratchet key, counter 7, ciphertext; then a MAC.
        func message(_ text: UInt8) -> Node {
            let body: [UInt8] = [0x33, 0x0A, 2, 5, 1, 0x10, 7, 0x22, 1, text]
            return Node("enc", ["v": "2", "type": "msg"], bytes: body + [UInt8](repeating: 0, count: 8))
        }
        let seen = [(message(1), "b"), (message(1), "b"), (message(2), "c"), (message(2), "b")]
        let verdicts = seen.map { counters.see($0.0, from: "a", to: $0.1) }
        #expect(verdicts == [true, true, true, false])
        #expect(counters.reuses == 1)
    }

    @Test func `stanzas of requests read the same as those of the control API`() throws {
        let json: EmulatorJSON = [
            "tag": "ib", "attrs": ["from": "s.whatsapp.net", "count": 3],
            "content": [["tag": "x", "content": ["hex": "0aff"]]],
        ]
        #expect(
            try Node(json: json)
                == Node("ib", ["from": .jid(.whatsApp), "count": "3"], [Node("x", bytes: [10, 255])]))
    }
}

extension WebWorld {
    static let testIdentity = SigningKey.random()

    /// A linked device of Dana's with a connection that leads nowhere.
    func withDevice(_ test: @Sendable (isolated WebWorld, EmulatedDevice, WebLink) throws -> Void) throws {
        let dana = account(WebPeer.dana, name: "Dana")
        _ = (phone(of: dana), phone(of: account(WebPeer.omer, name: "Omer")))
        let device = EmulatedDevice(
            account: dana, number: 1, identity: Self.testIdentity.publicKey, registrationID: 1,
            signedKey: .init(id: 1, key: [], signature: []))
        dana.add(device)
        let link = WebLink(
            .init(
                connection: 1, outlet: NoOutlet(), key: KeyPair.random().publicKey, payload: [],
                routingInfo: nil))
        link.device = device
        device.link = link
        links[1] = link
        try test(self, device, link)
    }
}

/// A connection that leads nowhere.
private struct NoOutlet: StanzaOutlet {
    func send(_ stanza: OutgoingStanza, after milliseconds: Int) {}
    func close(after milliseconds: Int) {}
}
