import WhatsAppKeys

@testable import WhatsAppSignal

/// A message under way, as the simulation knows it.
struct Flight {
    let kind: SealedMessage.Kind
    let bytes: [UInt8]
    let plaintext: [UInt8]
    let key: MessageName
}

/// What a message key may be used for only once.
struct MessageName: Hashable {
    let ratchetKey: PublicKey
    let counter: UInt32

    init(_ kind: SealedMessage.Kind, _ bytes: [UInt8]) throws {
        let message = try kind == .prekey ? PreKeySignalMessage(bytes).message : SignalMessage(bytes)
        (ratchetKey, counter) = (message.ratchetKey, message.counter)
    }
}

/// A device with a disk: what memory knows is lost in a crash.
struct SimulatedDevice {
    var device: TestDevice
    var memory: SessionRecord?
    var disk: [UInt8]?
    /// Prekeys that were given out.
    var nextPrekey: UInt32 = 1
    /// What was decrypted and stored.
    var read: Set<MessageName> = []
    /// Ratchet keys of which something was decrypted and stored.
    var seen: Set<PublicKey> = []
    /// What was published.
    var published: Set<MessageName> = []
    var begun = 0

    init() throws { device = try TestDevice(prekeys: 40) }

    mutating func store() { disk = memory?.serialized() }

    mutating func crash() throws { memory = try disk.map { try SessionRecord(serialized: $0) } }

    /// A new session with `peer`, with a one-time prekey or, once they are used up or by chance, without.
    mutating func begin(with peer: inout SimulatedDevice, usingPrekey: Bool) throws {
        let id = usingPrekey && peer.nextPrekey < 40 ? peer.nextPrekey : nil
        if id != nil { peer.nextPrekey += 1 }
        memory = try device.cipher.begin(with: peer.device.bundle(prekey: id), after: memory, trusting: nil)
        begun += 1
    }

    mutating func send(_ plaintext: [UInt8], reserving count: Int) throws -> Flight? {
        guard var record = memory else { return nil }
        if record.remaining == 0 {
            record = try record.reserving(count)
            memory = record
            store()
        }
        let sealed = try device.cipher.encrypt(plaintext, in: record)
        memory = sealed.record
        let name = try MessageName(sealed.kind, sealed.bytes)
        guard published.insert(name).inserted else { throw KeyUsedTwice() }
        return Flight(kind: sealed.kind, bytes: sealed.bytes, plaintext: plaintext, key: name)
    }

    struct KeyUsedTwice: Error {}

    /// Whether some session still has the chain that the message belongs to.
    func knows(_ key: PublicKey) -> Bool {
        guard let memory else { return false }
        return memory.current?.knows(key) == true || memory.archived.contains { $0.session?.knows(key) == true }
    }

    /// Opens a message and stores what follows, unless it crashes before.
    /// - Returns: the plaintext.
    mutating func receive(_ flight: Flight, crashing: Bool) throws -> [UInt8] {
        let opened = try device.open(flight.kind, flight.bytes, in: memory)
        guard !crashing else {
            try crash()
            return opened.plaintext
        }
        memory = opened.record
        store()
        read.insert(flight.key)
        seen.insert(flight.key.ratchetKey)
        if let id = opened.usedPrekeyID { device.prekeys[id] = nil }
        return opened.plaintext
    }
}
