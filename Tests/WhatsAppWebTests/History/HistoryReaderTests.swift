import Foundation
import SwiftProtobuf
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct HistoryReaderTests {
    private func chunk(chats: Int = 3, messages: Int = 5, textLength: Int = 10) throws -> [UInt8] {
        var history = WAHistorySync()
        history.syncType = .recent
        history.progress = 40
        history.pushNames = [
            .with {
                $0.id = "15550000002@s.whatsapp.net"
                $0.name = "Dana"
            },
            .with {
                $0.id = "15550000003@s.whatsapp.net"
                $0.name = "-"
            },
        ]
        history.phoneNumberToLidMappings = [
            .with {
                $0.lidJid = People.dana.description
                $0.phoneNumberJid = People.danaPhone.description
            }
        ]
        history.tokenSalt = Data([1, 2, 3])
        history.globalSettings.securityNotifications = true
        history.conversations = (0..<chats).map { chat in
            .with {
                $0.id = "\(1_000 + chat)@lid"
                $0.name = "Chat \(chat)"
                $0.unreadCount = 2
                $0.privacyToken = Data([9])
                $0.privacyTokenTimestamp = 7
                $0.participants = [.with { $0.userJid = "1@lid" }]
                $0.messages = (0..<messages).map { Self.message($0, textLength) }
            }
        }
        return try Deflater.deflate(history.serializedBytes())
    }

    private static func message(_ number: Int, _ textLength: Int) -> WAHistorySyncMessage {
        .with {
            $0.orderID = UInt64(number)
            $0.message.key.id = "M\(number)"
            $0.message.key.fromMe = number.isMultiple(of: 2)
            $0.message.message.conversation = String(repeating: "x", count: textLength) + String(number)
            $0.message.messageTimestamp = UInt64(1_700_000_000 + number)
            $0.message.pushName = "Omer"
        }
    }

    private func read(
        _ bytes: [UInt8], limits: HistoryReader.Limits = .init(), pieces: () -> Int = { 1 << 16 }
    ) throws -> [HistoryPart] {
        var reader = try HistoryReader(ownAddresses: People.own, limits: limits)
        var parts: [HistoryPart] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(pieces(), 1))
            try reader.read(Array(piece)) { parts.append($0) }
            rest = rest.dropFirst(piece.count)
        }
        try reader.finish { parts.append($0) }
        return parts
    }

    @Test func `gives chats, messages, names, addresses and the end`() throws {
        let parts = try read(chunk())
        let messages = parts.compactMap { part in
            if case .messages(let chat, let messages) = part { (chat, messages) } else { nil }
        }
        #expect(messages.map(\.0) == [.lid("1000"), .lid("1001"), .lid("1002")])
        let first = try #require(messages.first?.1)
        #expect(first.map(\.id) == ["M0", "M1", "M2", "M3", "M4"])
        #expect(first[0].sender == People.me)
        #expect(first[0].isFromMe)
        #expect(first[1].sender == .lid("1000"))
        #expect(first[1].content == .text(TextContent("xxxxxxxxxx1")))
        #expect(first[1].sentAt == Date(timeIntervalSince1970: 1_700_000_001))
        let chats = parts.compactMap { part in if case .chat(let chat) = part { chat } else { nil } }
        #expect(chats.map(\.name) == ["Chat 0", "Chat 1", "Chat 2"])
        #expect(chats.allSatisfy { $0.privacyToken == [9] && $0.unreadCount == 2 })
        #expect(parts.contains(.pushNames([.phoneNumber("15550000002"): "Dana"])))
        #expect(parts.contains(.aliases([People.dana: People.danaPhone])))
        #expect(parts.contains(.tokenSalt([1, 2, 3])))
        #expect(parts.last == .end(progress: 40, leftOut: 0))
    }

    @Test func `gives the same however the bytes come`() throws {
        var random = SeededRandom(seed: 5)
        let bytes = try chunk()
        let whole = try read(bytes)
        #expect(try read(bytes) { 1 } == whole)
        for _ in 0..<20 { #expect(try read(bytes) { Int.random(in: 1...40, using: &random) } == whole) }
        #expect(try HistoryReader.parts(of: bytes, ownAddresses: People.own) == whole)
    }

    @Test func `a long chat comes in parts of bounded size`() throws {
        var limits = HistoryReader.Limits()
        limits.batchCount = 10
        let parts = try read(chunk(chats: 1, messages: 1_005), limits: limits)
        let counts = parts.compactMap { part in
            if case .messages(_, let messages) = part { messages.count } else { nil }
        }
        #expect(counts.count == 101)
        #expect(counts.allSatisfy { $0 <= 10 })
        #expect(counts.reduce(0, +) == 1_005)
    }

    @Test func `a message over the limit is left out and counted`() throws {
        var limits = HistoryReader.Limits()
        limits.field = 5_000
        let parts = try read(chunk(chats: 2, messages: 3, textLength: 6_000), limits: limits)
        #expect(parts.last == .end(progress: 40, leftOut: 6))
        #expect(parts.contains { if case .chat = $0 { true } else { false } })
    }

    @Test func `more bytes than allowed end it`() throws {
        var limits = HistoryReader.Limits()
        limits.inflated = 1_000
        let bytes = try chunk(messages: 100)
        let error = #expect(throws: WebError.self) { try read(bytes, limits: limits) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `a chunk cut at any byte is refused`() throws {
        let bytes = try chunk(chats: 1, messages: 2)
        for length in 0..<bytes.count {
            #expect(throws: WebError.self) { try read(Array(bytes[..<length])) }
        }
    }

    @Test func `bytes cut within a chat are refused, though they are well compressed`() throws {
        let plain = try Inflater.inflate(chunk(chats: 1, messages: 2), limit: 1 << 20)
        var accepted = 0
        for length in 0..<plain.count {
            let bytes = try Deflater.deflate(Array(plain[..<length]))
            if (try? read(bytes)) != nil { accepted += 1 }
        }
        // Only between the fields of the outermost message.
        #expect(accepted <= 8)
    }

    @Test func `survives five thousand damaged chunks`() throws {
        var random = SeededRandom(seed: 6)
        let plain = try Inflater.inflate(chunk(), limit: 1 << 20)
        for _ in 0..<5_000 {
            var bytes = plain
            for _ in 0..<Int.random(in: 1...4, using: &random) { random.damage(&bytes) }
            _ = try? HistoryReader.parts(of: Deflater.deflate(bytes), ownAddresses: People.own)
        }
    }
}
