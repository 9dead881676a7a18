import Logging
import TestKit
import Testing
import WhatsAppWeb

@testable import WhatsAppEmulator

/// What waits for a client that was away.
@Suite(.timeLimit(.minutes(15))) struct WebQueueTests {
    @Test func `more than was asked for at first arrives, and what is new after it`() async throws {
        let count = 330
        try await WebStage.open { configuration in
            configuration.offlinePrimer = 5
        } _: { stage in
            let heard = WebPeer.Heard()
            let store = MemoryStore { heard.add($0) }
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in }
            for number in 0..<count {
                try await stage.post(
                    "/phone/send",
                    [
                        "account": .string(number.isMultiple(of: 2) ? WebPeer.omer : WebPeer.noa),
                        "to": .string(WebPeer.dana), "text": .string("queued \(number)"),
                    ])
            }
            #expect(heard.messages.isEmpty)
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in
                try await stage.until("what was queued") { heard.messages.count >= count }
                try await stage.post(
                    "/phone/send",
                    ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": "are you there?"])
                try await stage.until("what is new") { heard.messages.count > count }
            }
            let texts = heard.messages.compactMap(\.content.text)
            #expect(texts == (0..<count).map { "queued \($0)" } + ["are you there?"])
            #expect(try await stage.log("offline_batch").count >= 2)
        }
    }

    @Test func `a message whose sender uses a key twice is not lost while nobody is there`() async throws {
        try await WebStage.open { stage in
            let heard = WebPeer.Heard()
            let store = MemoryStore { heard.add($0) }
            @Sendable func write(_ text: String) async throws {
                try await stage.post(
                    "/phone/send",
                    ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": .string(text)])
            }
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in
                try await write("first")
                try await stage.until("the first") { heard.messages.count == 1 }
            }
            try await stage.post("/forget", ["account": .string(WebPeer.omer)])
            try await write("second")
            try await write("third")
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { _ in
                try await stage.until("both") {
                    Set(heard.messages.compactMap(\.content.text)).isSuperset(of: ["second", "third"])
                }
            }
            #expect(heard.messages.count == 3)
        }
    }
}
