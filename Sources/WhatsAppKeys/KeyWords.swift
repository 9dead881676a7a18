/// 32 bytes as four little-endian words.
///
/// No SIMD vector: those are aligned to 32 bytes, and swiftc 6.3.1 makes frames of asynchronous functions too small for
/// values with more than 16, so that optimized programs write past their end.
struct KeyWords: Sendable, Hashable {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    /// Zero.
    init() {}

    init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// The word at `index`, 0 to 3.
    subscript(index: Int) -> UInt64 {
        get {
            switch index {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        }
        set {
            switch index {
            case 0: first = newValue
            case 1: second = newValue
            case 2: third = newValue
            default: fourth = newValue
            }
        }
    }

    /// The words without bit 255.
    var withoutTopBit: KeyWords { KeyWords(first, second, third, fourth & .max >> 1) }
}
