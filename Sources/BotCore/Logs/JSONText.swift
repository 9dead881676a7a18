extension [UInt8] {
    /// Appends `text` as a JSON string in quotes, of at most `limit` bytes besides the quotes and the ellipsis.
    ///
    /// Besides what JSON demands (RFC 8259, section 7) everything is escaped that could change how a line is shown:
    /// the C1 controls, line and paragraph separators, byte order marks and the direction controls of Unicode.
    mutating func appendJSON(_ text: String, limit: Int) {
        append(UInt8(ascii: "\""))
        let end = count + limit
        var text = text
        let isWhole = text.withUTF8 { utf8 in
            var index = 0
            while index < utf8.count {
                let byte = utf8[index]
                if byte < 0x80 {
                    guard count + 6 <= end else { return false }
                    appendASCII(byte)
                    index += 1
                } else {
                    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                    guard count + 6 <= end else { return false }
                    let scalar = UnsafeBufferPointer(rebasing: utf8[index..<Swift.min(index + length, utf8.count)])
                    if let hidden = Self.hiddenScalar(scalar) {
                        appendEscape(hidden)
                    } else {
                        append(contentsOf: scalar)
                    }
                    index += length
                }
            }
            return true
        }
        if !isWhole { append(contentsOf: "…".utf8) }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendASCII(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0x0A: append(contentsOf: #"\n"#.utf8)
        case 0x0D: append(contentsOf: #"\r"#.utf8)
        case 0x09: append(contentsOf: #"\t"#.utf8)
        case 0..<0x20, 0x7F: appendEscape(UInt16(byte))
        default: append(byte)
        }
    }

    private mutating func appendEscape(_ unit: UInt16) {
        append(contentsOf: #"\u"#.utf8)
        for shift in [12, 8, 4, 0] as [UInt16] {
            let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// The scalar of a UTF-8 sequence, when it is one that is never shown as it is.
    private static func hiddenScalar(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt16? {
        switch utf8.count {
        case 2:
            let unit = UInt16(utf8[0] & 0x1F) << 6 | UInt16(utf8[1] & 0x3F)
            return unit < 0xA0 || unit == 0x061C ? unit : nil
        case 3:
            let unit = UInt16(utf8[0] & 0x0F) << 12 | UInt16(utf8[1] & 0x3F) << 6 | UInt16(utf8[2] & 0x3F)
            return isHidden(UInt32(unit)) ? unit : nil
        default: return nil
        }
    }

    /// Whether a scalar controls the direction or the lines of text instead of being text.
    static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
        default: false
        }
    }
}
