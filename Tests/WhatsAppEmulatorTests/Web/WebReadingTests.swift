import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProto

@testable import WhatsAppEmulator

/// What the emulator tells those who follow a load.
@Suite struct WebReadingTests {
    @Test func `tells each text that a phone reads of others once, and how many were read`() async throws {
        try await WebStage.open { stage in
            func send(_ text: String) async throws {
                try await stage.post(
                    "/phone/send",
                    ["account": .string(WebPeer.dana), "to": .string(WebPeer.omer), "text": .string(text)])
            }
            try await send("one")
            let first = try await stage.get("/texts?since=0")
            #expect(first["texts"]?.items?.compactMap { $0["text"]?.text } == ["one"])
            #expect(first["texts"]?.items?.first?["reader"]?.text == WebPeer.omer)
            let last = try #require(first["last"]?.whole)
            try await send("two")
            let second = try await stage.get("/texts?since=\(last)")
            #expect(second["texts"]?.items?.compactMap { $0["text"]?.text } == ["two"])
            #expect(try await stage.get("/texts?since=\(Int.max)")["texts"]?.items?.isEmpty == true)
            var reply = WAMessage()
            reply.extendedText.text = "three"
            reply.extendedText.contextInfo.stanzaID = "3A01"
            let data: Data = try reply.serializedBytes()
            try await stage.post(
                "/phone/message",
                [
                    "account": .string(WebPeer.dana), "to": .string(WebPeer.omer),
                    "message_base64": .string(data.base64EncodedString()),
                ])
            let all = try await stage.get("/texts?since=0")["texts"]?.items ?? []
            #expect(all.compactMap { $0["quotes"]?.text } == ["", "", "3A01"])
            let counters = try await stage.get("/counters")
            #expect(counters["read"]?.whole == 3 && counters["unreadable"]?.whole == 0)
        }
    }
}
