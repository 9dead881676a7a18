/// A JSON value on its way out, with its members in the order in which they were written.
enum GraphBody: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    struct Member: Sendable, Equatable {
        let key: String
        let value: GraphBody
    }

    case string(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case array([GraphBody])
    case object([Member])
    /// JSON text that was checked before.
    case raw(String)

    init(stringLiteral value: String) { self = .string(value) }
    init(arrayLiteral elements: GraphBody...) { self = .array(elements) }

    /// An object of the members that are not `nil`.
    static func members(_ members: (String, GraphBody?)...) -> GraphBody {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    static func text(_ text: String?) -> GraphBody? { text.map { .string($0) } }

    /// This object with more members behind its own.
    func adding(_ members: (String, GraphBody?)...) -> GraphBody {
        guard case .object(let own) = self else { return self }
        return .object(own + members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    /// The value as UTF-8 JSON text.
    func encoded() -> [UInt8] {
        var text: [UInt8] = []
        write(to: &text)
        return text
    }

    private func write(to text: inout [UInt8]) {
        switch self {
        case .string(let string): Self.quote(string, to: &text)
        case .integer(let integer): text.append(contentsOf: String(integer).utf8)
        case .number(let number): text.append(contentsOf: (number.isFinite ? String(number) : "0").utf8)
        case .bool(let bool): text.append(contentsOf: (bool ? "true" : "false").utf8)
        case .raw(let json): text.append(contentsOf: json.utf8)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                element.write(to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                Self.quote(member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                member.value.write(to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    private static func quote(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): text.append(contentsOf: "\\n".utf8)
            case 0..<0x20: text.append(contentsOf: "\\u00\(Hexadecimal.text([byte]))".utf8)
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
