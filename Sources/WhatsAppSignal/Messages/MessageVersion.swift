import WhatsAppKeys

/// The first byte of every message: the version in the upper four bits, the newest that the sender knows in the lower.
enum MessageVersion {
    static let byte: UInt8 = 0x33

    /// Checks the version and the length.
    /// - Parameter tail: how many bytes follow the protobuf.
    /// - Returns: where the protobuf lies.
    static func body(of message: [UInt8], tail: Int = 0) throws(SignalError) -> Range<Int> {
        guard let first = message.first else { throw .malformed("the message is empty") }
        guard first >> 4 == byte >> 4 else {
            throw SignalError(.version, "the message has version \(first >> 4), only 3 is known")
        }
        guard message.count > tail + 1 else { throw .malformed("the message is too short") }
        guard message.count <= SignalLimits.messageBytes else { throw .malformed("the message is too long") }
        return 1..<message.count - tail
    }

    /// A public key in a field.
    static func key(_ message: [UInt8], _ range: Range<Int>) throws(SignalError) -> PublicKey {
        guard range.count == PublicKey.prefixedByteCount else { throw .malformed("a key must have 33 bytes") }
        return try SignalError.keys("a key in the message") { () throws(KeyError) in
            try message.span.withUnsafeBytes { bytes throws(KeyError) in
                try PublicKey(UnsafeRawBufferPointer(rebasing: bytes[range]))
            }
        }
    }
}
