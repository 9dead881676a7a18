/// What a body may cost us before we give it up.
struct JSONLimits: Sendable {
    /// The deepest nesting of arrays and objects.
    var depth = 64
    /// The most values, keys included.
    var values = 400_000
}

/// Why a text is not a JSON value that we read; `offset` is in bytes.
enum JSONFailure: Error, Equatable {
    case malformed(offset: Int)
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    case tooLong
}

/// Checks a JSON text (RFC 8259) and notes where each value stands.
struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0
    private(set) var nodes: [JSONNode] = []

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        nodes.reserveCapacity(min(bytes.count / 12 + 8, limits.values))
    }

    mutating func parse() throws(JSONFailure) {
        guard bytes.count < Int(Int32.max) else { throw .tooLong }
        skipSpace()
        try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw .malformed(offset: position) }
    }

    private mutating func value(depth: Int) throws(JSONFailure) {
        guard position < bytes.count else { throw .malformed(offset: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        case UInt8(ascii: "n"): try word("null", .null)
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONFailure) {
        let index = try open(.object, depth: depth)
        if take(UInt8(ascii: "}")) { return close(index) }
        while true {
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw .malformed(offset: position)
            }
            try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw .malformed(offset: position) }
            try value(depth: depth)
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw .malformed(offset: position) }
            return close(index)
        }
    }

    private mutating func array(depth: Int) throws(JSONFailure) {
        let index = try open(.array, depth: depth)
        if take(UInt8(ascii: "]")) { return close(index) }
        while true {
            try value(depth: depth)
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw .malformed(offset: position) }
            return close(index)
        }
    }

    private mutating func open(_ kind: JSONNode.Kind, depth: Int) throws(JSONFailure) -> Int {
        guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
        try add(kind, from: position, to: position)
        position += 1
        skipSpace()
        return nodes.count - 1
    }

    private mutating func close(_ index: Int) {
        nodes[index].end = Int32(position)
        nodes[index].next = Int32(nodes.count)
    }

    private mutating func string() throws(JSONFailure) {
        position += 1
        let start = position
        var isEscaped = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                try add(isEscaped ? .escapedString : .plainString, from: start, to: position)
                position += 1
                return
            case UInt8(ascii: "\\"):
                isEscaped = true
                try escape()
            case 0..<0x20:
                throw .malformed(offset: position)
            default:
                position += 1
            }
        }
        throw .malformed(offset: position)
    }

    private mutating func escape() throws(JSONFailure) {
        guard position + 1 < bytes.count else { throw .malformed(offset: position) }
        switch bytes[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard position + 6 <= bytes.count, JSONText.codeUnit(bytes[(position + 2)..<(position + 6)]) != nil else {
                throw .malformed(offset: position)
            }
            position += 6
        default:
            throw .malformed(offset: position)
        }
    }

    private mutating func number() throws(JSONFailure) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        try add(.number, from: start, to: position)
    }

    private mutating func digits() throws(JSONFailure) {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        guard position > start else { throw .malformed(offset: position) }
    }

    private mutating func word(_ word: StaticString, _ kind: JSONNode.Kind) throws(JSONFailure) {
        let end = position + word.utf8CodeUnitCount
        let fits = end <= bytes.count && word.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
        guard fits else { throw .malformed(offset: position) }
        try add(kind, from: position, to: end)
        position = end
    }

    private mutating func add(_ kind: JSONNode.Kind, from start: Int, to end: Int) throws(JSONFailure) {
        guard nodes.count < limits.values else { throw .tooManyValues(limit: limits.values) }
        nodes.append(JSONNode(kind: kind, start: Int32(start), end: Int32(end), next: Int32(nodes.count + 1)))
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") { skipSpace() }
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}
