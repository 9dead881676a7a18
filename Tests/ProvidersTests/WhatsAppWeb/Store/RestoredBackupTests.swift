import BotKit
import Foundation
import Logging
import Providers
import StoreSQLite
import Synchronization
import Testing
import TestKit
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// A linked client on the bot's database, with the emulated servers and phones.
@Suite(.timeLimit(.minutes(15))) struct RestoredBackupTests {
    private static let (own, other) = ("15550000001", "15550000002")

    @Test func `after a restored backup no key is used twice, and the conversation goes on`() async throws {
        try await WebEmulator.serving(WebEmulator.Configuration()) { emulator, ports in
            let phones = WebControlClient(port: ports.control)
            for number in [Self.own, Self.other] {
                try await phones.post("/account", ["number": .string(number), "name": "Dana"])
            }
            let bench = try await StoreBench()
            let backup = bench.folder.appending(path: "backup.sqlite")
            try await Self.online(emulator, ports, phones, bench) { client, heard in
                try await Self.say("hello", by: phones)
                #expect(await eventually { heard.texts.contains("hello") })
                try await client.send(.init(.text("before")), to: .phoneNumber(Self.other))
                try await bench.database.backup(to: backup.path)
                // More than was reserved, and an answer that turns the ratchet.
                for index in 1...40 {
                    try await client.send(.init(.text("after \(index)")), to: .phoneNumber(Self.other))
                }
                #expect(try await eventually { try await phones.texts(of: Self.other).count == 41 })
            }
            #expect(bench.alerts.isEmpty)
            try await bench.database.close()

            let restored = try await StoreBench(folder: bench.folder, file: "backup.sqlite")
            try await Self.online(emulator, ports, phones, restored) { client, heard in
                for index in 1...40 {
                    try await client.send(.init(.text("restored \(index)")), to: .phoneNumber(Self.other))
                }
                try await Self.say("still there?", by: phones)
                #expect(await eventually { heard.texts.contains("still there?") })
                #expect(try await eventually { try await phones.texts(of: Self.other).count == 81 })
            }
            #expect(restored.alerts.count == 1)
            for sign in ["REUSED", "REFUSED"] { #expect(try await phones.log(sign).isEmpty) }
            #expect(try await WebAccounts(restored.database).account(named: "main")?.state == .linked)
        }
    }

    /// Sends a text from the other one's phone.
    private static func say(_ text: String, by phones: WebControlClient) async throws {
        try await phones.post("/phone/send", ["account": .string(other), "to": .string(own), "text": .string(text)])
    }

    /// Runs a client on the bench until `body` is done.
    private static func online(
        _ emulator: WebEmulator, _ ports: WebEmulator.Ports, _ phones: WebControlClient, _ bench: StoreBench,
        _ body: @escaping @Sendable (WebClient, HeardTexts) async throws -> Void
    ) async throws {
        let heard = HeardTexts()
        let store = try await bench.open { events in
            heard.add(events)
            return WebDelivery()
        }
        defer { store.close() }
        let server = try #require(URL(string: "ws://127.0.0.1:\(ports.plain)/ws/chat"))
        let client = WebClient(
            settings: WebSettings(server: server, root: emulator.rootKey), store: store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await client.run() }
            group.addTask {
                for await notice in client.notices {
                    if case .qr(let text, _) = notice {
                        try await phones.post("/qr/scan", ["qr": .string(text), "account": .string(own)])
                    }
                    if case .connection(.online) = notice { isReady.yield() }
                }
            }
            for await _ in ready { break }
            try await body(client, heard)
        }
    }
}

/// The texts that a client has handed over.
private final class HeardTexts: Sendable {
    private let state = Mutex<[String]>([])
    var texts: [String] { state.withLock { $0 } }
    func add(_ events: [WebEvent]) {
        let texts = events.compactMap { if case .message(let message) = $0 { message.content.text } else { nil } }
        state.withLock { $0 += texts }
    }
}
