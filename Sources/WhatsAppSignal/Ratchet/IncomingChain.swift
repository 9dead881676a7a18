import WhatsAppKeys

/// A chain of messages that we receive, in whatever order they come.
struct IncomingChain: Sendable {
    let chain: HashChain
    let skipped: SkippedKeys

    init(_ chain: HashChain, skipped: SkippedKeys = .none) {
        self.chain = chain
        self.skipped = skipped
    }

    /// The seed of message `counter`, and the chain without it.
    ///
    /// The caller keeps the new chain only once the message has proved genuine.
    func taking(_ counter: UInt32) throws(SignalError) -> (seed: SecretBytes, rest: IncomingChain) {
        guard counter >= chain.counter else {
            guard let (seed, rest) = skipped.taking(counter) else {
                throw SignalError(.duplicate, "message \(counter) was decrypted before, or its key is too old")
            }
            return (seed, IncomingChain(chain, skipped: rest))
        }
        let jump = counter - chain.counter
        guard jump <= SignalLimits.jump else {
            throw SignalError(.tooFarAhead, "message \(counter) is \(jump) ahead, \(SignalLimits.jump) are allowed")
        }
        guard jump > 0 else { return (chain.seed, IncomingChain(try chain.advanced(), skipped: skipped)) }
        let (skipped, reached) = try skipped.adding(from: chain, upTo: counter, limit: SignalLimits.skippedKeys)
        return (reached.seed, IncomingChain(try reached.advanced(), skipped: skipped))
    }
}
