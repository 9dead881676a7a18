/// How libsodium takes our buffers.
enum Sodium {
    /// - Parameter buffer: not empty.
    static func bytes(_ buffer: UnsafeRawBufferPointer) -> UnsafePointer<UInt8> {
        guard let start = buffer.baseAddress else {
            // No caller passes an empty buffer: keys and hashes have fixed lengths, `update` leaves empty parts out.
            preconditionFailure("libsodium got an empty buffer")
        }
        return start.assumingMemoryBound(to: UInt8.self)
    }

    /// - Parameter buffer: not empty.
    static func bytes(_ buffer: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<UInt8> {
        UnsafeMutablePointer(mutating: bytes(UnsafeRawBufferPointer(buffer)))
    }
}
