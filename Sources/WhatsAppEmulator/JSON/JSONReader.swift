/// Why bytes are not JSON.
struct JSONFailure: Error, Equatable {
    /// The offset of the first byte that could not be read.
    let offset: Int
    /// What was expected there.
    let reason: String
}

extension EmulatorJSON {
    /// The value that `bytes` (UTF-8, at most one value and white space) hold.
    ///
    /// Nesting is limited to 64 levels; the caller limits the length.
    /// - Throws: `JSONFailure` at the first byte that is not JSON (RFC 8259).
    static func parse(_ bytes: some Sequence<UInt8>) throws(JSONFailure) -> EmulatorJSON {
        var reader = JSONReader(bytes: Array(bytes))
        return try reader.document()
    }

    /// The value that `text` holds.
    public static func parse(_ text: String) throws -> EmulatorJSON {
        var reader = JSONReader(bytes: Array(text.utf8))
        return try reader.document()
    }
}

/// Reads one JSON document from bytes in a single pass.
struct JSONReader {
    private static let maximumDepth = 64
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONFailure) -> EmulatorJSON {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("the end") }
        return value
    }

    private func failure(_ expected: String) -> JSONFailure {
        JSONFailure(offset: position, reason: "expected \(expected)")
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value(depth: Int) throws(JSONFailure) -> EmulatorJSON {
        guard depth < Self.maximumDepth else { throw failure("at most \(Self.maximumDepth) levels") }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
        default: throw failure("a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: EmulatorJSON) throws(JSONFailure) -> EmulatorJSON {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual(word.description.utf8) else {
            throw failure(word.description)
        }
        position = end
        return value
    }

    private mutating func object(depth: Int) throws(JSONFailure) -> EmulatorJSON {
        position += 1
        var members: [EmulatorJSON.Member] = []
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("a name in quotes") }
            let name = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw failure("':'") }
            position += 1
            members.append(EmulatorJSON.Member(name, try value(depth: depth + 1)))
            if try endsList(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONFailure) -> EmulatorJSON {
        position += 1
        var items: [EmulatorJSON] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            items.append(try value(depth: depth + 1))
            if try endsList(with: UInt8(ascii: "]")) { return .array(items) }
        }
    }

    private mutating func endsList(with end: UInt8) throws(JSONFailure) -> Bool {
        skipSpace()
        guard let byte = current, byte == end || byte == UInt8(ascii: ",") else { throw failure("',' or the end") }
        position += 1
        return byte == end
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func number() throws(JSONFailure) -> EmulatorJSON {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        skipDigits()
        guard position > firstDigit, bytes[firstDigit] != 0x30 || position == firstDigit + 1 else {
            throw failure("a number")
        }
        var isWhole = true
        if current == UInt8(ascii: ".") {
            isWhole = false
            try digitsAfterMark()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isWhole = false
            if position + 1 < bytes.count, bytes[position + 1] == 0x2B || bytes[position + 1] == 0x2D { position += 1 }
            try digitsAfterMark()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("a finite number") }
        return .number(value)
    }

    private mutating func skipDigits() {
        while let byte = current, isDigit(byte) { position += 1 }
    }

    private mutating func digitsAfterMark() throws(JSONFailure) {
        position += 1
        let start = position
        skipDigits()
        guard position > start else { throw failure("a digit") }
    }

    private mutating func string() throws(JSONFailure) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard let stop = current, stop >= 0x20 else { throw failure("'\"'") }
        if stop == UInt8(ascii: "\"") {
            position += 1
            return try text(of: bytes[start..<(position - 1)])
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONFailure) -> String {
        var decoded = Array(bytes[start..<position])
        while let byte = current, byte >= 0x20 {
            position += 1
            if byte == UInt8(ascii: "\"") { return try text(of: decoded[...]) }
            guard byte == UInt8(ascii: "\\") else {
                decoded.append(byte)
                continue
            }
            let scalar = try escape()
            decoded.append(contentsOf: String(Character(scalar)).utf8)
        }
        throw failure("'\"'")
    }

    private func text(of slice: ArraySlice<UInt8>) throws(JSONFailure) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("UTF-8") }
        return text
    }

    private mutating func escape() throws(JSONFailure) -> Unicode.Scalar {
        guard let mark = current else { throw failure("an escape") }
        position += 1
        switch mark {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(mark)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("an escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONFailure) -> Unicode.Scalar {
        let high = try fourHexDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        // A lone half of a pair is no character: it becomes the replacement character, as most parsers do.
        guard (0xD800...0xDBFF).contains(high), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        position += 2
        let low = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(low) else { return "\u{FFFD}" }
        return Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(JSONFailure) -> UInt32 {
        guard position + 4 <= bytes.count,
            bytes[position..<(position + 4)].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits") }
        position += 4
        return value
    }
}
