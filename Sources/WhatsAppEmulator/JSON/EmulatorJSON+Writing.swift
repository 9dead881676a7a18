extension EmulatorJSON {
    /// How strings are escaped.
    enum Style: Sendable {
        /// Only what RFC 8259 demands.
        case plain
        /// As Meta's servers write webhooks: `/` as `\/` and every character outside ASCII as `\uXXXX`.
        case meta
    }

    /// The JSON text without spaces.
    public var description: String { String(decoding: encoded(.plain), as: UTF8.self) }

    /// The JSON text as UTF-8 bytes.
    func encoded(_ style: Style = .plain) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(to: &bytes, style)
        return bytes
    }

    /// Appends the JSON text to `bytes`.
    func write(to bytes: inout [UInt8], _ style: Style) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value): bytes.append(contentsOf: (value.isFinite ? "\(value)" : "null").utf8)
        case .string(let text): Self.write(text, to: &bytes, style)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(to: &bytes, style)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.name, to: &bytes, style)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes, style)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8], _ style: Style) {
        bytes.append(UInt8(ascii: "\""))
        switch style {
        case .plain: for byte in text.utf8 { writeASCII(byte, to: &bytes, escapesSlash: false) }
        case .meta:
            for unit in text.utf16 {
                if unit < 0x80 {
                    writeASCII(UInt8(unit), to: &bytes, escapesSlash: true)
                } else {
                    writeEscape(unit, to: &bytes)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func writeASCII(_ byte: UInt8, to bytes: inout [UInt8], escapesSlash: Bool) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case UInt8(ascii: "/") where escapesSlash: bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20: writeEscape(UInt16(byte), to: &bytes)
        default: bytes.append(byte)
        }
    }

    private static func writeEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
        let digits = String(unit, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        bytes.append(contentsOf: digits.utf8)
    }
}

extension EmulatorJSON: CustomStringConvertible {}
