/// A parsed body: its bytes, and one small node for every value in it.
///
/// Foundation's decoders were not taken for three reasons: they bound neither depth nor count, they forget where a
/// value stood (an update that we do not understand is kept as its exact text), and decoding a batch through
/// `Codable` costs several times the time of this one pass, which allocates one array and no value.
final class JSONDocument: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    init(bytes: [UInt8], nodes: [JSONNode]) {
        self.bytes = bytes
        self.nodes = nodes
    }
}

/// One value: what it is, where its text stands, and where the nodes inside it end.
struct JSONNode: Sendable {
    enum Kind: UInt8, Sendable { case object, array, plainString, escapedString, number, yes, no, null }

    let kind: Kind
    /// The first byte of the text; of a string the first byte after the quote.
    let start: Int32
    /// One past the last byte; of a string the closing quote.
    var end: Int32
    /// The index of the first node that is not inside this value.
    var next: Int32
}

/// A read-only look at one value of a document; a `null` reads as absent.
struct JSON: Sendable {
    let document: JSONDocument
    let index: Int

    /// Parses one value that fills `bytes`, in one pass.
    init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFailure) {
        var parser = JSONParser(bytes: bytes, limits: limits)
        try parser.parse()
        document = JSONDocument(bytes: bytes, nodes: parser.nodes)
        index = 0
    }

    private init(_ document: JSONDocument, _ index: Int) {
        self.document = document
        self.index = index
    }

    private var node: JSONNode { document.nodes[index] }

    var isObject: Bool { node.kind == .object }
    var isArray: Bool { node.kind == .array }

    /// The member called `key`: the last one if there are several, as most parsers read it.
    subscript(_ key: StaticString) -> JSON? {
        guard node.kind == .object else { return nil }
        var found: Int?
        var child = index + 1
        while child < Int(node.next) {
            if matches(document.nodes[child], key) { found = child + 1 }
            child = Int(document.nodes[child + 1].next)
        }
        guard let found, document.nodes[found].kind != .null else { return nil }
        return JSON(document, found)
    }

    /// The values of an array, `null`s included; empty for anything else.
    var elements: [JSON] {
        guard node.kind == .array else { return [] }
        var elements: [JSON] = []
        var child = index + 1
        while child < Int(node.next) {
            elements.append(JSON(document, child))
            child = Int(document.nodes[child].next)
        }
        return elements
    }

    var string: String? {
        switch node.kind {
        case .plainString: String(decoding: document.bytes[Int(node.start)..<Int(node.end)], as: UTF8.self)
        case .escapedString: JSONText.unescape(document.bytes[Int(node.start)..<Int(node.end)])
        default: nil
        }
    }

    /// A string that is not empty: the network writes "there is none" both as `""` and as nothing.
    var text: String? {
        guard let string, !string.isEmpty else { return nil }
        return string
    }

    /// A string or the digits of a number, not empty: ids come as either.
    var identifier: String? { node.kind == .number ? raw : text }

    /// A whole number, also when it stands in a string.
    var integer: Int? {
        guard let text = identifier else { return nil }
        if let integer = Int(text) { return integer }
        return Double(text).flatMap { Int(exactly: $0) }
    }

    /// A finite number, also when it stands in a string.
    var number: Double? {
        guard let text = identifier, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        case .plainString where string == "true": true
        case .plainString where string == "false": false
        default: nil
        }
    }

    /// The value as it was written.
    var raw: String {
        let isString = node.kind == .plainString || node.kind == .escapedString
        let start = Int(node.start) - (isString ? 1 : 0)
        let end = Int(node.end) + (isString ? 1 : 0)
        return String(decoding: document.bytes[start..<end], as: UTF8.self)
    }

    private func matches(_ name: JSONNode, _ key: StaticString) -> Bool {
        guard name.kind == .plainString else {
            return JSONText.unescape(document.bytes[Int(name.start)..<Int(name.end)]) == key.description
        }
        let count = Int(name.end - name.start)
        guard count == key.utf8CodeUnitCount else { return false }
        return key.withUTF8Buffer { buffer in
            document.bytes[Int(name.start)..<Int(name.end)].elementsEqual(buffer)
        }
    }
}
