import Foundation
import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

/// python-axolotl, another implementation of version 3, as the peer: sessions and groups in both directions.
@Suite struct AxolotlTests {
    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func `a session that we begin`(_ usingPrekey: Bool) throws {
        guard let peer = try AxolotlPeer.start() else { return }
        defer { peer.end() }
        let us = try TestDevice()
        var record = try us.cipher.begin(with: peer.bundle(usingPrekey: usingPrekey), trusting: nil)
        try converse(us, &record, with: peer)
    }

    @Test(.timeLimit(.minutes(2)), arguments: [UInt32?.none, 2])
    func `a session that the peer begins`(_ prekey: UInt32?) throws {
        guard let peer = try AxolotlPeer.start() else { return }
        defer { peer.end() }
        let us = try TestDevice()
        try peer.begin(with: us.bundle(prekey: prekey), signature: us.signedPrekey.signature)
        let (kind, bytes) = try peer.encrypt([42])
        #expect(kind == .prekey)
        let opened = try us.open(kind, bytes, in: nil)
        #expect(opened.plaintext == [42] && opened.usedPrekeyID == prekey)
        var record = opened.record
        try converse(us, &record, with: peer)
    }

    /// Turns of the ratchet, messages out of order and repeated, over storage.
    private func converse(_ us: TestDevice, _ record: inout SessionRecord, with peer: AxolotlPeer) throws {
        var generator = SeededGenerator(seed: 5)
        for round in UInt8(0)..<6 {
            var out: [([UInt8], SealedMessage)] = []
            for index in UInt8(0)..<5 {
                let plaintext = [round, index] + [UInt8](repeating: 7, count: Int(index) * 9)
                let message = try us.cipher.encrypt(plaintext, in: record.reserving(1))
                record = try SessionRecord(serialized: message.record.serialized())
                out.append((plaintext, message))
            }
            for (plaintext, message) in out.shuffled(using: &generator) {
                #expect(try peer.decrypt(message.kind, message.bytes) == plaintext)
            }
            let answers = try (UInt8(0)..<5).map { index in ([round, index, 1], try peer.encrypt([round, index, 1])) }
            for (plaintext, (kind, bytes)) in answers.shuffled(using: &generator) {
                let opened = try us.open(kind, bytes, in: record)
                #expect(opened.plaintext == plaintext)
                record = try SessionRecord(serialized: opened.record.serialized())
                let stored = record
                #expect(code { _ = try us.open(kind, bytes, in: stored) } == .duplicate)
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func `groups in both directions`() throws {
        guard let peer = try AxolotlPeer.start() else { return }
        defer { peer.end() }
        var own = try OwnSenderKey().reserving(20)
        try peer.join(own.distribution)
        var theirs = try SenderKeyRecord().adding(peer.distribution())
        var generator = SeededGenerator(seed: 6)
        var sent: [[UInt8]] = []
        for index in UInt8(0)..<8 {
            let (bytes, next) = try own.encrypt([index])
            own = next
            sent.append(bytes)
        }
        for index in sent.indices.shuffled(using: &generator) {
            #expect(try peer.decryptGroup(sent[index]) == [UInt8(index)])
        }
        let received = try (UInt8(0)..<8).map { try peer.encryptGroup([$0]) }
        for index in received.indices.shuffled(using: &generator) {
            let (plaintext, next) = try theirs.decrypt(received[index])
            #expect(plaintext == [UInt8(index)])
            theirs = next
        }
    }
}
