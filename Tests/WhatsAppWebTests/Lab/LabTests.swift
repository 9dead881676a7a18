import Foundation
import Logging
import Synchronization
import TestKit
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

/// The client against an emulator of WhatsApp's servers that others wrote.
@Suite(.serialized, .enabled(if: Lab.folder != nil, "LAB names no laboratory"), .timeLimit(.minutes(2)))
struct LabTests {
    @Test func `links by a QR code, reads what the phone of another writes, and is read`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": "15550000001", "name": "Dana"])
            try await lab.post("/account", ["number": "15550000002", "name": "Omer"])
            try await LabClient.linked(to: lab, as: "15550000001") { dana in
                try await lab.post(
                    "/phone/send", ["account": "15550000002", "to": "15550000001@s.whatsapp.net", "text": "shalom"])
                let message = try await dana.message { $0.content.text == "shalom" }
                #expect(message.pushName == "Omer")
                #expect(message.senderPhone == .phoneNumber("15550000002"))
                for index in 1...3 {
                    try await dana.client.send(
                        OutgoingMessage(.text("answer \(index)")), to: .phoneNumber("15550000002"))
                }
                try await dana.until { _ in
                    let inbox = try await lab.get("/phone/inbox?account=15550000002") as? [[String: Any]] ?? []
                    return inbox.compactMap { $0["text"] as? String } == ["answer 1", "answer 2", "answer 3"]
                }
            }
        }
    }

    @Test func `links by a code`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": "15550000001", "name": "Dana"])
            try await LabClient.linked(to: lab, as: "15550000001", byCode: true) { dana in
                #expect(await dana.client.account?.phoneNumber.user == "15550000001")
            }
        }
    }

    @Test func `does not trust a server of another root`() async throws {
        try await Lab.running { lab in
            let client = WebClient(
                settings: WebSettings(server: lab.server), store: MemoryStore(), logger: Logger(label: "test"))
            let end = try await client.run()
            #expect(end == .untrustedServer)
        }
    }
}

/// A client that is linked to an account of the laboratory.
struct LabClient: Sendable {
    let client: WebClient
    let events: RecordedEvents

    static func linked(
        to lab: Lab, as number: String, byCode: Bool = false, _ body: @escaping @Sendable (LabClient) async throws -> Void
    ) async throws {
        let events = RecordedEvents()
        let store = MemoryStore { events.add($0) }
        var logger = Logger(label: "test")
        logger.logLevel = ProcessInfo.processInfo.environment["LAB_TRACE"] == nil ? .critical : .trace
        let client = WebClient(
            settings: WebSettings(
                server: lab.server, root: lab.root, linksByCodeTo: byCode ? number : nil),
            store: store, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            group.addTask {
                for await notice in client.notices {
                    switch notice {
                    case .qr(let text, _): try await lab.post("/qr/scan", ["qr": text, "account": number])
                    case .pairingCode(let code): try await lab.post("/link-code", ["code": code, "account": number])
                    case .connection(.online): events.isOnline = true
                    default: break
                    }
                }
            }
            let linked = LabClient(client: client, events: events)
            do {
                try await linked.until { $0.events.isOnline }
                try await body(linked)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    func message(_ fits: @escaping @Sendable (ReceivedMessage) -> Bool) async throws -> ReceivedMessage {
        try await until { $0.events.messages.contains(where: fits) }
        return events.messages.first(where: fits)!
    }

    func until(_ condition: (LabClient) async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .patience
        while try await !condition(self) {
            guard ContinuousClock.now < deadline else { throw Lab.Failure(description: "waited in vain") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// What a client has told its owner.
final class RecordedEvents: Sendable {
    private let state = Mutex<(events: [WebEvent], isOnline: Bool)>(([], false))

    func add(_ events: [WebEvent]) { state.withLock { $0.events += events } }
    var isOnline: Bool {
        get { state.withLock { $0.isOnline } }
        set { state.withLock { $0.isOnline = newValue } }
    }
    var all: [WebEvent] { state.withLock { $0.events } }
    var messages: [ReceivedMessage] {
        all.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
}
