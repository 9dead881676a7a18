import Foundation
import Testing
import WhatsAppSignal
import WhatsAppWire

@testable import WhatsAppEmulator
@testable import WhatsAppWeb

/// A client that is killed again and again before anything it says arrives.
@Suite(.timeLimit(.minutes(15))) struct WebCrashLoopTests {
    /// What is left on the disk after `count` lives that end before a message leaves.
    private static func crash(_ store: MemoryStore, times count: Int) throws {
        for _ in 0..<count {
            for entry in store.list(.session, after: nil, limit: 100) {
                let record = try SessionRecord(serialized: entry.value).reserving(100)
                store.commit([.put(StoreKey(.session, entry.name), record.serialized())], events: [])
            }
            for entry in store.list(.senderKey, after: nil, limit: 100) where entry.name.hasPrefix("own::") {
                var own = try OwnGroupKey(serialized: entry.value)
                own.key = try own.key.reserving(100)
                store.commit([.put(StoreKey(.senderKey, entry.name), own.serialized())], events: [])
            }
        }
    }

    @Test func `members read what it says at last, at once`() async throws {
        try await WebStage.open { stage in
            let store = MemoryStore()
            let made = try await stage.post(
                "/phone/group",
                ["account": .string(WebPeer.noa), "subject": "Three", "participants": [.string(WebPeer.dana)]])
            let group = try #require(made["jid"]?.text.flatMap { JID($0) })
            let omer = try #require(JID("\(WebPeer.omer)@s.whatsapp.net"))
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { dana in
                try await dana.client.send(OutgoingMessage(.text("one")), to: omer)
                try await dana.client.send(OutgoingMessage(.text("all one")), to: group)
                try await stage.until("the first") { try await stage.texts(of: WebPeer.noa).contains("all one") }
            }
            try Self.crash(store, times: 25)
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { dana in
                try await dana.client.send(OutgoingMessage(.text("two")), to: omer)
                try await dana.client.send(OutgoingMessage(.text("all two")), to: group)
                try await stage.until("the last") { try await stage.texts(of: WebPeer.noa).contains("all two") }
                try await stage.until("the text to Omer") { try await stage.texts(of: WebPeer.omer).contains("two") }
            }
            for sign in ["could NOT", "REUSED", "REFUSED"] { #expect(try await stage.log(sign).isEmpty, "\(sign)") }
        }
    }
}
