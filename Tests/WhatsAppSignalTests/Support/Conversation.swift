import WhatsAppKeys

@testable import WhatsAppSignal

/// Two devices with a session that both have used, so that no message carries prekeys any more.
struct Conversation {
    let alice: TestDevice
    let bob: TestDevice
    var aliceRecord: SessionRecord
    var bobRecord: SessionRecord

    init() throws {
        alice = try TestDevice()
        bob = try TestDevice()
        aliceRecord = try alice.cipher.begin(with: bob.bundle(), trusting: nil).reserving(1)
        let first = try alice.cipher.encrypt([1], in: aliceRecord)
        bobRecord = try bob.open(first, in: nil).record.reserving(1)
        let answer = try bob.cipher.encrypt([2], in: bobRecord)
        aliceRecord = try alice.open(answer, in: first.record).record
        bobRecord = answer.record
    }

    mutating func fromAlice(_ plaintext: [UInt8]) throws -> SealedMessage {
        let message = try alice.cipher.encrypt(plaintext, in: aliceRecord.reserving(1))
        aliceRecord = message.record
        return message
    }

    mutating func fromBob(_ plaintext: [UInt8]) throws -> SealedMessage {
        let message = try bob.cipher.encrypt(plaintext, in: bobRecord.reserving(1))
        bobRecord = message.record
        return message
    }

    mutating func toBob(_ message: SealedMessage) throws -> [UInt8] {
        let opened = try bob.open(message, in: bobRecord)
        bobRecord = opened.record
        return opened.plaintext
    }

    mutating func toAlice(_ message: SealedMessage) throws -> [UInt8] {
        let opened = try alice.open(message, in: aliceRecord)
        aliceRecord = opened.record
        return opened.plaintext
    }
}
