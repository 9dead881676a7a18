import Foundation
import WhatsAppKeys
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// Below so many on the server more are made.
    private static let fewPrekeys = 5
    /// How many are made for a new device, and later.
    private static let firstPrekeys = 812
    private static let morePrekeys = 50

    /// Uploads one-time prekeys when the server has few: without them the first messages of others are weaker.
    func ensurePrekeys() async throws {
        let answer = try await request(
            Node("iq", ["xmlns": "encrypt", "type": "get", "to": .jid(.whatsApp)], [Node("count")]))
        let count = answer.child("count")?.text("value").flatMap { Int($0) } ?? 0
        guard count < Self.fewPrekeys else { return }
        try await uploadPrekeys()
    }

    /// The lane in which prekeys are numbered: an older count must not be stored over a newer one.
    static let credentialsLane = "credentials"

    /// Makes prekeys, stores them in one transaction, and only then shows them to the server.
    func uploadPrekeys() async throws {
        let made = try await withLanes([Self.credentialsLane]) { try await makePrekeys() }
        guard let keys = made?.keys, let credentials = made?.credentials else { return }
        let signed = credentials.signedPrekey
        _ = try await request(
            Node(
                "iq", ["xmlns": "encrypt", "type": "set", "to": .jid(.whatsApp)],
                [
                    Node("registration", bytes: [UInt8](credentials.registrationID.bigEndianData)),
                    Node("type", bytes: [5]),
                    Node("identity", bytes: credentials.identity.publicKey.bytes),
                    Node("list", [:], keys.map { .prekey($0.id, $0.pair.publicKey) }),
                    .signedPrekey(signed),
                ]))
    }

    private func makePrekeys() async throws -> (keys: [Prekey], credentials: Credentials)? {
        guard var credentials else { return nil }
        let first = credentials.nextPrekeyID
        let count = UInt32(first == 1 ? Self.firstPrekeys : Self.morePrekeys)
        // Their numbers have 24 bits and are never used twice.
        guard first &+ count < 1 << 24 else {
            throw WebError(.invalid, "all prekey numbers are used up; link the device again")
        }
        let keys = try Prekey.batch(from: first, count: Int(count))
        credentials.nextPrekeyID = first + count
        // At once: what else is stored of the credentials meanwhile must not turn the number back.
        self.credentials?.nextPrekeyID = credentials.nextPrekeyID
        var changes = keys.map { key in
            StoreChange.put(StoreKey(.preKey, String(key.id)), key.stored)
        }
        changes.append(.put(Credentials.key, try credentials.encoded()))
        try await store.commit(changes, events: [])
        return (keys, credentials)
    }
}

extension Node {
    /// A prekey as the server takes it.
    static func prekey(_ id: UInt32, _ key: PublicKey) -> Node {
        Node("key", [:], [Node("id", bytes: [UInt8](id.bigEndianData.dropFirst())), Node("value", bytes: key.bytes)])
    }
}
