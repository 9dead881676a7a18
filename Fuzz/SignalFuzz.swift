import WhatsAppKeys
import WhatsAppSignal

/// Any bytes as a message, a sender key or a stored record give a value or an error, the same one each time.
///
/// The first byte says what the others are. The device has fixed keys, for which the corpus holds genuine messages.
@_cdecl("LLVMFuzzerTestOneInput")
func readSignal(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let kind = input.first else { return 0 }
    let rest = Array(input.dropFirst())
    let first = read(kind, rest)
    // Curve operations take most of the time: once is enough.
    precondition(kind == 1 || kind == 8 || first == read(kind, rest), "the same bytes gave another result")
    return 0
}

/// A device whose keys never change, and what it knows of its peer.
private struct FuzzedDevice {
    let identity = pair(0x10, 0x15)
    let signedPrekey = SignedPrekey(id: 1, pair: pair(0x10, 0x16), signature: [])
    let prekey = Prekey(id: 7, pair: pair(0x10, 0x17))
    let cipher: SessionCipher
    /// A record without a session: a message for it is read and goes no further.
    let empty: SessionRecord
    /// Eight messages to a group.
    let messages: [[UInt8]]
    let sender: SenderKeyRecord

    init() throws {
        cipher = SessionCipher(identity: identity, registrationID: 1)
        empty = try SessionRecord(serialized: [2, 0, 0])
        var key = try OwnSenderKey().reserving(8)
        sender = try SenderKeyRecord().adding(key.distribution)
        messages = try (UInt8(0)..<8).map { index in
            let (bytes, next) = try key.encrypt([index])
            key = next
            return bytes
        }
    }

    func open(_ message: PreKeySignalMessage) throws -> OpenedMessage {
        try cipher.decrypt(
            message, in: nil, signedPrekey: signedPrekey, prekey: message.prekeyID == nil ? nil : prekey, trusting: nil)
    }
}

private func pair(_ first: UInt8, _ rest: UInt8) -> KeyPair {
    let bytes = [first] + [UInt8](repeating: rest, count: 30) + [rest | 0x40]
    guard let pair = try? KeyPair(privateKey: SecretBytes(bytes)) else { preconditionFailure("32 bytes are a key") }
    return pair
}

private let device: FuzzedDevice = {
    guard let device = try? FuzzedDevice() else { preconditionFailure("fixed keys make a device") }
    return device
}()

private func read(_ kind: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    do {
        switch kind {
        case 0: return try PreKeySignalMessage(bytes).baseKey.bytes
        case 1: return try device.open(PreKeySignalMessage(bytes)).plaintext
        case 2: return try device.cipher.decrypt(bytes, in: device.empty, trusting: nil).plaintext
        case 3: return try SenderKeyRecord().decrypt(bytes).plaintext
        case 4: return try SenderKeyRecord().adding(bytes).serialized()
        case 5:
            let record = try SessionRecord(serialized: bytes)
            // What was reserved is skipped, and that only once.
            let stored = record.serialized()
            let again = try SessionRecord(serialized: stored).serialized()
            precondition(again == stored, "a record changed on its way")
            return try device.cipher.encrypt([1], in: record.reserving(1)).bytes
        case 6: return try SenderKeyRecord(serialized: bytes).serialized()
        case 7: return try OwnSenderKey(serialized: bytes).serialized()
        case 8: return readInTurn(bytes)
        default: return try MessagePadding.remove(from: bytes)
        }
    } catch let error as SignalError {
        return Array(error.description.utf8)
    } catch {
        preconditionFailure("an error of another type: \(error)")
    }
}

/// The bytes say which messages come, how often and in which order: each is read once.
private func readInTurn(_ bytes: [UInt8]) -> [UInt8] {
    var record = device.sender
    var read: Set<UInt8> = []
    for byte in bytes.prefix(6) {
        let index = byte % 8
        do {
            let (plaintext, next) = try record.decrypt(device.messages[Int(index)])
            precondition(plaintext == [index] && read.insert(index).inserted, "a message was read wrongly or twice")
            record = next
        } catch {
            precondition(read.contains(index) && error.code == .duplicate, "a message was lost")
        }
    }
    return read.sorted()
}
