import Foundation
import Testing

@testable import WhatsAppEmulator
@testable import WhatsAppWeb
@testable import WhatsAppWire

/// Single mishaps and tricks, played with real clients. Clients 0 and 1 are Dana's, 2 is Omer's, 3 is Noa's.
@Suite(.timeLimit(.minutes(15))) struct ChaosSceneTests {
    private static let omer = EmulatedAccount(number: WebPeer.omer, name: "").lid
    private static let noa = EmulatedAccount(number: WebPeer.noa, name: "").lid
    private static let everybody: Set<String> = [WebPeer.dana, WebPeer.omer, WebPeer.noa]

    @Test func `a message goes again only to those it was for`() async throws {
        try await ChaosRun.scene { run in
            run.write("secret", from: 0, to: Self.omer, [WebPeer.dana, WebPeer.omer])
            try run.settle()
            run.sentUp = []
            run.forge(ChaosRun.retry("R1", of: "3EB0secret", from: Self.noa.with(device: 1)), to: 0)
            run.forge(ChaosRun.retry("R2", of: "3EB0secret", from: Self.omer.with(device: 1), count: 2), to: 0)
            try run.settle()
            let again = run.sent("message", by: 0)
            #expect(again.count == 1 && again[0].text("to") == Self.omer.with(device: 1).description)
            #expect(Set(run.sent("ack", by: 0).compactMap { $0.text("id") }).isSuperset(of: ["R1", "R2"]))
            #expect(run.devices[3].heard.count(of: "secret") == 0)
            #expect(run.devices[2].heard.count(of: "secret") == 1)
        }
    }

    @Test func `requests that cannot be answered are acknowledged`() async throws {
        try await ChaosRun.scene { run in
            run.write("one", from: 0, to: Self.omer, [WebPeer.dana, WebPeer.omer])
            try run.settle()
            // A device that there is not, one without a word of what it wants, keys that are none.
            run.forge(ChaosRun.retry("R1", of: "3EB0one", from: Self.omer.with(device: 77), count: 2), to: 0)
            run.forge(Node("receipt", ["from": .jid(Self.omer), "id": "R2", "type": "retry"]), to: 0)
            var damaged = ChaosRun.retry("R3", of: "3EB0one", from: Self.omer.with(device: 1))
            damaged.content = .nodes(damaged.children + [Node("keys", [Node("identity", bytes: [1])])])
            run.forge(damaged, to: 0)
            try run.settle()
            #expect(Set(run.sent("ack", by: 0).compactMap { $0.text("id") }).isSuperset(of: ["R1", "R2", "R3"]))
        }
    }

    @Test func `ten thousand requests for one message cost four repetitions`() async throws {
        try await ChaosRun.scene { run in
            run.write("one", from: 0, to: Self.omer, [WebPeer.dana, WebPeer.omer])
            try run.settle()
            run.sentUp = []
            for index in 0..<5_000 {
                run.forge(ChaosRun.retry("A\(index)", of: "3EB0one", from: Self.omer.with(device: 1)), to: 0)
                run.forge(ChaosRun.retry("B\(index)", of: "3EB0none\(index)", from: Self.omer.with(device: 1)), to: 0)
            }
            try run.settle(mostRounds: 200_000)
            #expect(run.sent("message", by: 0).count == 4)
            #expect(run.sent("ack", by: 0).count { $0.text("class") == "receipt" } >= 10_000)
            #expect(run.devices[2].heard.count(of: "one") == 1)
        }
    }

    @Test func `every kind of stanza is acknowledged, unknown ones too`() async throws {
        try await ChaosRun.scene { run in
            for (index, tag) in ["call", "zebra", "notification", "message", "receipt"].enumerated() {
                run.forge(Node(tag, ["from": .jid(Self.omer), "id": .text("S\(index)"), "type": "quagga"]), to: 0)
            }
            try run.settle()
            let acks = run.sent("ack", by: 0).map { "\($0.text("class") ?? "") \($0.text("id") ?? "")" }
            let receipts = run.sent("receipt", by: 0).compactMap { $0.text("id") }
            for expected in ["call S0", "zebra S1", "notification S2", "receipt S4"] {
                #expect(acks.contains(expected))
            }
            #expect(acks.contains("message S3") || receipts.contains("S3"))
        }
    }

    @Test func `who was missing in the list of devices gets the message`() async throws {
        try await ChaosRun.scene { run in
            run.write("first", from: 0, to: Self.omer, [WebPeer.dana, WebPeer.omer])
            run.write("all", from: 0, to: run.group, Self.everybody)
            try run.settle()
            try run.addDevice(WebPeer.omer, 2)
            run.write("second", from: 0, to: Self.omer, [WebPeer.dana, WebPeer.omer])
            try run.settle()
            #expect(run.devices[4].heard.count(of: "second") == 1)
            try run.addDevice(WebPeer.noa, 2)
            run.write("to all", from: 0, to: run.group, Self.everybody)
            try run.settle()
            #expect(run.devices[4].heard.count(of: "to all") == 1)
            #expect(run.devices[5].heard.count(of: "to all") == 1)
            run.write("again", from: 0, to: run.group, Self.everybody)
            run.sentUp = []
            try run.settle()
            #expect(run.devices[5].heard.count(of: "again") == 1)
        }
    }

    @Test func `a user with 100 devices gets a message on each`() async throws {
        try await ChaosRun.scene { run in
            run.inWorld { world in
                for number in 2...100 {
                    let jid = JID.phoneNumber(WebPeer.noa, device: UInt16(number))
                    ChaosTrust(jid: jid, credentials: .random(at: .now), disk: MemoryStore()).link(in: world)
                }
            }
            run.write("to each", from: 0, to: Self.noa, [])
            try run.settle()
            let copies = run.sent("message", by: 0).first?.child("participants")?.children("to") ?? []
            #expect(copies.count { $0.text("jid")?.hasPrefix(Self.noa.user) == true } == 100)
        }
    }

    @Test func `a group key that was lost on the way is sent again with the message`() async throws {
        try await ChaosRun.scene { run in
            run.write("lost", from: 0, to: run.group, Self.everybody)
            // Up to the moment when the message with the key leaves.
            for _ in 0..<10_000 where run.sent("message", by: 0).isEmpty {
                run.executor.drain()
                run.endWaits()
                if run.peekUp(0)?.tag == "message" { break }
                run.moveUp(0)
                for index in run.devices.indices { run.devices[index].line?.passDown() }
            }
            #expect(run.peekUp(0)?.tag == "message")
            run.cut(0)
            try run.settle()
            #expect(run.devices[2].heard.count(of: "lost") == 1)
            #expect((run.sentUp ?? []).allSatisfy { $0.node.text("type") != "retry" })
        }
    }

    @Test func `what was read before a crash is known after it`() async throws {
        try await ChaosRun.scene { run in
            run.write("once", from: 0, to: Self.omer, [WebPeer.dana, WebPeer.omer])
            // Until it is stored; nothing that the client says to it reaches the server.
            for _ in 0..<10_000 where run.devices[2].heard.count(of: "once") == 0 {
                run.executor.drain()
                run.endWaits()
                for index in run.devices.indices {
                    if index != 2 { run.moveUp(index) }
                    run.devices[index].line?.passDown()
                }
            }
            #expect(run.devices[2].heard.count(of: "once") == 1)
            run.crash(2)
            run.sentUp = []
            try run.settle()
            let receipts = run.sent("receipt", by: 2).filter { $0.text("id") == "3EB0once" }
            #expect(!receipts.isEmpty && receipts.allSatisfy { $0.text("type") != "retry" })
            #expect(run.devices[2].heard.count(of: "once") == 1)
        }
    }

    @Test func `a part that came before does not hide one that did not`() async throws {
        try await ChaosRun.scene { run in
            // The first part with the key is sound, the second damaged; and the connection ends before the retry.
            run.write("first", from: 0, to: run.group, Self.everybody)
            let omer = run.devices[2].jid
            run.inWorld { $0.device(omer)?.faults.damageLast = 1 }
            for _ in 0..<10_000 where run.peekUp(2)?.text("type") != "retry" {
                run.executor.drain()
                for index in run.devices.indices where index != 2 {
                    run.endWaits()
                    run.moveUp(index)
                    run.devices[index].line?.passDown()
                }
                run.devices[2].line?.passDown()
                run.executor.drain()
                run.endWaits()
                run.executor.drain()
                if run.peekUp(2)?.text("type") != "retry" { run.moveUp(2) }
            }
            #expect(run.peekUp(2)?.text("type") == "retry")
            run.cut(2)
            try run.settle()
            #expect(run.devices[2].heard.count(of: "first") == 1)
        }
    }
}
