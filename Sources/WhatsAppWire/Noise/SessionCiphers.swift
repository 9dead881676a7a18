/// Encrypts the frames that one side sends after the handshake.
public struct SealingCipher: Sendable {
    private var cipher: FrameCipher

    init(_ cipher: FrameCipher) { self.cipher = cipher }

    /// How many messages were encrypted.
    public var count: UInt64 { cipher.counter }

    /// A whole frame, its length before it, with `plaintext` encrypted in it.
    /// - Throws: `WireError` with `notEncodable` if it is too long, or `counterExhausted`.
    public mutating func frame(_ plaintext: [UInt8]) throws(WireError) -> [UInt8] {
        let length = plaintext.count + FrameCipher.tagByteCount
        var frame: [UInt8] = []
        frame.reserveCapacity(Frame.headerByteCount + length)
        try Frame.appendHeader(dataByteCount: length, to: &frame)
        try cipher.seal(plaintext, into: &frame)
        return frame
    }
}

/// Decrypts the frames that one side receives after the handshake.
public struct OpeningCipher: Sendable {
    private var cipher: FrameCipher

    init(_ cipher: FrameCipher) { self.cipher = cipher }

    /// How many messages were decrypted.
    public var count: UInt64 { cipher.counter }

    /// The plaintext of a frame's data.
    /// - Throws: `WireError` with `authentication` if the data is damaged, forged, repeated or not the next one: then
    ///   the connection is of no more use; or `counterExhausted`.
    public mutating func open(_ data: [UInt8]) throws(WireError) -> [UInt8] { try cipher.open(data) }
}

/// The two ciphers of one side of a connection.
public struct SessionCiphers: Sendable {
    /// For what this side sends.
    public var sealing: SealingCipher
    /// For what this side receives.
    public var opening: OpeningCipher

    init(sealing: FrameCipher, opening: FrameCipher) {
        self.sealing = SealingCipher(sealing)
        self.opening = OpeningCipher(opening)
    }
}
