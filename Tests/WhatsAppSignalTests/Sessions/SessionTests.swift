import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

@Suite struct SessionTests {
    @Test(arguments: [UInt32?.none, 1])
    func `begins with and without a one-time prekey`(_ prekey: UInt32?) throws {
        let (alice, bob) = (try TestDevice(), try TestDevice())
        var record = try alice.cipher.begin(with: bob.bundle(prekey: prekey), trusting: nil).reserving(2)
        #expect(record.isPending && record.remoteRegistrationID == bob.registrationID)
        let first = try alice.cipher.encrypt([1], in: record)
        let second = try alice.cipher.encrypt([2], in: first.record)
        #expect(first.kind == .prekey && second.kind == .prekey)
        record = second.record
        let opened = try bob.open(first, in: nil)
        #expect(opened.plaintext == [1] && opened.usedPrekeyID == prekey)
        #expect(opened.record.remoteRegistrationID == alice.registrationID)
        // The same base key: the session is there, and no prekey is used up.
        let again = try bob.open(second, in: opened.record)
        #expect(again.plaintext == [2] && again.usedPrekeyID == nil && again.record.archivedCount == 0)
        let answer = try bob.cipher.encrypt([3], in: again.record.reserving(1))
        #expect(answer.kind == .session)
        let read = try alice.open(answer, in: record)
        #expect(read.plaintext == [3] && !read.record.isPending)
        #expect(try alice.cipher.encrypt([4], in: read.record.reserving(1)).kind == .session)
    }

    @Test func `reads messages in any order, each once`() throws {
        var talk = try Conversation()
        let messages = try (UInt8(0)..<20).map { try talk.fromAlice([$0]) }
        var generator = SeededGenerator(seed: 1)
        for message in messages.shuffled(using: &generator) {
            _ = try talk.toBob(message)
            #expect(code { _ = try talk.toBob(message) } == .duplicate)
        }
        #expect(talk.bobRecord.current?.remoteChains.last?.incoming.skipped.count == 0)
    }

    @Test func `reads a late message of an earlier ratchet key`() throws {
        var talk = try Conversation()
        let late = try talk.fromAlice([9])
        for index in UInt8(0)..<3 {
            #expect(try talk.toBob(talk.fromAlice([index])) == [index])
            #expect(try talk.toAlice(talk.fromBob([index])) == [index])
        }
        #expect(try talk.toBob(late) == [9])
        #expect(code { _ = try talk.toBob(late) } == .duplicate)
    }

    @Test func `gives up chains of more than five ratchet keys ago`() throws {
        var talk = try Conversation()
        let late = try talk.fromAlice([9])
        for index in UInt8(0)..<6 {
            _ = try talk.toBob(talk.fromAlice([index]))
            _ = try talk.toAlice(talk.fromBob([index]))
        }
        #expect(talk.bobRecord.current?.remoteChains.count == SignalLimits.receivingChains)
        #expect(code { _ = try talk.toBob(late) } == .authentication)
    }

    @Test func `makes up for 2,000 missing messages and no more`() throws {
        var talk = try Conversation()
        let messages = try (0...2_002).map { try talk.fromAlice([UInt8($0 & 0xFF)]) }
        #expect(code { _ = try talk.toBob(messages[2_001]) } == .tooFarAhead)
        #expect(try talk.toBob(messages[2_000]) == [0xD0])
        #expect(talk.bobRecord.current?.remoteChains.last?.incoming.skipped.count == 2_000)
        talk.bobRecord = try SessionRecord(serialized: talk.bobRecord.serialized())
        #expect(try talk.toBob(messages[2_002]) == [0xD2])
        // The oldest made room for the newest.
        #expect(code { _ = try talk.toBob(messages[0]) } == .duplicate)
        #expect(try talk.toBob(messages[1]) == [1])
        #expect(try talk.toBob(messages[2_001]) == [0xD1])
        #expect(try talk.toBob(messages[1_000]) == [0xE8])
    }

