import WhatsAppKeys

/// Writes the few fields of Signal's messages in the protobuf wire format.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    /// Begins with the version byte of messages of version 3.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
        bytes.append(MessageVersion.byte)
    }

    mutating func number(_ field: UInt8, _ value: UInt32) {
        bytes.append(field << 3)
        varint(UInt64(value))
    }

    mutating func data(_ field: UInt8, _ value: some Collection<UInt8>) {
        bytes.append(field << 3 | 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func key(_ field: UInt8, _ value: PublicKey) {
        bytes.append(field << 3 | 2)
        bytes.append(UInt8(PublicKey.prefixedByteCount))
        value.appendPrefixed(to: &bytes)
    }

    mutating func append(_ tail: [UInt8]) { bytes.append(contentsOf: tail) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
