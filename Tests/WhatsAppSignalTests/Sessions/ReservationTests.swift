import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

@Suite struct ReservationTests {
    @Test func `encrypts only what is reserved`() throws {
        var talk = try Conversation()
        let record = talk.aliceRecord
        #expect(record.remaining == 0)
        #expect(code { _ = try talk.alice.cipher.encrypt([1], in: record) } == .notReserved)
        let reserved = try record.reserving(2)
        #expect(reserved.remaining == 2)
        let second = try talk.alice.cipher.encrypt([2], in: talk.alice.cipher.encrypt([1], in: reserved).record)
        #expect(code { _ = try talk.alice.cipher.encrypt([3], in: second.record) } == .notReserved)
        #expect(try talk.toBob(second) == [2])
    }

    @Test func `goes on behind the reservation after a crash`() throws {
        var talk = try Conversation()
        let disk = try talk.aliceRecord.reserving(5)
        let published = try talk.alice.cipher.encrypt([1], in: disk)
        let reloaded = try SessionRecord(serialized: disk.serialized())
        #expect(reloaded.remaining == 0)
        let next = try talk.alice.cipher.encrypt([2], in: reloaded.reserving(1))
        #expect(try SignalMessage(published.bytes).counter == 0)
        #expect(try SignalMessage(next.bytes).counter == 5)
        #expect(try talk.toBob(next) == [2])
        #expect(try talk.toBob(published) == [1])
    }

    @Test func `skips nothing after an orderly end`() throws {
        let talk = try Conversation()
        let used = try talk.alice.cipher.encrypt([1], in: talk.aliceRecord.reserving(5)).record
        let reloaded = try SessionRecord(serialized: used.released().serialized())
        #expect(try SignalMessage(talk.alice.cipher.encrypt([2], in: reloaded.reserving(1)).bytes).counter == 1)
    }

    @Test func `a turn of the ratchet needs a reservation of its own`() throws {
        var talk = try Conversation()
        talk.aliceRecord = try talk.aliceRecord.reserving(50)
        let before = talk.aliceRecord
        _ = try talk.toBob(talk.fromAlice([1]))
        _ = try talk.toAlice(talk.fromBob([2]))
        #expect(before.remaining == 50 && talk.aliceRecord.remaining == 0)
    }

    @Test func `bounds a reservation`() throws {
        let record = try Conversation().aliceRecord
        #expect(try record.reserving(1_000_000).remaining == Int(SignalLimits.reservation))
        #expect(try record.reserving(-1).remaining == 1)
        #expect(try record.reserving(9).reserving(3).remaining == 9)
        var session = try #require(record.current)
        let chain = HashChain(key: session.outgoing.chain.key, counter: .max - 1)
        session.outgoing = try OutgoingChain(stored: chain, reserved: .max - 1, skipped: 0)
        #expect(code { _ = try session.outgoing.reserving(2) } == .exhausted)
        #expect(code { _ = try OutgoingChain(stored: chain, reserved: 5, skipped: 0) } == .record)
        #expect(
            code {
                _ = try OutgoingChain(stored: HashChain(key: chain.key, counter: 0), reserved: 129, skipped: 0)
            } == .record)
    }

    @Test func `tells of a chain whose receiver may soon refuse it, until the chain is another`() throws {
        var talk = try Conversation()
        _ = try talk.toBob(talk.fromAlice([1]))
        _ = try talk.toAlice(talk.fromBob([2]))
        var key = OwnSenderKey()
        for crash in 1...32 {
            talk.aliceRecord = try SessionRecord(serialized: talk.aliceRecord.reserving(32).serialized())
            key = try OwnSenderKey(serialized: key.reserving(32).serialized())
            #expect(talk.aliceRecord.isWorn == (crash == 32) && key.isWorn == (crash == 32))
        }
        // An orderly end, or a late message of an archived session, does not make it young again.
        #expect(try SessionRecord(serialized: talk.aliceRecord.released().serialized()).isWorn)
        #expect(!talk.aliceRecord.archivingCurrent().isWorn)
        _ = try talk.toBob(talk.fromAlice([3]))
        _ = try talk.toAlice(talk.fromBob([4]))
        #expect(!talk.aliceRecord.isWorn)
    }
}
