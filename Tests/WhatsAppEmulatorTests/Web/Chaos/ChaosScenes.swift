import Foundation

@testable import WhatsAppEmulator
@testable import WhatsAppWeb
@testable import WhatsAppWire

extension ChaosRun {
    /// Plays a scene with the clients of a run, all of them connected, on a thread of its own.
    static func scene(_ body: @escaping @Sendable (ChaosRun) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                continuation.resume(
                    with: Result {
                        let run = try ChaosRun(seed: 1)
                        try run.settle()
                        run.sentUp = []
                        try body(run)
                    })
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Lets a client send a text, for better or worse.
    func write(_ text: String, from sender: Int, to chat: JID, _ accounts: Set<String>) {
        mail.append(ChaosMail(id: "3EB0\(text)", text: text, sender: sender, chat: chat, accounts: accounts))
        send(mail.count - 1)
    }

    /// Gives a client a stanza that the server made up.
    func forge(_ node: Node, to index: Int) {
        devices[index].line?.send(OutgoingStanza(node: node, compressAbove: .max), after: 0)
    }

    /// What a client has sent with this tag since the scene began.
    func sent(_ tag: String, by index: Int) -> [Node] {
        (sentUp ?? []).filter { $0.index == index && $0.node.tag == tag }.map(\.node)
    }

    /// The stanza that a client sends next.
    func peekUp(_ index: Int) -> Node? { devices[index].line?.peekUp() }

    /// A request for a message that could not be read.
    static func retry(_ id: String, of message: String, from device: JID, count: Int = 1) -> Node {
        Node(
            "receipt", ["from": .jid(device), "id": .text(id), "type": "retry"],
            [
                Node("retry", ["count": .number(count), "id": .text(message), "t": "1", "v": "1"]),
                Node("registration", bytes: [0, 0, 0, 1]),
            ])
    }

    /// Another client of an account, of which nobody is told.
    func addDevice(_ number: String, _ device: UInt16) throws {
        let lid = EmulatedAccount(number: number, name: "").lid
        let new = try ChaosDevice(number: number, device: device, lid: lid, random: &random)
        devices.append(new)
        guard let linked = ChaosTrust(new) else { return }
        inWorld { world in
            linked.link(in: world)
            linked.meetPhones(of: [WebPeer.dana, WebPeer.noa], in: world)
        }
        executor.drain()
    }
}
