import Foundation
import SwiftProtobuf
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

/// Messages that somebody made to do harm: none may crash, and what is read stays within its chat.
@Suite struct HostileMessageTests {
    private func seeds() throws -> [[UInt8]] {
        try MessageReadingTests.samples.map { sample in
            var message = WAMessage()
            sample.fill(&message)
            if message.hasExtendedText {
                message.extendedText.contextInfo.stanzaID = "Q"
                message.extendedText.contextInfo.participant = "1@lid"
                message.extendedText.contextInfo.quotedMessage.conversation = "q"
            }
            return try WAMessage.with { $0.edited.message = message }.serializedBytes()
        }
    }

    @Test func `survives messages cut at each byte`() throws {
        for seed in try seeds() {
            for length in 0..<seed.count {
                _ = try? ReceivedMessage(header: .fromDana(), bytes: Array(seed[..<length]))
            }
        }
    }

    @Test func `survives twenty thousand damaged messages`() throws {
        var random = SeededRandom(seed: 3)
        let seeds = try seeds()
        for round in 0..<20_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) { random.damage(&bytes) }
            let header = round.isMultiple(of: 2) ? MessageHeader.fromDana() : .fromDana(in: People.group)
            guard let message = try? ReceivedMessage(header: header, bytes: bytes) else { continue }
            switch message.content {
            case .edit(let edit): #expect(edit.target.chat == header.chat && edit.target.sender == header.sender)
            case .revoke(let revocation): #expect(revocation.target.chat == header.chat)
            case .reaction(let reaction): #expect(reaction.target.chat == header.chat)
            default: break
            }
        }
    }

    @Test func `bounds mentions, options and contacts`() throws {
        let message = try ReceivedMessage.read {
            $0.extendedText.text = "all"
            $0.extendedText.contextInfo.mentionedJids = (0..<5_000).map { "\($0)@lid" }
        }
        #expect(message?.mentions.count == ReceivedMessage.mostMentions)
        let poll = try ReceivedMessage.read { message in
            message.pollCreation.options = (0..<5_000).map { number in .with { $0.name = String(number) } }
        }
        guard case .poll(let read)? = poll?.content else {
            Issue.record("no poll")
            return
        }
        #expect(read.options.count == 100)
    }

    @Test func `a path that leads away is no path`() {
        for path in ["", "v/1", "http://evil.example/", "/a b", "/a\r\nHost: x", "/a#b", "/é"] {
            #expect(!MediaReference.isPath(path))
        }
        #expect(MediaReference.isPath("/v/t62.7118-24/1_n.enc?ccb=11-4&oh=01_Q5&_nc_sid=5e03e0"))
    }

    @Test func `numbers at their ends are read`() throws {
        let message = try ReceivedMessage.read {
            $0.image.fileLength = .max
            $0.image.mediaKeyTimestamp = .min
            $0.image.width = .max
            $0.image.contextInfo.expiration = .max
        }
        #expect(message?.expiration == Int(UInt32.max))
    }
}
