/// Numbers that are times, counts, versions or servers.
extension RedactionScan {
    /// The end of what is no number of anybody: a time, a fraction, a server.
    func endOfMeasure(from start: Int) -> Int? {
        endOfClock(from: start) ?? endOfFraction(from: start) ?? endOfServer(from: start)
            ?? endOfVersion(from: start) ?? endOfStamp(from: start) ?? endOfUUID(from: start)
    }

    /// The end of a day or a time of day that begins here: `2026-03-02`, `09:05:07.042`, the day in `model-20260302`.
    private func endOfClock(from start: Int) -> Int? {
        let end = end(from: start, of: Signs.digit)
        if end - start == 8 { return isDay(start) ? end : nil }
        let joint = byte(at: end)
        if end - start == 4, joint == UInt8(ascii: "-") || joint == UInt8(ascii: "/") || joint == UInt8(ascii: "_") {
            guard byte(at: start) == UInt8(ascii: "2") || byte(at: start) == UInt8(ascii: "1"),
                isPair(end + 1, upTo: 12), byte(at: end + 3) == joint, isPair(end + 4, upTo: 31),
                byte(at: end + 6) != UInt8(ascii: "-")
            else { return nil }
            return end + 6
        }
        if joint == UInt8(ascii: "/"), isPair(start, upTo: 31), isPair(end + 1, upTo: 12),
            byte(at: end + 3) == joint,
            byte(at: end + 4) == UInt8(ascii: "2") || byte(at: end + 4) == UInt8(ascii: "1"),
            self.end(from: end + 4, of: Signs.digit) == end + 8
        {
            return end + 8
        }
        guard end - start <= 2, byte(at: end) == UInt8(ascii: ":"), isPair(end + 1, upTo: 59) else { return nil }
        var last = end + 3
        if byte(at: last) == UInt8(ascii: ":"), isPair(last + 1, upTo: 59) { last += 3 }
        if byte(at: last) == UInt8(ascii: "."), isDigit(last + 1) {
            let fraction = self.end(from: last + 1, of: Signs.digit)
            guard fraction - last <= 10 else { return nil }
            last = fraction
        }
        return last
    }

