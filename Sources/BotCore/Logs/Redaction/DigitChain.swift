/// Groups of digits with a blank, a dash, a dot, a stroke or brackets between, as numbers and cards are written.
struct DigitChain {
    struct Group {
        let range: Range<Int>
        /// The first of its digits in `digits`.
        let place: Int

        var end: Int { place + range.count }
    }

    enum Joint {
        case blank, dot, bracket
        /// A slash, or a low line in the place of one.
        case stroke
        case other
    }

    var groups: [Group] = []
    /// All digits, as numbers from 0 to 9.
    var digits: [UInt8] = []
    var joints: Set<Joint> = []

    /// What is written with strokes alone, when other groups follow it.
    var strokes: DigitChain? {
        guard strokeCount >= 3, strokeCount < groups.count else { return nil }
        var head = DigitChain()
        head.groups = Array(groups.prefix(strokeCount))
        head.digits = Array(digits.prefix(head.groups[strokeCount - 1].end))
        head.joints = [.stroke]
        return head
    }
    /// How many groups there are before the first joint that is no stroke.
    private var strokeCount = 1

    mutating func add(_ range: Range<Int>, after joint: Joint, _ bytes: UnsafeBufferPointer<UInt8>) {
        joints.insert(joint)
        if joint == .stroke, strokeCount == groups.count { strokeCount += 1 }
        add(range, bytes)
    }

    mutating func add(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) {
        groups.append(Group(range: range, place: digits.count))
        for place in range { digits.append(bytes[place] - UInt8(ascii: "0")) }
    }

    /// The groups of a card's number.
    var card: ClosedRange<Int>? {
        for first in groups.indices {
            for last in first..<groups.count {
                let count = groups[last].end - groups[first].place
                guard count <= 19 else { break }
                if count >= 13, CheckDigits.isCard(digits[groups[first].place..<groups[last].end]) {
                    return first...last
                }
            }
        }
        return nil
    }

    /// Whether the groups are those of an Israeli identity number, whose check digit stands alone.
    var isIsraeliIdentity: Bool {
        groups.count > 2 && groups.last?.range.count == 1 && joints.isSubset(of: [.blank, .other])
            && CheckDigits.isIsraeliIdentity(digits)
    }

    /// Whether the groups together, none of them long enough alone, are written as a telephone number is.
    var isTelephone: Bool {
        let lengths = groups.map(\.range.count)
        let total = digits.count
        let rest = lengths.dropFirst()
        if joints == [.blank] {
            let isWritten =
                rest.allSatisfy { $0 >= 2 } && (lengths[lengths.count - 1] >= 3 || rest.allSatisfy { $0 == 2 })
            return total >= 9 && isWritten || total >= 7 && lengths.allSatisfy { $0 == 1 }
        }
        // Days are shorter; paths, parts of a whole and names of files seldom have so many short groups.
        if joints.contains(.stroke) {
            let isShort = lengths[0] <= (total > 9 ? 6 : 4) && rest.allSatisfy { $0 <= 4 }
            return total >= 9
                && (joints == [.stroke] && groups.count > 2 && isShort || digits[0] == 0 && lengths[0] > 1)
        }
        if joints.isSubset(of: [.blank, .dot]) {
            guard groups.count > 2 else { return total >= 9 && (total >= 10 || digits[0] == 0) }
            let least = joints.count > 1 ? 3 : 2
            return total >= 9 && (rest.allSatisfy { $0 >= least } || lengths.allSatisfy { $0 == 1 })
        }
        // `59460 (80001)` is a number and another.
        if groups.count == 2, joints.contains(.bracket) { return false }
        guard groups.count > 2 else { return total >= 10 || total >= 7 && digits[0] == 0 || lengths == [3, 4] }
        return total >= 7 && !isDate
    }

    /// `02-03-2026`
    private var isDate: Bool {
        groups.map(\.range.count) == [2, 2, 4] && digits[0] <= 3 && digits[2] <= 3 && (1...2).contains(digits[4])
    }
}
