/// A JSON value that keeps the order of its members, so that a body can be shown as it was written.
public enum EmulatorJSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([EmulatorJSON])
    case object([Member])

    /// One name and its value in an object.
    public struct Member: Sendable, Hashable {
        /// The name, unescaped.
        public var name: String
        /// The value.
        public var value: EmulatorJSON

        /// Makes a member of `name` and `value`.
        public init(_ name: String, _ value: EmulatorJSON) {
            self.name = name
            self.value = value
        }
    }

    /// The value of member `name`; `nil` when there is none, when it is `null`, or when this is no object.
    public subscript(name: String) -> EmulatorJSON? {
        guard case .object(let members) = self, let value = members.first(where: { $0.name == name })?.value,
            value != .null
        else { return nil }
        return value
    }

    /// The element at `index`; `nil` when there is none or this is no array.
    public subscript(index: Int) -> EmulatorJSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// The text of a string; `nil` for anything else.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number, also of a string of digits as Meta writes timestamps; `nil` for anything else.
    public var whole: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .string(let text): Int(text)
        default: nil
        }
    }

    /// The number, also of a string; `nil` for anything else.
    public var decimal: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .string(let text): Double(text)
        default: nil
        }
    }

    /// The truth value; `nil` for anything but `true` and `false`.
    public var flag: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array; `nil` for anything else.
    public var items: [EmulatorJSON]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The members of an object in their order; `nil` for anything else.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// An id or a phone number, which people write as a string or as a number; `nil` for anything else.
    public var identifier: String? {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        default: nil
        }
    }

    /// An object of the members whose value is not `nil`.
    static func object(_ members: KeyValuePairs<String, EmulatorJSON?>) -> EmulatorJSON {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    /// This object with `name` set to `value`; anything else stays as it is.
    func with(_ name: String, _ value: EmulatorJSON?) -> EmulatorJSON {
        guard case .object(var members) = self, let value else { return self }
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].value = value
        } else {
            members.append(Member(name, value))
        }
        return .object(members)
    }

    /// This object without member `name`.
    func without(_ name: String) -> EmulatorJSON {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != name })
    }
}

extension EmulatorJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByStringInterpolation
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: EmulatorJSON...) { self = .array(elements) }
    /// An object in the written order.
    public init(dictionaryLiteral elements: (String, EmulatorJSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
