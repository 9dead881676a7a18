import Foundation
import Logging
import TestKit
import WhatsAppWire

@testable import WhatsAppWeb

/// A client that is linked to an account of the laboratory.
struct LabClient: Sendable {
    let client: WebClient
    let store: MemoryStore
    let events: RecordedEvents

    /// What a client keeps while it does not run, and what it told.
    struct Memory: Sendable {
        let events: RecordedEvents
        let store: MemoryStore

        init() {
            let events = RecordedEvents()
            self.events = events
            store = MemoryStore { events.add($0) }
        }
    }

    /// - Parameter memory: of an earlier run, which this one goes on from.
    static func linked(
        to lab: Lab, as number: String, byCode: Bool = false, wantsHistory: Bool = false, with memory: Memory = Memory(),
        _ body: @escaping @Sendable (LabClient) async throws -> Void
    ) async throws {
        let (events, store) = (memory.events, memory.store)
        let before = events.online
        var logger = Logger(label: "test")
        logger.logLevel = ProcessInfo.processInfo.environment["LAB_TRACE"] == nil ? .critical : .trace
        let client = WebClient(
            settings: WebSettings(
                server: lab.server, root: lab.root, wantsHistory: wantsHistory,
                linksByCodeTo: byCode ? number : nil),
            store: store, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            group.addTask {
                for await notice in client.notices {
                    switch notice {
                    case .qr(let text, _): try await lab.post("/qr/scan", ["qr": text, "account": number])
                    case .pairingCode(let code): try await lab.post("/link-code", ["code": code, "account": number])
                    case .connection(.online): events.cameOnline()
                    default: events.add(notice)
                    }
                }
            }
            let linked = LabClient(client: client, store: store, events: events)
            do {
                try await linked.until { $0.events.online > before }
                try await body(linked)
                // Whatever it was about: what the server sent was taken.
                try await lab.until("all to be acknowledged") { try await lab.isAllAcknowledged() }
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

    /// Waits for something to be told, and gives what `pick` makes of it.
    func event<Value>(_ pick: @escaping @Sendable (WebEvent) -> Value?) async throws -> Value {
        try await until { $0.events.all.contains { pick($0) != nil } }
        return events.all.lazy.compactMap(pick).first!
    }

    /// Waits for a change of a group.
    func groupChange(_ fits: @escaping @Sendable (GroupEvent.Change) -> Bool) async throws -> GroupEvent {
        try await event { if case .group(let event) = $0, fits(event.change) { event } else { nil } }
    }

    /// Waits for what is worth something only now.
    func notice(_ fits: @escaping @Sendable (WebNotice) -> Bool) async throws {
        try await until { $0.events.notices.contains(where: fits) }
    }

    func until(_ condition: (LabClient) async throws -> Bool) async throws {
        guard try await eventually(every: .milliseconds(20), { try await condition(self) }) else {
            throw Lab.Failure(description: "waited in vain")
        }
    }
}
