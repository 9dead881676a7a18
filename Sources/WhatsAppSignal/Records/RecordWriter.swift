import WhatsAppKeys

/// Writes records in their stored form: little-endian numbers, keys of 32 bytes, counted lists.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func number(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func key(_ value: PublicKey) { value.withUnsafeBytes { bytes.append(contentsOf: $0) } }

    /// The bytes alone: the reader knows how many there are.
    mutating func secret(_ value: SecretBytes) { value.withUnsafeBytes { bytes.append(contentsOf: $0) } }

    /// The bytes after their count.
    mutating func counted(_ value: SecretBytes) {
        number(UInt32(value.count))
        secret(value)
    }

    mutating func data(_ value: [UInt8]) { bytes.append(contentsOf: value) }
}
