import Foundation
import Logging
import TestKit
import Testing
import WhatsAppKeys
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

@Suite(.timeLimit(.minutes(15))) struct WebHandshakeTests {
    @Test func `the chain of certificates is vouched for by the root`() throws {
        let authority = NoiseAuthority(root: .random())
        let trust = CertificateTrust(root: try PublicKey(authority.rootKey))
        let now = Int64(Date().timeIntervalSince1970)
        try trust.verify(authority.chain(), for: authority.keys.publicKey, at: now)
    }

    @Test(arguments: [
        (NoiseAuthority.Fault.expired, WireError.Code.certificateExpired), (.early, .certificateNotYetValid),
        (.stranger, .certificateSignature), (.otherKey, .certificateKey),
    ])
    func `a faulty chain is refused`(_ fault: NoiseAuthority.Fault, _ code: WireError.Code) throws {
        let authority = NoiseAuthority(root: .random())
        authority.fault = fault
        let trust = CertificateTrust(root: try PublicKey(authority.rootKey))
        let error = #expect(throws: WireError.self) {
            try trust.verify(
                authority.chain(), for: authority.keys.publicKey, at: Int64(Date().timeIntervalSince1970))
        }
        #expect(error?.code == code)
    }

    @Test func `a client that trusts another root ends`() async throws {
        try await WebStage.open { stage in
            let server = try #require(URL(string: "ws://127.0.0.1:\(stage.ports.plain)/ws/chat"))
            let client = WebClient(
                settings: WebSettings(server: server), store: MemoryStore(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            #expect(try await client.run() == .untrustedServer)
        }
    }

    @Test func `codes that nobody scans end the client`() async throws {
        try await WebStage.open { stage in
            let server = try #require(URL(string: "ws://127.0.0.1:\(stage.ports.plain)/ws/chat"))
            for number in [nil, WebPeer.dana] {
                // Minutes pass in half a second.
                let client = WebClient(
                    settings: WebSettings(server: server, root: stage.emulator.rootKey, linksByCodeTo: number),
                    store: MemoryStore(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                    time: WebTime(now: { Date() }, sleep: { try await Task.sleep(for: $0 / 400) }))
                #expect(try await client.run() == .notScanned)
            }
        }
    }

    @Test func `keys in a folder stay the same`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "emulator-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try EmulatorState(folder: folder)
        let second = try EmulatorState(folder: folder)
        #expect(first.root.publicKey == second.root.publicKey && first.authority == second.authority)
        _ = try second.context()
        let text = try String(contentsOf: folder.appending(path: "noise-root.pub"), encoding: .utf8)
        #expect(HexadecimalText.bytes(text) == first.root.publicKey.bytes)
    }

    @Test func `the front page names the current revision`() async throws {
        let world = WebWorld(WebOptions(), authority: NoiseAuthority(root: .random()), log: StanzaLog())
        let call = EmulatorCall(
            method: "GET", path: [], query: [:], body: [], contentType: "", authorization: nil, host: "")
        let reply = await world.serve(call)
        #expect(String(decoding: reply.body, as: UTF8.self).contains("\"client_revision\":1047769893,"))
    }
}
