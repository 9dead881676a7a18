/// Who may work with the ratchets of which addresses now: for each address one at a time, in the order of asking.
///
/// Encrypting and decrypting both change a session; were they to overlap, the change of one would be lost.
struct LaneTable {
    private struct Waiter {
        let addresses: Set<String>
        let continuation: CheckedContinuation<Void, Never>
    }
    private var busy: Set<String> = []
    private var waiters: [Waiter] = []

    /// Whether nobody works with a ratchet now.
    var areFree: Bool { busy.isEmpty && waiters.isEmpty }

    /// Takes all lanes at once if they are free and nobody who came before waits for one of them.
    mutating func take(_ addresses: Set<String>) -> Bool {
        guard busy.isDisjoint(with: addresses), !waiters.contains(where: { !$0.addresses.isDisjoint(with: addresses) })
        else { return false }
        busy.formUnion(addresses)
        return true
    }

    /// Continues once all the lanes are taken.
    mutating func wait(for addresses: Set<String>, _ continuation: CheckedContinuation<Void, Never>) {
        if take(addresses) { return continuation.resume() }
        waiters.append(Waiter(addresses: addresses, continuation: continuation))
    }

    /// Gives lanes back, and hands on what has become free, in the order of asking.
    mutating func giveBack(_ addresses: Set<String>) {
        busy.subtract(addresses)
        var claimed = busy
        waiters.removeAll { waiter in
            let isFree = claimed.isDisjoint(with: waiter.addresses)
            // What an earlier one waits for is not given to a later one.
            claimed.formUnion(waiter.addresses)
            guard isFree else { return false }
            busy.formUnion(waiter.addresses)
            waiter.continuation.resume()
            return true
        }
    }
}
