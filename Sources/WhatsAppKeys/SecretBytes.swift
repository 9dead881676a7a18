import CSodium

/// Secret bytes that are wiped when the last copy goes, compare in constant time and never print.
///
/// Copies share one buffer, which is written once, before the value exists.
public struct SecretBytes: Sendable, Equatable {
    private let storage: Storage

    /// How many bytes there are.
    public var count: Int { storage.count }

    /// A buffer of `count` bytes that `fill` writes; they are zero before.
    public init<Failure: Error>(
        count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        storage = try Storage(count: count, fill: fill)
    }

    /// A copy of `bytes`.
    public init(_ bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// A copy of `bytes`, which the caller should wipe if they are secret there too.
    public init(_ bytes: [UInt8]) {
        self.init(count: bytes.count) { buffer in bytes.withUnsafeBytes { buffer.copyMemory(from: $0) } }
    }

    /// The parts, one after the other.
    public init(joining parts: [SecretBytes]) {
        self.init(count: parts.reduce(0) { $0 + $1.count }) { buffer in
            var offset = 0
            for part in parts {
                part.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[offset...]).copyMemory(from: $0) }
                offset += part.count
            }
        }
    }

    /// Bytes of the operating system's random source.
    public static func random(count: Int) -> SecretBytes {
        SecretBytes(count: count) { if let start = $0.baseAddress { randombytes_buf(start, $0.count) } }
    }

    /// Lends the bytes; the pointer is void afterwards.
    public func withUnsafeBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        defer { withExtendedLifetime(storage) {} }
        return try body(storage.bytes)
    }

    /// A copy of part of the bytes, in a buffer of its own.
    /// - Parameter range: must lie within `0..<count`; whatever lies outside is left out.
    public subscript(_ range: Range<Int>) -> SecretBytes {
        withUnsafeBytes { SecretBytes(UnsafeRawBufferPointer(rebasing: $0[range.clamped(to: 0..<count)])) }
    }

    /// The bytes as an array, which does not wipe itself: only for what is stored or sent at once.
    public func exposed() -> [UInt8] { withUnsafeBytes { Array($0) } }

    /// Compares every byte, whatever the first difference is.
    public static func == (one: SecretBytes, other: SecretBytes) -> Bool {
        one.withUnsafeBytes { left in other.withUnsafeBytes { ConstantTime.equal(left, $0) } }
    }

    /// The one buffer; the address is kept as a number because it is never written again, so that threads may share it.
    private final class Storage: Sendable {
        let address: UInt
        let count: Int

        init<Failure: Error>(
            count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
        ) throws(Failure) {
            let pointer = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 16)
            pointer.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 1))
            address = UInt(bitPattern: pointer)
            self.count = count
            try fill(UnsafeMutableRawBufferPointer(start: pointer, count: count))
        }

        var bytes: UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
        }

        deinit {
            let pointer = UnsafeMutableRawPointer(bitPattern: address)
            guard let pointer else { return }
            sodium_memzero(pointer, count)
            pointer.deallocate()
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Only how many there are.
    public var description: String { "SecretBytes(\(count))" }
    /// Only how many there are.
    public var debugDescription: String { description }
    /// Nothing: a mirror would show where the bytes lie.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
