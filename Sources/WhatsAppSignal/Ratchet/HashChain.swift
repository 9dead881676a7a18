import WhatsAppKeys

/// One of Signal's symmetric chains: a key that moves forward with each message and cannot be turned back.
struct HashChain: Sendable {
    static let keyByteCount = 32

    let key: SecretBytes
    /// The counter of the next message.
    let counter: UInt32

    /// From which the keys of the next message are expanded, 32 bytes.
    var seed: SecretBytes { KeyDerivation.authenticate(byte: 1, with: key) }

    /// The chain after the next message.
    func advanced() throws(SignalError) -> HashChain {
        guard counter < .max else { throw SignalError(.exhausted, "a chain has no counters left: start a new one") }
        return HashChain(key: KeyDerivation.authenticate(byte: 2, with: key), counter: counter + 1)
    }

    /// The chain from `counter` on.
    func advanced(to counter: UInt32) throws(SignalError) -> HashChain {
        var chain = self
        while chain.counter < counter { chain = try chain.advanced() }
        return chain
    }
}
