import Logging
import Synchronization
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

/// Whatever says that two addresses are one user's.
struct AddressPairTests {
    private static let pair: Set<JID> = [People.dana, People.danaPhone]
    private static let lid = Node.Value.jid(People.dana.with(device: 3))
    private static let phone = Node.Value.jid(People.danaPhone)
    private static let group = Node.Value.jid(People.group)

    private func pairs(_ node: Node) -> [Set<JID>] { node.addressPairs.map { [$0.one.withoutDevice, $0.other] } }

    @Test(arguments: [
        Node("message", ["from": lid, "sender_pn": phone]),
        Node("message", ["from": phone, "sender_lid": .jid(People.dana)]),
        Node("message", ["from": group, "participant": lid, "participant_pn": phone]),
        Node("message", ["from": .jid(People.me), "recipient": .jid(People.dana), "peer_recipient_pn": phone]),
        Node("message", ["from": .jid(People.me), "recipient": phone, "peer_recipient_lid": .jid(People.dana)]),
        Node("message", ["from": .jid(People.me), "recipient": phone, "recipient_lid": .jid(People.dana)]),
        Node("receipt", ["from": group, "participant": lid, "participant_pn": phone]),
        Node("notification", ["from": phone, "lid": .jid(People.dana), "type": "devices"]),
        Node("notification", ["from": phone, "sender_lid": .jid(People.dana), "type": "privacy_token"]),
        Node("notification", ["from": group], [Node("subject", ["s_o": lid, "s_o_pn": phone])]),
        Node(
            "notification", ["from": group],
            [Node("create", [:], [Node("group", ["creator": lid, "creator_pn": phone])])]),
        Node(
            "notification", ["from": group],
            [Node("add", [:], [Node("participant", ["jid": lid, "phone_number": phone])])]),
        Node(
            "notification", ["from": .jid(People.group)],
            [Node("description", ["participant": lid, "participant_pn": phone])]),
        Node(
            "notification", ["from": .jid(.whatsApp)],
            [Node("add", [:], [Node("device", ["jid": phone, "lid": lid])])]),
    ])
    func `each stanza that names a user twice is understood`(_ node: Node) {
        #expect(pairs(node).map { Set($0.map(\.withoutDevice)) } == [Self.pair])
    }

    @Test func `answers of the server are read to their depth`() {
        let answers = [
            Node("user", ["jid": Self.phone], [Node("lid", ["val": Self.lid])]),
            Node("user", ["jid": .jid(People.dana), "pn_jid": Self.phone]),
            Node("iq", [:], [Node("group", ["s_o": Self.lid, "s_o_pn": Self.phone])]),
            Node(
                "iq", [:],
                [
                    Node(
                        "groups", [:],
                        [Node("group", [:], [Node("participant", ["jid": Self.phone, "lid": Self.lid])])])
                ]),
        ]
        for answer in answers {
            let found = answer.addressPairsInside.map { Set([$0.one.withoutDevice, $0.other.withoutDevice]) }
            #expect(found == [Self.pair])
        }
    }

    @Test(arguments: [
        Node("message", ["from": lid], [Node("meta", ["jid": phone, "lid": lid])]),
        Node("message", ["from": lid, "sender_pn": lid]),
        Node("message", ["from": group, "sender_pn": phone]),
        Node("message", ["from": lid, "sender_pn": "nobody"]),
    ])
    func `what a sender may have written, or what names nobody, says nothing`(_ node: Node) {
        #expect(node.addressPairs.isEmpty)
    }

    @Test func `a pair that could not be stored is stored the next time`() async throws {
        let store = ForgetfulStore()
        let client = WebClient(settings: WebSettings(), store: store, logger: Logger(label: "test"))
        let pairs: [Node.AddressPair] = [(People.dana, People.danaPhone)]
        await #expect(throws: WebError.self) { try await client.keep(pairs) }
        try await client.keep(pairs)
        let key = StoreKey(.alias, People.danaPhone.description)
        #expect(store.disk.load([key])[key] == Array(People.dana.description.utf8))
    }
}

/// A store whose first commit fails.
private final class ForgetfulStore: WebStore {
    let disk = MemoryStore()
    private let hasFailed = Mutex(false)

    func load(_ keys: [StoreKey]) async throws -> [StoreKey: [UInt8]] { disk.load(keys) }
    func list(_ kind: StoreKind, after name: String?, limit: Int) async throws -> [StoreEntry] {
        disk.list(kind, after: name, limit: limit)
    }
    func commit(_ changes: [StoreChange], events: [WebEvent]) async throws {
        let fails = hasFailed.withLock { hasFailed in
            defer { hasFailed = true }
            return !hasFailed
        }
        if fails { throw WebError(.store, "the disk is full") }
        disk.commit(changes, events: events)
    }
}
