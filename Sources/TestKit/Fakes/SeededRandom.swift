/// Numbers that look random and are the same in every run (Steele, Lea and Flood, SplitMix64).
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from 0, below `count`.
    public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Makes one change of `bytes`: a bit, a byte, a cut, an insertion or a repetition.
    public mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &self)) }
        let index = Int.random(in: 0..<bytes.count, using: &self)
        switch Int.random(in: 0..<5, using: &self) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &self)
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &self), at: index)
        default: bytes.insert(contentsOf: bytes[index...].prefix(8), at: index)
        }
    }
}
