/// What stands in the addresses of pages and servers.
extension RedactionScan {
    /// `dana:secret@` behind `https://`.
    mutating func userInformation() {
        index += 1
        guard byte(at: index) == UInt8(ascii: "/"), byte(at: index + 1) == UInt8(ascii: "/") else { return }
        index += 2
        let start = index
        var end = start
        while end < bytes.count, Signs.of[Int(bytes[end])] & Signs.end == 0 {
            switch bytes[end] {
            case UInt8(ascii: "@"):
                if end > start { redact(start..<end, as: Self.stars) }
                return
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: ","): return
            default: end += 1
            }
        }
    }

    /// `?name=value&name=value`: the names stay. A name without a value is looked at as any other text, and the query
    /// goes on behind it.
    mutating func query() {
        // Behind `#` there is more often a number than a query.
        let isOpen = byte(at: index) != UInt8(ascii: "#")
        index += 1
        while index < bytes.count {
            let name = endOfName(from: index, isOpen: isOpen)
            switch byte(at: name) {
            case UInt8(ascii: "=") where name > index: break
            case UInt8(ascii: "&") where isOpen: return queryGoesOn = name
            default: return
            }
            let (start, end) = value(from: name + 1)
            if end > start { redact(start..<end, as: Self.stars) } else { index = end }
            if start > name + 1, byte(at: end + 1) == UInt8(ascii: "&") { index = end + 1 }
            guard byte(at: index) == UInt8(ascii: "&") || byte(at: index) == UInt8(ascii: "#") else { return }
            index += 1
        }
    }

    /// A value ends with what separates the next one, or where the address ends; in quotes, with the quote.
    private func value(from start: Int) -> (start: Int, end: Int) {
        let quote = byte(at: start)
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
            kind(at: start + 1) & (Signs.letter | Signs.digit | Signs.fold) != 0
        {
            var end = start + 1
            while end < bytes.count, bytes[end] != quote, end - start < 256 { end += 1 }
            if byte(at: end) == quote { return (start + 1, end) }
        }
        var end = start
        while end < bytes.count, Signs.of[Int(bytes[end])] & Signs.end == 0, bytes[end] != UInt8(ascii: "&"),
            bytes[end] != UInt8(ascii: "#")
        {
            end += 1
        }
        return (start, end)
    }

    /// - Parameter isOpen: whether any sign may stand in it that does not end an address.
    private func endOfName(from start: Int, isOpen: Bool) -> Int {
        var end = start
        while end < bytes.count, end - start < 128 {
            let byte = bytes[end]
            if "=&#?".utf8.contains(byte) { break }
            guard isNamePart(byte) || isOpen && Signs.of[Int(byte)] & Signs.end == 0 else { break }
            end += 1
        }
        return end
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        Signs.of[Int(byte)] & (Signs.letter | Signs.digit | Signs.joint) != 0
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
            || byte == Signs.otherSign || byte == Signs.otherLetter
    }
}
