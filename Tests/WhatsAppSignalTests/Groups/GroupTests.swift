import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

@Suite struct GroupTests {
    private func messages(_ count: Int, of key: inout OwnSenderKey) throws -> [[UInt8]] {
        try (0..<count).map { index in
            let (bytes, next) = try key.reserving(1).encrypt([UInt8(index & 0xFF)])
            key = next
            return bytes
        }
    }

    @Test func `reads group messages in any order, each once, over storage`() throws {
        var key = OwnSenderKey()
        var record = try SenderKeyRecord().adding(key.distribution)
        var generator = SeededGenerator(seed: 2)
        let sent = try messages(30, of: &key)
        for index in sent.indices.shuffled(using: &generator) {
            let (plaintext, next) = try record.decrypt(sent[index])
            #expect(plaintext == [UInt8(index)])
            record = try SenderKeyRecord(serialized: next.serialized())
            #expect(code { _ = try record.decrypt(sent[index]) } == .duplicate)
        }
    }

    @Test func `a member who joins late reads only what comes after`() throws {
        var key = OwnSenderKey()
        let before = try messages(3, of: &key)
        let record = try SenderKeyRecord().adding(key.distribution)
        #expect(code { _ = try record.decrypt(before[2]) } == .unknownSenderKey)
        #expect(try record.decrypt(messages(1, of: &key)[0]).plaintext == [0])
    }

    @Test func `makes up for 2,000 missing messages and no more`() throws {
        var key = OwnSenderKey()
        let record = try SenderKeyRecord().adding(key.distribution)
        let sent = try messages(2_003, of: &key)
        #expect(code { _ = try record.decrypt(sent[2_001]) } == .tooFarAhead)
        let (_, next) = try record.decrypt(sent[2_000])
        #expect(try next.decrypt(sent[0]).plaintext == [0])
        // A new distribution brings in a member who missed more.
        #expect(code { _ = try record.adding(key.distribution).decrypt(sent[2_002]) } == .unknownSenderKey)
    }

    @Test func `a repeated distribution replays nothing`() throws {
        var key = OwnSenderKey()
        let distribution = key.distribution
        var record = try SenderKeyRecord().adding(distribution)
        let sent = try messages(2, of: &key)
        record = try record.decrypt(sent[1]).record.adding(distribution).adding(key.distribution)
        #expect(record.count == 1)
        #expect(code { _ = try record.decrypt(sent[1]) } == .duplicate)
        #expect(try record.decrypt(sent[0]).plaintext == [0])
    }

    @Test func `keeps five keys, and one for each id`() throws {
        var record = SenderKeyRecord()
        var keys = (0..<6).map { _ in OwnSenderKey() }
        for key in keys { record = try record.adding(key.distribution) }
        #expect(record.count == 5)
        #expect(code { _ = try record.decrypt(messages(1, of: &keys[0])[0]) } == .unknownSenderKey)
        #expect(try record.decrypt(messages(1, of: &keys[1])[0]).plaintext == [0])
        let twin = OwnSenderKey(id: keys[5].id, chainKey: .random(count: 32), signingKey: .random())
        record = try record.adding(twin.distribution)
        #expect(record.count == 5)
        #expect(code { _ = try record.decrypt(messages(1, of: &keys[5])[0]) } == .signature)
    }

    @Test func `refuses a message that the owner of the key did not sign`() throws {
        let key = OwnSenderKey(id: 5, chainKey: SecretBytes([UInt8](repeating: 1, count: 32)), signingKey: .random())
        let thief = OwnSenderKey(id: 5, chainKey: SecretBytes([UInt8](repeating: 1, count: 32)), signingKey: .random())
        let record = try SenderKeyRecord().adding(key.distribution)
        let forged = try thief.reserving(1).encrypt([1]).bytes
        #expect(code { _ = try record.decrypt(forged) } == .signature)
    }

    @Test func `goes on behind the reservation after a crash`() throws {
        let disk = try OwnSenderKey().reserving(5)
        let record = try SenderKeyRecord().adding(disk.distribution)
        let published = try disk.encrypt([1]).bytes
        let reloaded = try OwnSenderKey(serialized: disk.serialized())
        #expect(reloaded.remaining == 0 && reloaded.id == disk.id)
        #expect(code { _ = try reloaded.encrypt([2]) } == .notReserved)
        let next = try reloaded.reserving(1).encrypt([2]).bytes
        #expect(try SenderKeyMessage(next).iteration == 5)
        #expect(try record.decrypt(next).record.decrypt(published).plaintext == [1])
        let orderly = try OwnSenderKey(serialized: disk.encrypt([1]).key.released().serialized())
        #expect(try SenderKeyMessage(orderly.reserving(1).encrypt([2]).bytes).iteration == 1)
    }
}
