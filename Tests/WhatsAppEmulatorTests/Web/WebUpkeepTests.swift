import Foundation
import Logging
import TestKit
import Testing
import WhatsAppKeys
import WhatsAppSignal
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

    @Test func `keys that were given to one sender and never used are kept a month, and a hundred at most`()
        async throws
    {
        let store = MemoryStore()
        let now = Date()
        func put(_ id: UInt32, daysAgo: Double?) {
            let prekey = Prekey(id: id, pair: .random())
            let stored = daysAgo.map { RetryPrekey.stored(prekey, madeAt: now.addingTimeInterval(-$0 * 86_400)) }
            store.commit([.put(StoreKey(.preKey, String(id)), stored ?? prekey.stored)], events: [])
        }
        for id in 1...50 { put(UInt32(id), daysAgo: nil) }
        for id in 100..<150 { put(UInt32(id), daysAgo: 31) }
        for id in 200..<450 { put(UInt32(id), daysAgo: id < 350 ? 1 : 0) }
        let client = WebClient(settings: WebSettings(), store: store, logger: .init(label: "test"))
        try await client.pruneRetryPrekeys()
        let kept = store.list(.preKey, after: nil, limit: 1_000)
        let ids = Array(1...50) + Array(350..<450)
        #expect(Set(kept.map(\.name)) == Set(ids.map { "\($0)" }))
        #expect(kept.allSatisfy { Prekey(id: 1, stored: $0.value) != nil })
    }

    @Test func `messages that nobody can read leave no keys without end`() async throws {
        try await WebStage.open { stage in
            let store = MemoryStore()
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in
                let accounts = try await stage.get("/accounts").items ?? []
                let omer = try #require(accounts.first { $0["jid"]?.text?.hasPrefix(WebPeer.omer) == true })
                for index in 0..<160 {
                    let part: EmulatorJSON = [
                        "tag": "enc", "attrs": ["v": "2", "type": "msg"], "content": ["hex": "3308001000"],
                    ]
                    let attributes: EmulatorJSON = [
                        "from": omer["lid"] ?? .null, "id": .string("BAD\(index)"), "type": "text", "t": "1",
                    ]
                    let stanza: EmulatorJSON = ["tag": "message", "attrs": attributes, "content": [part]]
                    try await stage.post(
                        "/send-stanza", ["jid": .string("\(WebPeer.dana):1@s.whatsapp.net"), "stanza": stanza])
                }
                func asked() async throws -> Int { try await stage.log("<retry").count { $0.contains("<- ") } }
                func left() -> Int {
                    store.list(.preKey, after: nil, limit: 5_000).count { RetryPrekey.madeAt(in: $0.value) != nil }
                }
                try await stage.until("all to be asked for") { try await asked() >= 160 }
                try await stage.until("most of the keys to go") { left() < 150 }
                #expect(left() >= RetryPrekey.limit)
            }
        }
    }

    @Test func `a token of a contact goes with messages as long as it is good`() async throws {
        try await WebStage.open { stage in
            let store = MemoryStore()
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { dana in
                let accounts = try await stage.get("/accounts").items ?? []
                func keep(_ number: String, daysAgo: Int64) throws {
                    let account = try #require(accounts.first { $0["jid"]?.text?.hasPrefix(number) == true })
                    let time = Int64(Date().timeIntervalSince1970) - daysAgo * 86_400
                    let token = try #require(PrivacyToken([1, 2, 3], issuedAt: time))
                    let lid = try #require(account["lid"]?.text)
                    store.commit([.put(StoreKey(.privacyToken, lid), token.serialized)], events: [])
                }
                try keep(WebPeer.noa, daysAgo: 29)
                try await dana.client.send(OutgoingMessage(.text("old")), to: .phoneNumber(WebPeer.noa))
                #expect(try await stage.log("<tctoken").isEmpty)
                try keep(WebPeer.omer, daysAgo: 20)
                try await dana.client.send(OutgoingMessage(.text("good")), to: .phoneNumber(WebPeer.omer))
                #expect(try await !stage.log("<tctoken").isEmpty)
                try await dana.client.prunePrivacyTokens()
                #expect(store.list(.privacyToken, after: nil, limit: 10).count == 1)
            }
        }
    }

    @Test func `a token is good in its week and in three more`() throws {
        let week = 7 * 86_400.0
        let token = try #require(PrivacyToken([7], issuedAt: Int64(100 * week) + 5))
        #expect(PrivacyToken(serialized: token.serialized) == token)
        func isValid(_ weeks: Double) -> Bool { token.isValid(at: Date(timeIntervalSince1970: weeks * week)) }
        #expect(isValid(100.5) && isValid(103.99) && !isValid(104))
        #expect(PrivacyToken([], issuedAt: 1) == nil && PrivacyToken(serialized: [1, 2]) == nil)
        #expect(PrivacyToken([UInt8](repeating: 1, count: 1_025), issuedAt: 1) == nil)
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
