import WhatsAppKeys

/// A chain of messages that we send, whose counters are reserved on disk before they are used.
///
/// A stored chain says "counters up to `reserved` may have been used". One that was read from disk therefore goes on
/// from there: what memory knew is gone, and no key is used twice.
struct OutgoingChain: Sendable {
    let chain: HashChain
    /// The first counter that must not be used before the next reservation.
    let reserved: UInt32
    /// How many counters were passed over, because they may have been used before a crash.
    let skipped: UInt32

    /// A new chain, with nothing reserved.
    init(_ key: SecretBytes) {
        self.init(HashChain(key: key, counter: 0), reserved: 0, skipped: 0)
    }

    private init(_ chain: HashChain, reserved: UInt32, skipped: UInt32) {
        self.chain = chain
        self.reserved = reserved
        self.skipped = skipped
    }

    /// A chain from storage: it goes on where the reservation ends.
    init(stored chain: HashChain, reserved: UInt32, skipped: UInt32) throws(SignalError) {
        guard reserved >= chain.counter, reserved - chain.counter <= SignalLimits.reservation else {
            throw SignalError(.record, "a stored chain reserves counters out of bounds")
        }
        let (passed, overflow) = skipped.addingReportingOverflow(reserved - chain.counter)
        self.init(try chain.advanced(to: reserved), reserved: reserved, skipped: overflow ? .max : passed)
    }

    /// Whether so many counters were passed over that a receiver who saw none of the chain is near the end of its
    /// patience: start a new chain.
    var isWorn: Bool { skipped > SignalLimits.jump / 2 }

    /// How many messages can be encrypted before the next reservation.
    var remaining: UInt32 { reserved - chain.counter }

    /// The seed and counter for one message, and the chain after it.
    func taking() throws(SignalError) -> (seed: SecretBytes, counter: UInt32, rest: OutgoingChain) {
        guard remaining > 0 else {
            throw SignalError(
                .notReserved, "no counter is reserved: reserve some, store the record durably, then encrypt")
        }
        return (chain.seed, chain.counter, OutgoingChain(try chain.advanced(), reserved: reserved, skipped: skipped))
    }

    /// The chain with at least `count` counters that can be used as soon as it is on disk.
    func reserving(_ count: UInt32) throws(SignalError) -> OutgoingChain {
        let count = min(max(count, 1), SignalLimits.reservation)
        guard count > remaining else { return self }
        let (end, overflow) = chain.counter.addingReportingOverflow(count)
        guard !overflow else { throw SignalError(.exhausted, "a chain has no counters left: start a new one") }
        return OutgoingChain(chain, reserved: end, skipped: skipped)
    }

    /// The chain with no counters reserved, for storing it when nothing is in flight: none is skipped then.
    func released() -> OutgoingChain { OutgoingChain(chain, reserved: chain.counter, skipped: skipped) }
}
