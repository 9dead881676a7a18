import Foundation
import Logging
import Synchronization
import TestKit
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// An emulator with its control API.
struct WebStage: Sendable {
    let emulator: WebEmulator
    let ports: WebEmulator.Ports

    var control: WebControlClient { WebControlClient(port: ports.control) }

    /// Runs an emulator with the accounts of Dana, Omer and Noa while `body` works.
    static func open(
        _ change: @Sendable (inout WebEmulator.Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (WebStage) async throws -> Void
    ) async throws {
        var configuration = WebEmulator.Configuration()
        change(&configuration)
        try await WebEmulator.serving(configuration) { emulator, ports in
            let stage = WebStage(emulator: emulator, ports: ports)
            for (number, name) in [(WebPeer.dana, "Dana"), (WebPeer.omer, "Omer"), (WebPeer.noa, "Noa")] {
                try await stage.post("/account", ["number": .string(number), "name": .string(name)])
            }
            try await body(stage)
        }
    }

    @discardableResult
    func post(_ path: String, _ values: EmulatorJSON) async throws -> EmulatorJSON {
        try await control.post(path, values)
    }

    func get(_ path: String) async throws -> EmulatorJSON { try await control.get(path) }

    /// The lines of the log that contain `match`.
    func log(_ match: String) async throws -> [String] { try await control.log(match) }

    /// The texts that a phone has decrypted.
    func texts(of number: String) async throws -> [String] { try await control.texts(of: number) }

    func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        _ = try await eventually(what) { try await condition() ? true : nil }
    }
}

/// A real client, linked to an account of the stage.
struct WebPeer: Sendable {
    static let dana = "15550000001"
    static let omer = "15550000002"
    static let noa = "15550000003"

    let client: WebClient
    let heard: Heard
    let stage: WebStage

    /// What a client has told its owner.
    final class Heard: Sendable {
        private let state = Mutex<(events: [WebEvent], online: Int)>(([], 0))
        var events: [WebEvent] { state.withLock { $0.events } }
        var online: Int { state.withLock { $0.online } }
        func add(_ events: [WebEvent]) { state.withLock { $0.events += events } }
        func cameOnline() { state.withLock { $0.online += 1 } }
        var messages: [ReceivedMessage] {
            events.compactMap { if case .message(let message) = $0 { message } else { nil } }
        }
        /// What could not be read for good.
        var unreadable: [UnreadableMessage] {
            events.compactMap { if case .unreadable(let message) = $0 { message } else { nil } }
        }
    }

    static func linked(
        to stage: WebStage, as number: String, byCode: Bool = false, store: MemoryStore? = nil, time: WebTime = .system,
        trusting certificates: URL? = nil, through proxy: URL? = nil,
        _ body: @escaping @Sendable (WebPeer) async throws -> Void
    ) async throws {
        let heard = Heard()
        // Over TLS where media servers are asked over TLS too.
        let place = certificates.map { _ in "wss://localhost:\(stage.ports.tls ?? 0)" }
        guard let server = URL(string: "\(place ?? "ws://127.0.0.1:\(stage.ports.plain)")/ws/chat") else { return }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let client = WebClient(
            settings: WebSettings(
                server: server, root: stage.emulator.rootKey, trustedCertificates: certificates?.path,
                proxy: proxy, linksByCodeTo: byCode ? number : nil),
            store: store ?? MemoryStore { heard.add($0) }, logger: logger, time: time)
        let peer = WebPeer(client: client, heard: heard, stage: stage)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await client.run() }
            group.addTask {
                for await notice in client.notices {
                    switch notice {
                    case .qr(let text, _):
                        try await stage.post("/qr/scan", ["qr": .string(text), "account": .string(number)])
                    case .pairingCode(let code):
                        try await stage.post("/link-code", ["code": .string(code), "account": .string(number)])
                    case .connection(.online): heard.cameOnline()
                    default: break
                    }
                }
            }
            try await stage.until("the client to be online") { heard.online > 0 }
            try await body(peer)
        }
    }

    func text(_ text: String) async throws {
        try await stage.until("the text \(text)") { heard.messages.contains { $0.content.text == text } }
    }
}
