import WhatsAppKeys

/// A chain of messages that we send, whose counters are reserved on disk before they are used.
///
/// A stored chain says "counters up to `reserved` may have been used". One that was read from disk therefore goes on
/// from there: what memory knew is gone, and no key is used twice.
struct OutgoingChain: Sendable {
    let chain: HashChain
    /// The first counter that must not be used before the next reservation.
    let reserved: UInt32

    /// A new chain, with nothing reserved.
    init(_ key: SecretBytes) {
        chain = HashChain(key: key, counter: 0)
        reserved = 0
    }

    private init(_ chain: HashChain, reserved: UInt32) {
        self.chain = chain
        self.reserved = reserved
    }

    /// A chain from storage: it goes on where the reservation ends.
    init(stored chain: HashChain, reserved: UInt32) throws(SignalError) {
        guard reserved >= chain.counter, reserved - chain.counter <= SignalLimits.reservation else {
            throw SignalError(.record, "a stored chain reserves counters out of bounds")
        }
        self.chain = try chain.advanced(to: reserved)
        self.reserved = reserved
    }

    /// How many messages can be encrypted before the next reservation.
    var remaining: UInt32 { reserved - chain.counter }

    /// The seed and counter for one message, and the chain after it.
    func taking() throws(SignalError) -> (seed: SecretBytes, counter: UInt32, rest: OutgoingChain) {
        guard remaining > 0 else {
            throw SignalError(
                .notReserved, "no counter is reserved: reserve some, store the record durably, then encrypt")
        }
        return (chain.seed, chain.counter, OutgoingChain(try chain.advanced(), reserved: reserved))
    }

    /// The chain with at least `count` counters that can be used as soon as it is on disk.
    func reserving(_ count: UInt32) throws(SignalError) -> OutgoingChain {
        let count = min(max(count, 1), SignalLimits.reservation)
        guard count > remaining else { return self }
        let (end, overflow) = chain.counter.addingReportingOverflow(count)
        guard !overflow else { throw SignalError(.exhausted, "a chain has no counters left: start a new one") }
        return OutgoingChain(chain, reserved: end)
    }

    /// The chain with no counters reserved, for storing it when nothing is in flight: none is skipped then.
    func released() -> OutgoingChain { OutgoingChain(chain, reserved: chain.counter) }
}
