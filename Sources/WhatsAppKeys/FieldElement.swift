/// A number modulo p = 2^255 - 19 in five limbs of 51 bits; only for public values, as it does not hide its duration.
struct FieldElement {
    private typealias Limbs = (UInt64, UInt64, UInt64, UInt64, UInt64)
    private var limbs: Limbs

    private static let mask: UInt64 = (1 << 51) - 1
    static let one = FieldElement((1, 0, 0, 0, 0))

    private init(_ limbs: Limbs) { self.limbs = limbs }

    /// The number in four little-endian words; bit 255 is left out.
    init(_ words: KeyWords) {
        limbs = (
            words[0] & Self.mask,
            (words[0] >> 51 | words[1] << 13) & Self.mask,
            (words[1] >> 38 | words[2] << 26) & Self.mask,
            (words[2] >> 25 | words[3] << 39) & Self.mask,
            (words[3] >> 12) & Self.mask
        )
    }

    /// The number, fully reduced, in four little-endian words.
    var words: KeyWords {
        var (a, b, c, d, e) = Self.carried(Self.carried(limbs))
        // Adding 19 overflows bit 255 exactly when the number is p or more.
        var carry = (a &+ 19) >> 51
        carry = (b &+ carry) >> 51
        carry = (c &+ carry) >> 51
        carry = (d &+ carry) >> 51
        carry = (e &+ carry) >> 51
        a = a &+ 19 &* carry
        (a, b) = (a & Self.mask, b &+ (a >> 51))
        (b, c) = (b & Self.mask, c &+ (b >> 51))
        (c, d) = (c & Self.mask, d &+ (c >> 51))
        (d, e) = (d & Self.mask, e &+ (d >> 51))
        e &= Self.mask
        return KeyWords(a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12)
    }

    static func + (x: FieldElement, y: FieldElement) -> FieldElement {
        FieldElement(
            carried(
                (
                    x.limbs.0 &+ y.limbs.0, x.limbs.1 &+ y.limbs.1, x.limbs.2 &+ y.limbs.2, x.limbs.3 &+ y.limbs.3,
                    x.limbs.4 &+ y.limbs.4
                )))
    }

    /// x - y, made positive by 4p.
    static func - (x: FieldElement, y: FieldElement) -> FieldElement {
        let (low, high): (UInt64, UInt64) = ((1 << 53) - 76, (1 << 53) - 4)
        return FieldElement(
            carried(
                (
                    x.limbs.0 &+ low &- y.limbs.0, x.limbs.1 &+ high &- y.limbs.1, x.limbs.2 &+ high &- y.limbs.2,
                    x.limbs.3 &+ high &- y.limbs.3, x.limbs.4 &+ high &- y.limbs.4
                )))
    }

    static func * (x: FieldElement, y: FieldElement) -> FieldElement {
        let (a0, a1, a2, a3, a4) = x.limbs
        let (b0, b1, b2, b3, b4) = y.limbs
        let (c1, c2, c3, c4) = (b1 &* 19, b2 &* 19, b3 &* 19, b4 &* 19)
        return FieldElement(
            reduced(
                wide(a0, b0) &+ wide(a1, c4) &+ wide(a2, c3) &+ wide(a3, c2) &+ wide(a4, c1),
                wide(a0, b1) &+ wide(a1, b0) &+ wide(a2, c4) &+ wide(a3, c3) &+ wide(a4, c2),
                wide(a0, b2) &+ wide(a1, b1) &+ wide(a2, b0) &+ wide(a3, c4) &+ wide(a4, c3),
                wide(a0, b3) &+ wide(a1, b2) &+ wide(a2, b1) &+ wide(a3, b0) &+ wide(a4, c4),
                wide(a0, b4) &+ wide(a1, b3) &+ wide(a2, b2) &+ wide(a3, b1) &+ wide(a4, b0)))
    }

    private func squared(_ times: Int) -> FieldElement {
        var result = self
        for _ in 0..<times { result = result.square }
        return result
    }

    private var square: FieldElement {
        let (a0, a1, a2, a3, a4) = limbs
        let (d0, d1, d2) = (a0 &* 2, a1 &* 2, a2 &* 2)
        let (c3, c4) = (a3 &* 19, a4 &* 19)
        return FieldElement(
            Self.reduced(
                Self.wide(a0, a0) &+ Self.wide(d1, c4) &+ Self.wide(d2, c3),
                Self.wide(d0, a1) &+ Self.wide(d2, c4) &+ Self.wide(a3, c3),
                Self.wide(d0, a2) &+ Self.wide(a1, a1) &+ Self.wide(a3 &* 2, c4),
                Self.wide(d0, a3) &+ Self.wide(d1, a2) &+ Self.wide(a4, c4),
                Self.wide(d0, a4) &+ Self.wide(d1, a3) &+ Self.wide(a2, a2)))
    }

    /// self^(p-2), which is 1/self, and 0 for 0.
    var inverse: FieldElement {
        let two = square
        let nine = two.squared(2) * self
        let eleven = nine * two
        let ones5 = eleven.square * nine
        let ones10 = ones5.squared(5) * ones5
        let ones20 = ones10.squared(10) * ones10
        let ones40 = ones20.squared(20) * ones20
        let ones50 = ones40.squared(10) * ones10
        let ones100 = ones50.squared(50) * ones50
        let ones200 = ones100.squared(100) * ones100
        let ones250 = ones200.squared(50) * ones50
        return ones250.squared(5) * eleven
    }

    @inline(__always)
    private static func wide(_ x: UInt64, _ y: UInt64) -> UInt128 {
        let (high, low) = x.multipliedFullWidth(by: y)
        return UInt128(high) << 64 | UInt128(low)
    }

    /// Five sums of products back to limbs of 51 bits and a little.
    @inline(__always)
    private static func reduced(_ a: UInt128, _ b: UInt128, _ c: UInt128, _ d: UInt128, _ e: UInt128) -> Limbs {
        let b = b &+ a >> 51
        let c = c &+ b >> 51
        let d = d &+ c >> 51
        let e = e &+ d >> 51
        let low = UInt64(truncatingIfNeeded: a) & mask
        let over = UInt64(truncatingIfNeeded: e >> 51)
        let first = low &+ over &* 19
        return (
            first & mask, UInt64(truncatingIfNeeded: b) & mask &+ first >> 51, UInt64(truncatingIfNeeded: c) & mask,
            UInt64(truncatingIfNeeded: d) & mask, UInt64(truncatingIfNeeded: e) & mask
        )
    }

    private static func carried(_ limbs: Limbs) -> Limbs {
        let (a, b, c, d, e) = limbs
        return (
            a & mask &+ 19 &* (e >> 51), b & mask &+ a >> 51, c & mask &+ b >> 51, d & mask &+ c >> 51,
            e & mask &+ d >> 51
        )
    }
}
