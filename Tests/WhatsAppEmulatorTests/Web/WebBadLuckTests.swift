import Foundation
import Logging
import Synchronization
import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// Bad input and bad luck, each with its clear outcome.
@Suite(.timeLimit(.minutes(15))) struct WebBadLuckTests {
    enum Outcome: Sendable {
        case ended(EndReason)
        case enough
        case silence
    }

    static func client(
        _ stage: WebStage, store: MemoryStore = MemoryStore(), code: String? = nil, time: WebTime = .system
    ) throws -> WebClient {
        let server = try #require(URL(string: "ws://127.0.0.1:\(stage.ports.plain)/ws/chat"))
        return WebClient(
            settings: WebSettings(server: server, root: stage.emulator.rootKey, linksByCodeTo: code), store: store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, time: time)
    }

    /// Runs a client until it ends by itself, or a notice is what was waited for.
    /// - Returns: why it ended; nil if it did not.
    static func run(
        _ client: WebClient, until isEnough: @escaping @Sendable (WebNotice) async throws -> Bool
    ) async throws -> EndReason? {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            defer { group.cancelAll() }
            group.addTask { .ended(try await client.run()) }
            group.addTask {
                for await notice in client.notices where try await isEnough(notice) { return .enough }
                return .silence
            }
            while let outcome = try await group.next() {
                switch outcome {
                case .ended(let reason): return reason
                case .enough: return nil
                case .silence: continue
                }
            }
            return nil
        }
    }

    static func reason(_ notice: WebNotice) -> String? {
        if case .connection(.waiting(_, let reason)) = notice { reason } else { nil }
    }

    static func isOnline(_ notice: WebNotice) -> Bool {
        if case .connection(.online) = notice { true } else { false }
    }

    @Test(arguments: [
        ("expired", "no longer valid; check the clock"), ("early", "not valid yet; check the clock"),
        ("close-at-hello", "closed the connection"),
        // What the client still wrote may break the connection before it reads that it is closed.
        ("close-at-finish", "the connection"),
    ])
    func `a handshake that fails is tried again, and linking goes on after it`(
        _ fault: String, _ expected: String
    ) async throws {
        try await WebStage.open { stage in
            try await stage.post("/options", ["handshake": .string(fault)])
            let told = Told()
            let client = try Self.client(stage)
            let end = try await Self.run(client) { notice in
                if let reason = Self.reason(notice), told.count == 0 {
                    #expect(reason.contains(expected), "\(reason)")
                    told.add()
                    try await stage.post("/options", ["handshake": "none"])
                }
                if case .qr(let text, _) = notice {
                    try await stage.post("/qr/scan", ["qr": .string(text), "account": .string(WebPeer.dana)])
                }
                return Self.isOnline(notice)
            }
            #expect(end == nil && told.count == 1)
        }
    }

    @Test(arguments: ["stranger", "other-key"])
    func `a server that cannot prove itself ends it`(_ fault: String) async throws {
        try await WebStage.open { stage in
            try await stage.post("/options", ["handshake": .string(fault)])
            let end = try await Self.run(try Self.client(stage)) { _ in false }
            #expect(end == .untrustedServer)
        }
    }

    @Test(arguments: [("wrong_hmac", "hmac-mismatch"), ("wrong_signature", "signature-mismatch")])
    func `a phone that proves nothing is refused, and the next code works`(
        _ fault: String, _ expected: String
    ) async throws {
        try await WebStage.open { stage in
            let (scanned, refused) = (Told(), Told())
            let client = try Self.client(stage)
            let end = try await Self.run(client) { notice in
                if let reason = Self.reason(notice), reason.contains(expected) { refused.add() }
                if case .qr(let text, _) = notice {
                    let call: EmulatorJSON = ["qr": .string(text), "account": .string(WebPeer.dana)]
                    let isFirst = scanned.count == 0
                    scanned.add()
                    try await stage.post("/qr/scan", isFirst ? call.with(fault, .bool(true)) : call)
                }
                return Self.isOnline(notice)
            }
            #expect(end == nil && refused.count == 1 && scanned.count == 2)
        }
    }

    @Test func `codes that nobody scans end it`() async throws {
        try await WebStage.open { stage in
            let time = WebTime(now: { Date() }) { duration in
                // Only the life of a code is cut short.
                try await Task.sleep(for: duration >= .seconds(15) ? .milliseconds(1) : duration)
            }
            let shown = Told()
            let end = try await Self.run(try Self.client(stage, time: time)) { notice in
                if case .qr = notice { shown.add() }
                return false
            }
            #expect(end == .notScanned && shown.count >= 1)
        }
    }

    @Test func `a wrong code links nobody, and the right one still does`() async throws {
        try await WebStage.open { stage in
            let client = try Self.client(stage, code: WebPeer.dana)
            let end = try await Self.run(client) { notice in
                if case .pairingCode(let code) = notice {
                    try await stage.post("/link-code", ["code": "AAAA-AAAA", "account": .string(WebPeer.dana)])
                    try await stage.until("the refusal") { try await !stage.log("the code was wrong").isEmpty }
                    #expect(try await stage.get("/devices").items?.isEmpty == true)
                    try await stage.post("/link-code", ["code": .string(code), "account": .string(WebPeer.dana)])
                }
                return Self.isOnline(notice)
            }
            #expect(end == nil)
        }
    }

    @Test(arguments: [-2, 2])
    func `a clock that is days wrong is named, or does not matter`(_ days: Double) async throws {
        try await WebStage.open { stage in
            let time = WebTime(now: { Date(timeIntervalSinceNow: days * 86_400) }, sleep: WebTime.system.sleep)
            let told = Told()
            let client = try Self.client(stage, time: time)
            _ = try await Self.run(client) { notice in
                if let reason = Self.reason(notice) {
                    #expect(reason.contains("check the clock"))
                    told.add()
                }
                if case .qr(let text, _) = notice {
                    try await stage.post("/qr/scan", ["qr": .string(text), "account": .string(WebPeer.dana)])
                }
                return told.count > 0 || Self.isOnline(notice)
            }
            // The certificates began yesterday and last a year.
            #expect(told.count == (days < 0 ? 1 : 0))
        }
    }

    @Test func `of two processes with one account the first stops`() async throws {
        try await WebStage.open { stage in
            let store = MemoryStore()
            let first = try Self.client(stage, store: store)
            let end = try await Self.run(first) { notice in
                if case .qr(let text, _) = notice {
                    try await stage.post("/qr/scan", ["qr": .string(text), "account": .string(WebPeer.dana)])
                }
                guard Self.isOnline(notice) else { return false }
                let second = try Self.client(stage, store: store)
                #expect(try await Self.run(second) { Self.isOnline($0) } == nil)
                return false
            }
            #expect(end == .replaced)
        }
    }

    @Test func `a number that is not on WhatsApp is said to be`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                let error = await #expect(throws: WebError.self) {
                    try await dana.client.send(OutgoingMessage(.text("anybody?")), to: .phoneNumber("15559999999"))
                }
                #expect(error?.code == .unknownUser)
            }
        }
    }

    @Test func `a group of 1,024 gets a message`() async throws {
        try await WebStage.open { configuration in
            configuration.isLean = true
        } _: { stage in
            try await stage.post("/accounts", ["first": "15551000000", "count": 1_021])
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                let members = (0..<1_021).map { EmulatorJSON.string(String(15_551_000_000 + $0)) }
                let made = try await stage.post(
                    "/phone/group",
                    [
                        "account": .string(WebPeer.omer), "subject": "Many",
                        "participants": .array([.string(WebPeer.dana), .string(WebPeer.noa)] + members),
                    ])
                let group = try #require(made["jid"]?.text.flatMap { JID($0) })
                for text in ["first", "second"] {
                    try await dana.client.send(OutgoingMessage(.text(text)), to: group)
                }
                for number in [WebPeer.omer, "15551000000", "15551001020"] {
                    try await stage.until("\(number) to read both") {
                        try await stage.texts(of: number).suffix(2) == ["first", "second"]
                    }
                }
            }
        }
    }
}

/// How often something happened.
private final class Told: Sendable {
    private let number = Mutex(0)
    var count: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
}
