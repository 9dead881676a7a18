import Foundation
import Logging
import Synchronization
import TestKit
import Testing
import WhatsAppWire

@testable import WhatsAppEmulator
@testable import WhatsAppWeb

/// How a client comes back, and how it does not storm.
@Suite(.timeLimit(.minutes(15))) struct WebReconnectTests {
    private static let newest: EmulatorJSON = 1_047_770_000

    private static func wait(_ notice: WebNotice) -> Duration? {
        if case .connection(.waiting(let wait, _)) = notice { wait } else { nil }
    }

    /// Scans the first code. With a clock that runs fast the next is shown before the server has linked by the first,
    /// and a phone that scans both links by neither.
    private static func scan(_ notice: WebNotice, _ stage: WebStage, once scans: Told) async throws {
        guard case .qr(let text, _) = notice, scans.count == 0 else { return }
        scans.add()
        try await stage.post("/qr/scan", ["qr": .string(text), "account": .string(WebPeer.dana)])
    }

    /// Shortens waits between connections, which come in pieces of three seconds, and not the life of a code.
    private static func quick(_ factor: Int) -> WebTime {
        WebTime(now: { Date() }, sleep: { try await Task.sleep(for: $0 > .seconds(5) ? $0 : $0 / factor) })
    }

    @Test(arguments: ["515", "500"])
    func `a server that ends each connection after its login is asked ever more seldom`(_ code: String) async throws {
        try await WebStage.open { stage in
            let scans = Told()
            let waits = Mutex<[Duration]>([])
            let end = try await WebBadLuckTests.run(
                try WebBadLuckTests.client(stage, time: Self.quick(50))
            ) { notice in
                try await Self.scan(notice, stage, once: scans)
                if WebBadLuckTests.isOnline(notice) {
                    let device = try await stage.get("/devices").items?.first?["jid"]?.text ?? ""
                    try await stage.post("/drop", ["jid": .string(device), "code": .string(code)])
                }
                if let wait = Self.wait(notice) { waits.withLock { $0.append(wait) } }
                return waits.withLock { $0.count == 5 }
            }
            #expect(end == nil)
            // One at once, for the linking, and then 1, 2, 4, 8 and 16 seconds at most, half of it at least.
            for (index, wait) in waits.withLock({ $0 }).enumerated() {
                let most = Duration.seconds(1 << index)
                #expect(wait >= most / 2 && wait <= most)
            }
        }
    }

    @Test func `another network ends the wait and begins anew`() async throws {
        try await WebStage.open { stage in
            let store = MemoryStore()
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in }
            try await stage.post("/refuse", ["account": .string(WebPeer.dana), "reason": "500"])
            let addresses = Mutex<Set<String>>(["192.0.2.1"])
            let client = try WebBadLuckTests.client(stage, store: store, time: Self.quick(200))
            await client.observe { addresses.withLock { $0 } }
            let end = try await WebBadLuckTests.run(client) { notice in
                guard let wait = Self.wait(notice) else { return false }
                // Another one each time: the wait may be over before it is noticed.
                if wait >= .seconds(128) { addresses.withLock { $0 = ["2001:db8::\(UInt64.random(in: 1 ... .max))"] } }
                return wait <= .seconds(1) && addresses.withLock { $0 != ["192.0.2.1"] }
            }
            #expect(end == nil)
        }
    }

    // MARK: - Revisions

    @Test func `each refusal for age is mended once`() async throws {
        try await WebStage.open { stage in
            try await stage.post("/options", ["minimum_revision": Self.newest, "current_revision": Self.newest])
            let scans = Told()
            let online = Mutex(0)
            let client = try WebBadLuckTests.client(stage)
            let end = try await WebBadLuckTests.run(client) { notice in
                try await Self.scan(notice, stage, once: scans)
                guard WebBadLuckTests.isOnline(notice) else { return false }
                let count = online.withLock {
                    $0 += 1
                    return $0
                }
                // The page names a newer one for the second time, and one that is not taken for the third.
                let (least, named) = count == 1 ? (1_047_780_000, 1_047_780_000) : (1_047_790_000, 1_047_780_000)
                try await stage.post(
                    "/options", ["minimum_revision": .integer(least), "current_revision": .integer(named)])
                let device = try await stage.get("/devices").items?.first?["jid"]?.text ?? ""
                try await stage.post("/drop", ["jid": .string(device)])
                return false
            }
            #expect(end == .outdated && online.withLock { $0 } == 2)
        }
    }

    @Test func `the current revision is fetched through the proxy and not around it`() async throws {
        try await WebStage.open { stage in
            try await stage.post("/options", ["current_revision": Self.newest])
            let port = stage.ports.plain
            var settings = WebSettings(server: try #require(URL(string: "ws://127.0.0.1:\(port)/ws/chat")))
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let direct = WebClient(settings: settings, store: MemoryStore(), logger: logger)
            #expect(try await direct.currentRevision() == 1_047_770_000)
            // A proxy that connects nobody.
            settings.proxy = URL(string: "http://user:pw@127.0.0.1:\(stage.ports.control)")
            let behind = WebClient(settings: settings, store: MemoryStore(), logger: logger)
            let error = await #expect(throws: WebError.self) { try await behind.currentRevision() }
            #expect(error?.code == .disconnected)
        }
    }

    @Test func `the current revision is fetched with the certificates that are trusted`() async throws {
        try await WebStage.open { configuration in
            configuration.tlsPort = 0
        } _: { stage in
            let file = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID().uuidString).pem")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(stage.emulator.certificateAuthority.utf8).write(to: file)
            try await stage.post("/options", ["minimum_revision": Self.newest, "current_revision": Self.newest])
            try await WebPeer.linked(to: stage, as: WebPeer.dana, trusting: file) { dana in
                #expect(dana.heard.online == 1)
            }
        }
    }
}

extension WebClient {
    /// Takes these for the addresses of the machine.
    func observe(_ addresses: @escaping NetworkWatch.Addresses) { network = addresses }
}
