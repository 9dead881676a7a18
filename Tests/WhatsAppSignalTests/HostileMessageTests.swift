import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

/// Cut and changed messages and records give errors, and nothing is lost by them.
@Suite struct HostileMessageTests {
    private func flips(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<bytes.count * 8).map { bit in
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            return changed
        }
    }

    private func cuts(_ bytes: [UInt8]) -> [[UInt8]] { bytes.indices.map { Array(bytes[..<$0]) } }

    @Test func `refuses every cut and every changed bit of a message in a session`() throws {
        var talk = try Conversation()
        let message = try talk.fromAlice(Array("a message of some length".utf8))
        for bytes in cuts(message.bytes) + flips(message.bytes) + [message.bytes + [0]] {
            #expect(code { _ = try talk.bob.open(.session, bytes, in: talk.bobRecord) } != nil)
        }
        #expect(try talk.toBob(message) == Array("a message of some length".utf8))
    }

    @Test func `a changed first message gives an error or the same text`() throws {
        let (alice, bob) = (try TestDevice(), try TestDevice())
        let record = try alice.cipher.begin(with: bob.bundle(), trusting: nil).reserving(1)
        let message = try alice.cipher.encrypt([1, 2, 3], in: record)
        for bytes in cuts(message.bytes) { #expect(code { _ = try bob.open(.prekey, bytes, in: nil) } != nil) }
        var taken = 0
        for bytes in flips(message.bytes) {
            // Registration id and field tags behind the keys are not authenticated; the text always is.
            guard let opened = try? bob.open(.prekey, bytes, in: nil) else { continue }
            #expect(opened.plaintext == [1, 2, 3] && opened.identity == alice.identity.publicKey)
            taken += 1
        }
        #expect(taken <= 64)
        #expect(try bob.open(message, in: nil).plaintext == [1, 2, 3])
    }

    @Test func `refuses every cut and every changed bit of a group message`() throws {
        let key = try OwnSenderKey().reserving(1)
        let record = try SenderKeyRecord().adding(key.distribution)
        let message = try key.encrypt([1, 2, 3]).bytes
        for bytes in cuts(message) + flips(message) + [message + [0]] {
            #expect(code { _ = try record.decrypt(bytes) } != nil)
        }
        for bytes in cuts(key.distribution) { #expect(code { _ = try record.adding(bytes) } != nil) }
        #expect(try record.decrypt(message).plaintext == [1, 2, 3])
    }

    @Test(
        arguments: [
            [], [0x33], [0x23, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0x43, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
            [0x33] + [UInt8](repeating: 0xFF, count: 300), [0x33] + [UInt8](repeating: 0x0B, count: 300),
            [0x33, 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] + [UInt8](repeating: 0, count: 80),
            [0x33, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] + [UInt8](repeating: 0, count: 80),
            [0x33, 0x00, 0x00] + [UInt8](repeating: 0, count: 80),
        ] as [[UInt8]])
    func `refuses nonsense`(_ bytes: [UInt8]) throws {
        let talk = try Conversation()
        let expected: [SignalError.Code] = [.malformed, .version]
        let codes = [
            code { _ = try talk.bob.open(.session, bytes, in: talk.bobRecord) },
            code { _ = try PreKeySignalMessage(bytes) }, code { _ = try SenderKeyRecord().decrypt(bytes) },
            code { _ = try SenderKeyRecord().adding(bytes) },
        ]
        for code in codes { #expect(code.map(expected.contains) == true) }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `refuses random changes of genuine messages`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var talk = try Conversation()
        let message = try talk.fromAlice([1]).bytes
        let key = try OwnSenderKey().reserving(1)
        let group = try SenderKeyRecord().adding(key.distribution)
        let groupMessage = try key.encrypt([1]).bytes
        for _ in 0..<200 {
            let one = changed(message, using: &generator)
            if one != message { #expect(code { _ = try talk.bob.open(.session, one, in: talk.bobRecord) } != nil) }
            let other = changed(groupMessage, using: &generator)
            if other != groupMessage { #expect(code { _ = try group.decrypt(other) } != nil) }
            _ = try? group.adding(changed(key.distribution, using: &generator))
            _ = try? SessionRecord(serialized: changed(talk.bobRecord.serialized(), using: &generator))
            _ = try? OwnSenderKey(serialized: changed(key.serialized(), using: &generator))
        }
    }

    /// Up to four bytes set, put in, taken out or doubled.
    private func changed(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: bytes.indices, using: &generator)
            let value =
                [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &generator)]
                .randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = value
            case 1: bytes.insert(value, at: place)
            case 2: if bytes.count > 1 { bytes.remove(at: place) }
            default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
            }
        }
        return bytes
    }

    @Test func `tells unknown versions from damage`() throws {
        var message = try Conversation().fromAliceOnce()
        message[0] = 0x44
        #expect(code { _ = try SignalMessage(message) } == .version)
    }

    @Test func `passes over fields it does not know`() throws {
        var writer = FieldWriter(capacity: 64)
        writer.number(15, 7)
        writer.number(1, 3)
        writer.append([0x39, 1, 2, 3, 4, 5, 6, 7, 8, 0x3D, 1, 2, 3, 4])
        writer.number(2, 9)
        writer.data(3, [UInt8](repeating: 1, count: 16))
        writer.data(9, [1])
        let message = try SenderKeyMessage(writer.bytes + [UInt8](repeating: 0, count: 64))
        #expect(message.id == 3 && message.iteration == 9 && message.ciphertext.count == 16)
    }

    @Test func `refuses a peer's key of small order`() throws {
        let (alice, bob) = (try TestDevice(), try TestDevice())
        let zero = try PublicKey([UInt8](repeating: 0, count: 32))
        let bundle = try PrekeyBundle(
            registrationID: 1, identity: bob.identity.publicKey, signedPrekeyID: 1, signedPrekey: zero,
            signature: XEdDSA.sign(zero.prefixed, with: SigningKey(bob.identity)), prekey: nil)
        #expect(code { _ = try alice.cipher.begin(with: bundle, trusting: nil) } == .key)
        var talk = try Conversation()
        var bytes = try talk.fromAlice([1]).bytes
        bytes.replaceSubrange(4..<36, with: zero.bytes)
        #expect(code { _ = try talk.bob.open(.session, bytes, in: talk.bobRecord) } == .key)
    }

    @Test func `removes padding and refuses what is none`() throws {
        var generator = SeededGenerator(seed: 3)
        var counts: Set<Int> = []
        for _ in 0..<300 {
            let padded = MessagePadding.add(to: [1, 2], using: &generator)
            counts.insert(padded.count - 2)
            #expect(try MessagePadding.remove(from: padded) == [1, 2])
        }
        #expect(counts == Set(1...16))
        for bytes in [[], [0], [2], [1, 9]] as [[UInt8]] {
            #expect(code { _ = try MessagePadding.remove(from: bytes) } == .malformed)
        }
    }
}

extension Conversation {
    fileprivate func fromAliceOnce() throws -> [UInt8] {
        var talk = self
        return try talk.fromAlice([1]).bytes
    }
}
