import Foundation
import Logging
import TestKit
import Testing
import WhatsAppWire

@testable import WhatsAppEmulator
@testable import WhatsAppWeb

/// What a client does now and then while it is connected.
@Suite(.timeLimit(.minutes(15))) struct WebUpkeepTests {
    private static func time(daysAhead days: Double) -> WebTime {
        WebTime(now: { Date().addingTimeInterval(days * 86_400) }, sleep: WebTime.system.sleep)
    }

    @Test func `a signed prekey of a week is replaced, and messages by both are read`() async throws {
        try await WebStage.open { stage in
            let heard = WebPeer.Heard()
            let store = MemoryStore { heard.add($0) }
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in }
            #expect(try await stage.log("<rotate").isEmpty)
            // Begins a session by the first prekey, and waits for the client.
            try await stage.post(
                "/phone/send", ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": "by the first"])
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store, time: Self.time(daysAhead: 8)) { dana in
                try await stage.until("the rotation") { try await !stage.log("<rotate").isEmpty }
                try await stage.until("it to be taken") {
                    let stored = try Credentials(decoding: store.load([.credentials])[.credentials] ?? [])
                    return stored.signedPrekey.id == 2 && !stored.signedPrekeyIsNews
                }
                try await stage.post(
                    "/phone/send",
                    ["account": .string(WebPeer.noa), "to": .string(WebPeer.dana), "text": "by the second"])
                for text in ["by the first", "by the second"] {
                    try await stage.until("the text \(text)") { heard.messages.contains { $0.content.text == text } }
                }
                for sign in ["REFUSED", "UNHANDLED", "REUSED", "could NOT", "retry"] {
                    #expect(try await stage.log(sign).isEmpty, "\(sign)")
                }
            }
            #expect(try await stage.log("<rotate").count == 1)
        }
    }

    @Test func `a signed prekey that the server may not know is shown to it again`() async throws {
        try await WebStage.open { stage in
            let store = MemoryStore()
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in }
            var credentials = try Credentials(decoding: store.load([.credentials])[.credentials] ?? [])
            credentials.renewSignedPrekey(at: Date())
            store.commit([.put(.credentials, try credentials.encoded())], events: [])
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in
                try await stage.until("the rotation") { try await !stage.log("<rotate").isEmpty }
            }
        }
    }

    @Test func `sent messages are kept for two weeks, and so many at most`() async throws {
        let store = MemoryStore()
        let now = Int64(Date().timeIntervalSince1970)
        func put(_ name: String, daysAgo: Int64) {
            let message = SentMessage(chat: .phoneNumber("15550000002"), sentAt: now - daysAgo * 86_400, message: [1])
            store.commit([.put(StoreKey(.sentMessage, name), message.serialized)], events: [])
        }
        for index in 0..<450 { put("old-\(index)", daysAgo: 15) }
        for index in 0..<450 { put("new-\(index)", daysAgo: index < 30 ? 0 : 5) }
        store.commit([.put(StoreKey(.sentMessage, "damaged"), [9])], events: [])
        let client = WebClient(settings: WebSettings(), store: store, logger: .init(label: "test"))
        try await client.pruneSentMessages()
        #expect(store.list(.sentMessage, after: nil, limit: 1_000).count == 450)
        try await client.pruneSentMessages(limit: 30)
        let names = Set(store.list(.sentMessage, after: nil, limit: 1_000).map(\.name))
        #expect(names == Set((0..<30).map { "new-\($0)" }))
    }

    @Test func `messages are looked through each hour, or after a thousand`() {
        var upkeep = Upkeep()
        let start = Date.monday
        func begins(_ seconds: TimeInterval) -> Bool { upkeep.begins(at: start.addingTimeInterval(seconds)) }
        #expect([0, 1_800, 3_600, 3_601].map(begins) == [true, false, true, false])
        var news: [Bool] = []
        for _ in 1...1_000 { news.append(upkeep.sent()) }
        #expect(news.count { $0 } == 1 && news.last == true)
        #expect(begins(3_602))
    }
}