    @Test func `keeps no more than 2,000 keys over all chains`() throws {
        var talk = try Conversation()
        for round in 0..<3 {
            let messages = try (0...900).map { _ in try talk.fromAlice([UInt8(round)]) }
            _ = try talk.toBob(messages[900])
            _ = try talk.toAlice(talk.fromBob([1]))
        }
        let kept = try #require(talk.bobRecord.current).remoteChains.map(\.incoming.skipped.count)
        #expect(kept.suffix(3) == [200, 900, 900])
    }

    @Test func `takes a previous counter that ran below zero`() throws {
        var talk = try Conversation()
        talk.aliceRecord.current?.previousCounter = .max
        #expect(try talk.toBob(talk.fromAlice([1])) == [1])
    }

    @Test func `two who begin at the same time come to one session`() throws {
        let (alice, bob) = (try TestDevice(), try TestDevice())
        let fromAlice = try alice.cipher.encrypt(
            [1], in: alice.cipher.begin(with: bob.bundle(), trusting: nil).reserving(1))
        let fromBob = try bob.cipher.encrypt(
            [2], in: bob.cipher.begin(with: alice.bundle(), trusting: nil).reserving(1))
        var aliceRecord = try alice.open(fromBob, in: fromAlice.record).record
        var bobRecord = try bob.open(fromAlice, in: fromBob.record).record
        #expect(aliceRecord.archivedCount == 1 && bobRecord.archivedCount == 1)
        for index in UInt8(0)..<4 {
            let one = try alice.cipher.encrypt([index], in: aliceRecord.reserving(1))
            let other = try bob.cipher.encrypt([index], in: bobRecord.reserving(1))
            (aliceRecord, bobRecord) = (one.record, other.record)
            bobRecord = try bob.open(one, in: bobRecord).record
            aliceRecord = try alice.open(other, in: aliceRecord).record
        }
        let last = try alice.cipher.encrypt([7], in: aliceRecord.reserving(1))
        bobRecord = try bob.open(last, in: bobRecord).record
        #expect(aliceRecord.current?.baseKey == bobRecord.current?.baseKey)
        #expect(aliceRecord.archivedCount == 1 && bobRecord.archivedCount == 1)
    }

    @Test func `keeps 40 archived sessions and reads late messages in them`() throws {
        let (alice, bob) = (try TestDevice(), try TestDevice())
        var record: SessionRecord?
        var messages: [SealedMessage] = []
        var bobRecord: SessionRecord?
        for index in UInt8(0)..<43 {
            let begun = try alice.cipher.begin(with: bob.bundle(prekey: nil), after: record, trusting: nil)
            let (one, late) = try {
                let one = try alice.cipher.encrypt([index], in: begun.reserving(2))
                return (one, try alice.cipher.encrypt([index], in: one.record))
            }()
            record = late.record
            bobRecord = try bob.open(one, in: bobRecord).record
            messages.append(late)
        }
        var known = try #require(bobRecord)
        #expect(known.archivedCount == 40 && record?.archivedCount == 40)
        known = try SessionRecord(serialized: known.serialized())
        let opened = try bob.open(messages[5], in: known)
        #expect(opened.plaintext == [5] && opened.record.archivedCount == 40)
        #expect(try opened.record.current?.baseKey == PreKeySignalMessage(messages[5].bytes).baseKey)
    }

    @Test func `says when there is no session`() throws {
        var talk = try Conversation()
        let message = try talk.fromAlice([1])
        let empty = talk.bobRecord.archivingCurrent()
        #expect(!empty.canEncrypt && empty.archivedCount == 1)
        #expect(code { _ = try talk.bob.cipher.encrypt([1], in: empty) } == .noSession)
        #expect(code { _ = try empty.reserving(1) } == .noSession)
        #expect(try talk.bob.open(message, in: empty).plaintext == [1])
        let stranger = try Conversation()
        #expect(code { _ = try stranger.bob.open(message, in: stranger.bobRecord) } == .authentication)
    }
}
