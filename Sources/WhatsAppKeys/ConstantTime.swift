import CSodium

/// Comparisons whose duration does not tell where two secrets differ.
public enum ConstantTime {
    /// Whether both have the same bytes; different lengths are unequal at once.
    public static func equal(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count else { return false }
        guard let left = one.baseAddress, let right = other.baseAddress, one.count > 0 else { return true }
        return sodium_memcmp(left, right, one.count) == 0
    }

    /// Whether both have the same bytes; different lengths are unequal at once.
    public static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.withUnsafeBytes { left in other.withUnsafeBytes { equal(left, $0) } }
    }
}
