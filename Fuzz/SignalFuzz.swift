/// Any bytes as a message, a sender key or a stored record give a value or an error, the same one each time.
///
/// The first byte says what the others are. The device has fixed keys, for which the corpus holds genuine messages.
@_cdecl("LLVMFuzzerTestOneInput")
func readSignal(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let kind = input.first else { return 0 }
    let rest = Array(input.dropFirst())
    let first = read(kind, rest)
    // Key agreement takes most of the time: once is enough.
    precondition(kind == 1 || first == read(kind, rest), "the same bytes gave another result")
    return 0
}

/// A device whose keys never change, and what it knows of its peer.
private struct FuzzedDevice {
    let identity = pair(0x10, 0x15)
    let signedPrekey = SignedPrekey(id: 1, pair: pair(0x10, 0x16), signature: [])
    let prekey = Prekey(id: 7, pair: pair(0x10, 0x17))
    let cipher: SessionCipher

    init() {
        cipher = SessionCipher(identity: identity, registrationID: 1)
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

private let device = FuzzedDevice()

private func read(_ kind: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    do {
        switch kind {
        case 0: return try PreKeySignalMessage(bytes).baseKey.bytes
        case 1: return try device.open(PreKeySignalMessage(bytes)).plaintext
        case 2: return try SignalMessage(bytes).ratchetKey.bytes
        case 3: return try Array(SenderKeyMessage(bytes).ciphertext)
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

/// The bytes say which counters come, how often and in which order: each is read once.
private func readInTurn(_ bytes: [UInt8]) -> [UInt8] {
    var chain = IncomingChain(HashChain(key: SecretBytes([UInt8](repeating: 1, count: 32)), counter: 0))
    var read: Set<UInt8> = []
    for byte in bytes.prefix(32) {
        do {
            chain = try chain.taking(UInt32(byte % 64)).rest
            precondition(read.insert(byte % 64).inserted, "a key was given twice")
        } catch {
            precondition(read.contains(byte % 64) && error.code == .duplicate, "a key was lost")
        }
    }
    return read.sorted()
}
