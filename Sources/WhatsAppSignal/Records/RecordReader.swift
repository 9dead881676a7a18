import WhatsAppKeys

/// Reads records in their stored form; what is cut, too long or of an unknown version is refused.
struct RecordReader {
    private let bytes: [UInt8]
    private var offset = 0

    /// Checks the version, which is the first byte.
    init(_ bytes: [UInt8], version: UInt8, of kind: StaticString) throws(SignalError) {
        self.bytes = bytes
        let found = try byte()
        guard found == version else {
            throw SignalError(
                .recordVersion,
                "a stored \(kind) has version \(found), this program reads \(version): use the program that wrote it")
        }
    }

    /// Reads a part of a record, which has no version of its own.
    init(part bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() throws(SignalError) -> UInt8 { bytes[try take(1).lowerBound] }

    mutating func number() throws(SignalError) -> UInt32 {
        let range = try take(4)
        return bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt32.self))
        }
    }

    mutating func key() throws(SignalError) -> PublicKey {
        let range = try take(PublicKey.byteCount)
        return try SignalError.keys("a stored key") { () throws(KeyError) in
            try bytes.span.withUnsafeBytes { all throws(KeyError) in
                try PublicKey(UnsafeRawBufferPointer(rebasing: all[range]))
            }
        }
    }

    mutating func secret(_ count: Int = 32) throws(SignalError) -> SecretBytes {
        let range = try take(count)
        return bytes.withUnsafeBytes { SecretBytes(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    mutating func data(_ count: Int) throws(SignalError) -> [UInt8] { Array(bytes[try take(count)]) }

    /// Secret bytes after their count.
    mutating func counted() throws(SignalError) -> SecretBytes { try secret(Int(number())) }

    /// A list's count, at most `limit`.
    mutating func count(upTo limit: Int) throws(SignalError) -> Int {
        let count = Int(try byte())
        guard count <= limit else { throw SignalError(.record, "a stored record has a list that is too long") }
        return count
    }

    /// Refuses what follows the end.
    func finish() throws(SignalError) {
        guard offset == bytes.count else { throw SignalError(.record, "a stored record is longer than it should be") }
    }

    private mutating func take(_ count: Int) throws(SignalError) -> Range<Int> {
        guard count <= bytes.count - offset else { throw SignalError(.record, "a stored record is cut") }
        defer { offset += count }
        return offset..<offset + count
    }
}
