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

    /// `?name=value&name=value`: the names stay.
    mutating func query() {
        index += 1
        while index < bytes.count {
            var name = index
            while name < bytes.count, isNamePart(bytes[name]) { name += 1 }
            guard byte(at: name) == UInt8(ascii: "="), name > index else { return }
            let start = name + 1
            var end = start
            while end < bytes.count, Signs.of[Int(bytes[end])] & Signs.end == 0, bytes[end] != UInt8(ascii: "&"),
                bytes[end] != UInt8(ascii: "#")
            {
                end += 1
            }
            if end > start { redact(start..<end, as: Self.stars) } else { index = end }
            guard byte(at: index) == UInt8(ascii: "&") || byte(at: index) == UInt8(ascii: "#") else { return }
            index += 1
        }
    }

    private func isNamePart(_ byte: UInt8) -> Bool {
        Signs.of[Int(byte)] & (Signs.letter | Signs.digit | Signs.joint) != 0
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
            || byte == Signs.otherSign || byte == Signs.otherLetter
    }
}
