import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

@Suite struct RecordTests {
    private func sessionRecord() throws -> SessionRecord {
        var talk = try Conversation()
        _ = try talk.fromAlice([1])
        _ = try talk.toBob(talk.fromAlice([2]))
        return try talk.bob.cipher.begin(with: talk.alice.bundle(), after: talk.bobRecord, trusting: nil)
    }

    @Test func `a stored record is the same record`() throws {
        let record = try sessionRecord()
        let bytes = record.serialized()
        let read = try SessionRecord(serialized: bytes)
        #expect(read.serialized() == bytes)
        #expect(read.isPending && read.archivedCount == 1 && read.remoteIdentity == record.remoteIdentity)
        let empty = record.archivingCurrent()
        #expect(try SessionRecord(serialized: empty.serialized()).serialized() == empty.serialized())
        let group = try SenderKeyRecord().adding(OwnSenderKey().distribution)
        #expect(try SenderKeyRecord(serialized: group.serialized()).serialized() == group.serialized())
        let own = OwnSenderKey()
        #expect(try OwnSenderKey(serialized: own.serialized()).serialized() == own.serialized())
    }

    @Test func `refuses every cut record`() throws {
        let session = try sessionRecord().serialized()
        let group = try SenderKeyRecord().adding(OwnSenderKey().distribution).serialized()
        let own = OwnSenderKey().serialized()
        for count in session.indices {
            #expect(code { _ = try SessionRecord(serialized: Array(session[..<count])) } == .record)
        }
        for count in group.indices {
            #expect(code { _ = try SenderKeyRecord(serialized: Array(group[..<count])) } == .record)
        }
        for count in own.indices {
            #expect(code { _ = try OwnSenderKey(serialized: Array(own[..<count])) } == .record)
        }
        #expect(code { _ = try SessionRecord(serialized: session + [0]) } == .record)
        #expect(code { _ = try SenderKeyRecord(serialized: group + [0]) } == .record)
        #expect(code { _ = try OwnSenderKey(serialized: own + [0]) } == .record)
    }

    @Test func `survives every changed bit`() throws {
        let session = try sessionRecord().serialized()
        let group = try SenderKeyRecord().adding(OwnSenderKey().distribution).serialized()
        var talk = try Conversation()
        let message = try talk.fromAlice([1])
        for bit in 0..<session.count * 8 {
            var changed = session
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            if let record = try? SessionRecord(serialized: changed) {
                _ = try? talk.bob.open(message, in: record)
            }
        }
        for bit in 0..<group.count * 8 {
            var changed = group
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? SenderKeyRecord(serialized: changed)
        }
    }

    @Test func `refuses a record of a newer program`() throws {
        var session = try sessionRecord().serialized()
        session[0] = 3
        #expect(code { _ = try SessionRecord(serialized: session) } == .recordVersion)
        #expect(code { _ = try SenderKeyRecord(serialized: [3]) } == .recordVersion)
        #expect(code { _ = try OwnSenderKey(serialized: [3]) } == .recordVersion)
    }

    @Test func `never prints a key`() throws {
        let record = try sessionRecord()
        let session = try #require(record.current)
        let own = OwnSenderKey()
        let group = try SenderKeyRecord().adding(own.distribution)
        let prekeys = try Prekey.batch(from: 1, count: 1)
        var text = ""
        dump((record, session, own, group, prekeys), to: &text)
        text += "\(record) \(session) \(own) \(group) \(prekeys)"
        let secrets = [
            session.rootKey, session.ratchet.privateKey, session.outgoing.chain.key, prekeys[0].pair.privateKey,
        ]
        for secret in secrets {
            let bytes = secret.exposed()
            #expect(!text.contains(bytes.prefix(4).map { "\($0)" }.joined(separator: ", ")))
            #expect(!text.contains(Hex.text(Array(bytes.prefix(4)))))
        }
        for failure in [SignalError(.record, "cut"), .malformed("a")] { #expect(!"\(failure)".contains("[")) }
    }
}
