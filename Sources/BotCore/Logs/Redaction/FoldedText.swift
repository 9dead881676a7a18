/// What a text reads as: one ASCII byte for each sign.
///
/// Digits of all scripts become ASCII digits, full-width letters and signs their ASCII ones, `\u002b`, `%2B` and so on
/// what they stand for, and blanks and dashes of all kinds a blank and a dash. What is not seen is left out, terminal
/// sequences too, so that it cannot hide a number from us and show it to a reader.
struct FoldedText {
    private(set) var bytes: [UInt8] = []
    /// Where each of `bytes` begins in the text; one more for its end.
    private(set) var starts: [Int] = []

    init(_ utf8: UnsafeBufferPointer<UInt8>) {
        bytes.reserveCapacity(utf8.count)
        starts.reserveCapacity(utf8.count + 1)
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            switch byte {
            case UInt8(ascii: "\\"): index = escape(at: index, in: utf8)
            case UInt8(ascii: "%"): index = percent(at: index, in: utf8)
            case 0x1B: index = Self.endOfSequence(after: index, in: utf8)
            case 0x09, 0x0A, 0x0D: index = add(UInt8(ascii: " "), from: index, to: index + 1)
            case 0..<0x20, 0x7F: index += 1
            case 0..<0x80: index = add(byte, from: index, to: index + 1)
            default: index = scalar(at: index, in: utf8)
            }
        }
        starts.append(utf8.count)
    }

    private mutating func add(_ byte: UInt8, from start: Int, to end: Int) -> Int {
        bytes.append(byte)
        starts.append(start)
        return end
    }

    private mutating func add(_ value: UInt32, from start: Int, to end: Int) -> Int {
        guard let byte = Self.reading(of: value) else { return end }
        return add(byte, from: start, to: end)
    }

    /// `\n`, `\"`, `\u002b`, and each of them behind more than one backslash.
    private mutating func escape(at start: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
        var index = start
        while index < utf8.count, utf8[index] == UInt8(ascii: "\\") { index += 1 }
        guard index < utf8.count else { return add(Signs.otherSign, from: start, to: index) }
        switch utf8[index] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return add(UInt8(ascii: " "), from: start, to: index + 1)
        case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "'"):
            return add(utf8[index], from: start, to: index + 1)
        case UInt8(ascii: "u"):
            guard let value = Self.hexadecimal(utf8, from: index + 1, count: 4) else { break }
            return add(value, from: start, to: index + 5)
        default: break
        }
        return add(Signs.otherSign, from: start, to: index)
    }

    /// `%2B`: of what is written so, only what may stand in a number or an address is read; the rest ends nothing.
    private mutating func percent(at start: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
        guard let value = Self.hexadecimal(utf8, from: start + 1, count: 2) else {
            return add(UInt8(ascii: "%"), from: start, to: start + 1)
        }
        let byte: UInt8 =
            switch UInt8(truncatingIfNeeded: value) {
            case 0x20: Signs.hiddenBlank
            case let byte where Signs.of[Int(byte)] & (Signs.letter | Signs.digit | Signs.joint) != 0: byte
            case let byte where "@+.:?=/()".utf8.contains(byte): byte
            default: Signs.otherSign
            }
        return add(byte, from: start, to: start + 3)
    }

    private mutating func scalar(at start: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
        let lead = utf8[start]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        var value = UInt32(lead) & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
        for byte in utf8[(start + 1)..<min(start + length, utf8.count)] { value = value << 6 | UInt32(byte & 0x3F) }
        let end = min(start + length, utf8.count)
        return value == 0x9B ? Self.endOfControl(from: end, in: utf8) : add(value, from: start, to: end)
    }

    /// The end of a terminal sequence (ISO/IEC 6429), as far as a reader would not see it.
    private static func endOfSequence(after start: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
        guard start + 1 < utf8.count else { return utf8.count }
        switch utf8[start + 1] {
        case UInt8(ascii: "["): return endOfControl(from: start + 2, in: utf8)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            // What is inside stays in the log's file, so that it is read as well.
            return start + 2
        default: return start + 1
        }
    }

    private static func endOfControl(from start: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
        var index = start
        while index < utf8.count, (0x20...0x3F).contains(utf8[index]) { index += 1 }
        return index < utf8.count && (0x40...0x7E).contains(utf8[index]) ? index + 1 : index
    }

    private static func hexadecimal(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int, count: Int) -> UInt32? {
        guard start + count <= utf8.count else { return nil }
        var value: UInt32 = 0
        for byte in utf8[start..<(start + count)] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
