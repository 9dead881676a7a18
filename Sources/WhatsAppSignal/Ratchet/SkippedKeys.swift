import WhatsAppKeys

/// The seeds of messages that were passed over and may still come, by rising counter.
///
/// They lie in one buffer of entries of 36 bytes, the counter (little endian) and the seed: a record with 2,000 of them
/// is read and written as quickly as one with none.
struct SkippedKeys: Sendable {
    static let entryByteCount = 4 + HashChain.keyByteCount

    let buffer: SecretBytes

    static let none = SkippedKeys(buffer: SecretBytes([]))

    var count: Int { buffer.count / Self.entryByteCount }

    /// The seed for `counter` and what is left without it, or nil if there is none.
    func taking(_ counter: UInt32) -> (seed: SecretBytes, rest: SkippedKeys)? {
        buffer.withUnsafeBytes { bytes in
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if Self.counter(middle, bytes) < counter { low = middle + 1 } else { high = middle }
            }
            guard low < count, Self.counter(low, bytes) == counter else { return nil }
            let start = low * Self.entryByteCount
            let end = start + Self.entryByteCount
            let rest = SecretBytes(count: bytes.count - Self.entryByteCount) { output in
                output[..<start].copy(from: bytes[..<start])
                output[start...].copy(from: bytes[end...])
            }
            return (buffer[start + 4..<end], SkippedKeys(buffer: rest))
        }
    }

    /// Adds the seeds from `chain`'s counter up to but without `counter`; the oldest go where more than `limit` remain.
    /// - Returns: also the chain at `counter`.
    func adding(
        from chain: HashChain, upTo counter: UInt32, limit: Int
    ) throws(SignalError) -> (skipped: SkippedKeys, chain: HashChain) {
        var chain = chain
        var added: [(counter: UInt32, seed: SecretBytes)] = []
        added.reserveCapacity(Int(counter &- chain.counter))
        while chain.counter < counter {
            added.append((chain.counter, chain.seed))
            chain = try chain.advanced()
        }
        added.removeFirst(max(0, added.count - limit))
        let kept = keeping(newest: limit - added.count)
        let buffer = SecretBytes(count: kept.buffer.count + added.count * Self.entryByteCount) { output in
            kept.buffer.withUnsafeBytes { output[...].copy(from: $0[...]) }
            var offset = kept.buffer.count
            for (counter, seed) in added {
                withUnsafeBytes(of: counter.littleEndian) { output[offset...].copy(from: $0[...]) }
                seed.withUnsafeBytes { output[(offset + 4)...].copy(from: $0[...]) }
                offset += Self.entryByteCount
            }
        }
        return (SkippedKeys(buffer: buffer), chain)
    }

    /// At most `limit` of them, the newest.
    func keeping(newest limit: Int) -> SkippedKeys {
        guard count > limit else { return self }
        return SkippedKeys(buffer: buffer[buffer.count - max(0, limit) * Self.entryByteCount..<buffer.count])
    }

    private static func counter(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * entryByteCount, as: UInt32.self))
    }
}

extension Slice<UnsafeMutableRawBufferPointer> {
    /// Copies all of `source` to the beginning; it must fit.
    fileprivate func copy(from source: Slice<UnsafeRawBufferPointer>) {
        UnsafeMutableRawBufferPointer(rebasing: self).copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
    }
}
