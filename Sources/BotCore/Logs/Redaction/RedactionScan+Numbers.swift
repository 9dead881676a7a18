/// Telephone numbers, cards and identity numbers of digits.
extension RedactionScan {
    /// Decides about the digits that begin here.
    mutating func number() {
        let hasPlus =
            byte(at: index - 1) == UInt8(ascii: "+")
            || byte(at: index - 1) == UInt8(ascii: "(") && byte(at: index - 2) == UInt8(ascii: "+")
        let first = end(from: index, of: Signs.digit)
        if !hasPlus {
            if let end = endOfMeasure(from: index) { return index = end }
            if kind(at: index - 1) & Signs.letter != 0 || kind(at: first) & Signs.letter != 0,
                glued(index..<first)
            {
                return
            }
        }
        decide(about: chain(from: index..<first, hasPlus: hasPlus), hasPlus: hasPlus)
    }

    /// Digits in one word with letters: those of a hash or of a token stay, a number beside a word goes.
    /// - Returns: whether it was decided.
    private mutating func glued(_ range: Range<Int>) -> Bool {
        guard range.count >= 7 else {
            // The letter may be the end of a word before a number in groups; one of `12ms` is not.
            var word = range.lowerBound
            while kind(at: word - 1) & Signs.letter != 0, range.lowerBound - word < 64 { word -= 1 }
            if kind(at: range.upperBound) & Signs.letter == 0, range.count >= 3, !isDigit(word - 1) { return false }
            index = range.upperBound
            return true
        }
        var start = range.lowerBound
        while isAlphanumeric(start - 1), range.lowerBound - start < 256 { start -= 1 }
        let end = min(end(from: range.upperBound, of: Signs.letter | Signs.digit), range.upperBound + 256)
        var isHash = end - start >= 16
        // An apology's reference: capitals and digits.
        var isReference = end - start >= 12 && range.count < 10 && start < range.lowerBound && end > range.upperBound
        var runs = 0
        for place in start..<end {
            if isDigit(place), !isDigit(place - 1) || place == start { runs += 1 }
            if !isHexadecimal(bytes[place]) { isHash = false }
            if bytes[place] > UInt8(ascii: "Z") { isReference = false }
        }
        let digits = range.map { bytes[$0] - UInt8(ascii: "0") }
        if kind(at: range.lowerBound - 1) & Signs.letter == 0, isCount(range) {
            index = range.upperBound
            return true
        }
        let isNumber = range.count <= 15 && (runs == 1 && !isReference || range.count >= 10 && !isHash)
        if isNumber || !isHash && CheckDigits.isCard(digits) {
            redact(range, as: masked(digits))
        } else {
            index = range.upperBound
        }
        return true
    }

    private func chain(from first: Range<Int>, hasPlus: Bool) -> DigitChain {
        var chain = DigitChain()
        chain.add(first, bytes)
        var end = first.upperBound
        while chain.groups.count < 24, let (start, joint) = nextGroup(after: end) {
            let groupEnd = self.end(from: start, of: Signs.digit)
            if joint != .dot, endOfMeasure(from: start) != nil { break }
            if kind(at: groupEnd) & Signs.letter != 0, groupEnd - start < 3 { break }
            if joint == .stroke {
                // `1/2` is a part or a version; `3/12345678 bytes` has a count.
                guard groupEnd - start > 1, end - (chain.groups.last?.range.lowerBound ?? end) > 1 || hasPlus,
                    groupEnd - start < 7 || !isCount(start..<groupEnd)
                else { break }
            }
            chain.add(start..<groupEnd, after: joint, bytes)
            end = groupEnd
        }
        return chain
    }

    /// Where the next group begins: behind a blank, a dot, a dash, a stroke, or up to three blanks, dashes, brackets.
    private func nextGroup(after end: Int) -> (start: Int, joint: DigitChain.Joint)? {
        var joint = DigitChain.Joint.blank
        var place = end
        while place < end + 4 {
            switch byte(at: place) {
            case UInt8(ascii: " "), Signs.hiddenBlank: break
            case UInt8(ascii: "("): joint = .bracket
            case UInt8(ascii: "-"), UInt8(ascii: ")"): joint = joint == .bracket ? .bracket : .other
            case UInt8(ascii: "."):
                guard place == end, isDigit(place + 1) else { return nil }
                return (place + 1, .dot)
            case UInt8(ascii: "/"), UInt8(ascii: "_"):
                guard place == end, isDigit(place + 1) else { return nil }
                return (place + 1, .stroke)
            case _ where isDigit(place) && place > end: return (place, joint)
            default: return nil
            }
            place += 1
        }
        return nil
    }

    private mutating func decide(about chain: DigitChain, hasPlus: Bool) {
        let first = chain.groups[0]
        if hasPlus, chain.digits.count >= 7, first.range.count <= 15 {
            return redact(chain, 0...chain.groups.count - 1, hasPlus: true)
        }
        if let card = chain.card { return redact(chain, card) }
        let isLong = chain.groups.contains { $0.range.count >= 7 }
        if chain.groups.count > 1, chain.digits.count <= 15, isLong { return redact(chain, 0...chain.groups.count - 1) }
        if !isLong, chain.digits.count >= 7, chain.groups.count > 1 {
            if chain.isTelephone || chain.isIsraeliIdentity { return redact(chain, 0...chain.groups.count - 1) }
            if let head = chain.strokes, head.isTelephone { return redact(chain, 0...head.groups.count - 1) }
            index = first.range.upperBound
            return
        }
        if (7...15).contains(first.range.count), !isCount(first.range) { return redact(chain, 0...0) }
        index = first.range.upperBound
    }

    private mutating func redact(_ chain: DigitChain, _ groups: ClosedRange<Int>, hasPlus: Bool = false) {
        let digits = Array(chain.digits[chain.groups[groups.lowerBound].place..<chain.groups[groups.upperBound].end])
        var start = chain.groups[groups.lowerBound].range.lowerBound
        // What stands before the card may be a number itself.
        if groups.lowerBound > 0 {
            var before = DigitChain()
            before.joints = chain.joints
            for group in chain.groups[..<groups.lowerBound] { before.add(group.range, bytes) }
            decide(about: before, hasPlus: false)
        }
        if hasPlus { start = byte(at: start - 1) == UInt8(ascii: "(") ? start - 2 : start - 1 }
        let end = chain.groups[groups.upperBound].range.upperBound
        if CheckDigits.isIsraeliIdentity(digits), !hasPlus {
            redact(start..<end, as: Array("***REDACTED***".utf8))
        } else {
            redact(start..<end, as: masked(digits, hasPlus: hasPlus))
        }
    }
}
