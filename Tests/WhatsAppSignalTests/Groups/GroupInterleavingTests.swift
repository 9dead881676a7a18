import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

/// A group of three receivers: any order, loss and duplication, crashes of the sender and new keys in between.
@Suite struct GroupInterleavingTests {
    private struct Flight: Hashable {
        let receiver: Int
        let bytes: [UInt8]
        let plaintext: [UInt8]
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `every message is read once by everybody who has the key`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var key = OwnSenderKey()
        var disk = key.serialized()
        var names: Set<[UInt32]> = []
        var records = [SenderKeyRecord](repeating: SenderKeyRecord(), count: 3)
        var read = [Set<[UInt8]>](repeating: [], count: 3)
        var flights: [Flight] = []
        var keys = 0
        func distribute() throws {
            keys += 1
            for index in records.indices { records[index] = try records[index].adding(key.distribution) }
        }
        try distribute()
        for step in UInt32(0)..<150 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0 where keys < SignalLimits.senderKeyStates && generator.once(in: 3):
                key = OwnSenderKey()
                disk = key.serialized()
                try distribute()
            case 1: key = try OwnSenderKey(serialized: disk)
            case 2:
                disk = key.released().serialized()
                key = try OwnSenderKey(serialized: disk)
            case 3..<6:
                if key.remaining == 0 {
                    key = try key.reserving(Int.random(in: 1...5, using: &generator))
                    disk = key.serialized()
                }
                let plaintext = withUnsafeBytes(of: step) { Array($0) }
                let (bytes, next) = try key.encrypt(plaintext)
                key = next
                let message = try SenderKeyMessage(bytes)
                #expect(names.insert([message.id, message.iteration]).inserted, "a key was used twice")
                flights += (0..<3).map { Flight(receiver: $0, bytes: bytes, plaintext: plaintext) }
            default:
                guard let flight = flights.randomElement(using: &generator) else { continue }
                let index = flight.receiver
                do {
                    let (plaintext, next) = try records[index].decrypt(flight.bytes)
                    #expect(plaintext == flight.plaintext && read[index].insert(plaintext).inserted)
                    records[index] = try SenderKeyRecord(serialized: next.serialized())
                } catch {
                    #expect(error.code == .duplicate && read[index].contains(flight.plaintext), "seed \(seed)")
                }
                if generator.once(in: 2) { flights.removeAll { $0 == flight } }
            }
        }
    }
}