    /// Whether eight digits are a day at the end of a name, as models have it.
    private func isDay(_ start: Int) -> Bool {
        func number(_ range: Range<Int>) -> Int {
            bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        guard byte(at: start - 1) == UInt8(ascii: "-"), (2015...2040).contains(number(start..<start + 4)),
            (1...12).contains(number(start + 4..<start + 6)), (1...31).contains(number(start + 6..<start + 8))
        else { return false }
        var place = start - 1
        while start - place < 64,
            kind(at: place) & (Signs.digit | Signs.joint) != 0 || byte(at: place) == UInt8(ascii: ".")
        {
            place -= 1
        }
        return kind(at: place) & Signs.letter != 0
    }

    /// Two digits and no third, of a number up to `limit`.
    private func isPair(_ place: Int, upTo limit: Int) -> Bool {
        guard isDigit(place), isDigit(place + 1), !isDigit(place + 2) else { return false }
        let zero = Int(UInt8(ascii: "0"))
        return (Int(bytes[place]) - zero) * 10 + Int(bytes[place + 1]) - zero <= limit
    }

    /// `0.004123456 seconds`: a number with a fraction; and Meta's `code 100.2494055`.
    private func endOfFraction(from start: Int) -> Int? {
        let point = end(from: start, of: Signs.digit)
        guard byte(at: point) == UInt8(ascii: "."), isDigit(point + 1), byte(at: start - 1) != UInt8(ascii: ".") else {
            return nil
        }
        let end = end(from: point + 1, of: Signs.digit)
        if byte(at: end) == UInt8(ascii: "."), isDigit(end + 1) { return nil }
        if hasWord("code ", before: start), point - start <= 3, end - point <= 8 { return end }
        if point - start > 1, bytes[start] == UInt8(ascii: "0") { return nil }
        return point - start == 1 && bytes[start] == UInt8(ascii: "0") || point - start <= 6 && isUnit(at: end)
            ? end : nil
    }

    /// `192.168.100.200`: four numbers of 0 to 255.
    private func endOfServer(from start: Int) -> Int? {
        guard byte(at: start - 1) != UInt8(ascii: ".") else { return nil }
        var place = start
        for part in 0..<4 {
            let end = end(from: place, of: Signs.digit)
            guard (1...3).contains(end - place), end - place == 1 || bytes[place] != UInt8(ascii: "0"),
                bytes[place..<end].reduce(0, { $0 * 10 + Int($1 - UInt8(ascii: "0")) }) <= 255
            else { return nil }
            if part == 3 {
                guard byte(at: end) != UInt8(ascii: ".") || !isDigit(end + 1) else { return nil }
                let port = byte(at: end) == UInt8(ascii: ":") ? self.end(from: end + 1, of: Signs.digit) : end
                return port - end <= 6 ? port : end
            }
            guard byte(at: end) == UInt8(ascii: ".") else { return nil }
            place = end + 1
        }
        return nil
    }

    /// `1.24.20`: three numbers, together too short for a telephone number.
    private func endOfVersion(from start: Int) -> Int? {
        guard byte(at: start - 1) != UInt8(ascii: ".") else { return nil }
        var end = start
        for part in 0..<3 {
            let next = self.end(from: end, of: Signs.digit)
            guard next > end else { return nil }
            if part == 2 {
                return next - start <= 8 && !(byte(at: next) == UInt8(ascii: ".") && isDigit(next + 1)) ? next : nil
            }
            guard byte(at: next) == UInt8(ascii: ".") else { return nil }
            end = next + 1
        }
        return nil
    }

    /// `550e8400-e29b-41d4-a716-446655440000`, whose parts may look like numbers.
    func endOfUUID(from start: Int) -> Int? {
        guard start + 36 <= bytes.count, bytes[start + 8] == UInt8(ascii: "-") else { return nil }
        for place in start..<start + 36 {
            switch place - start {
            case 8, 13, 18, 23: if bytes[place] != UInt8(ascii: "-") { return nil }
            default: if !isHexadecimal(bytes[place]) { return nil }
            }
        }
        return kind(at: start + 36) & (Signs.letter | Signs.digit | Signs.joint) == 0 ? start + 36 : nil
    }

    /// Digits that are the attribute `t` of a stanza in the trace of the protocol: seconds since 1970.
    private func endOfStamp(from start: Int) -> Int? {
        guard hasWord(" t=\"", before: start), bytes[start] <= UInt8(ascii: "2") else { return nil }
        let end = end(from: start, of: Signs.digit)
        return end - start == 10 && byte(at: end) == UInt8(ascii: "\"") ? end : nil
    }

    /// Whether digits are a count: `12345678 bytes`, which is too short for most telephone numbers and no identity
    /// number, or a limit such as `1000000`.
    func isCount(_ range: Range<Int>) -> Bool {
        guard range.count <= 10, bytes[range.lowerBound] != UInt8(ascii: "0") else { return false }
        if range.dropFirst().allSatisfy({ bytes[$0] == UInt8(ascii: "0") }) { return true }
        let isRound = range.suffix(4).allSatisfy { bytes[$0] == UInt8(ascii: "0") }
        return (range.count <= 9 || isRound) && isUnit(at: range.upperBound)
            && !CheckDigits.isIsraeliIdentity(bytes[range].map { $0 - UInt8(ascii: "0") })
    }

    private func hasWord(_ word: StaticString, before place: Int) -> Bool {
        let start = place - word.utf8CodeUnitCount
        guard start >= 0 else { return false }
        return word.withUTF8Buffer { zip($0, bytes[start..<place]).allSatisfy { $0 == $1 } }
    }

    private static let units = [
        "bytes", "byte", "kB", "MB", "ms", "us", "ns", "s", "seconds", "second", "milliseconds", "rows", "entries",
        "tokens", "stanzas", "characters",
    ].map { Array($0.utf8) }

    /// Whether a unit stands there, after a blank or none.
    func isUnit(at place: Int) -> Bool {
        let start = byte(at: place) == UInt8(ascii: " ") ? place + 1 : place
        let end = end(from: start, of: Signs.letter)
        guard end > start, end - start <= 12 else { return false }
        return Self.units.contains { $0.elementsEqual(bytes[start..<end]) }
    }
}
