extension Node {
    /// The value of an attribute.
    public enum Value: Sendable, Hashable {
        /// A text, written with the dictionary or packed where that is shorter.
        case text(String)
        /// An address, which has forms of its own on the wire.
        case jid(JID)

        /// The value as text.
        public var text: String {
            switch self {
            case .text(let text): text
            case .jid(let jid): jid.description
            }
        }

        /// Whether it is an empty text, which is never written.
        var isEmpty: Bool {
            if case .text(let text) = self { text.isEmpty } else { false }
        }
    }

    /// The attributes of an element, in the order of the wire.
    public struct Attributes: Sendable, Hashable {
        /// A name and its value.
        public struct Entry: Sendable, Hashable {
            /// The name.
            public let name: String
            /// The value.
            public var value: Node.Value
        }

        /// All of them in order.
        public private(set) var entries: [Entry] = []

        /// None.
        public init() {}

        /// The value of `name`, nil if there is none; of several the first.
        ///
        /// Setting it changes the value in place or adds it at the end; nil removes it.
        public subscript(_ name: String) -> Node.Value? {
            get {
                for entry in entries where entry.name == name { return entry.value }
                return nil
            }
            set {
                let index = entries.firstIndex { $0.name == name }
                switch (index, newValue) {
                case (let index?, let value?): entries[index].value = value
                case (let index?, nil): entries.remove(at: index)
                case (nil, let value?): entries.append(Entry(name: name, value: value))
                case (nil, nil): break
                }
            }
        }

        /// Adds one without looking whether there is one of the same name.
        mutating func append(_ name: String, _ value: Node.Value) { entries.append(Entry(name: name, value: value)) }

        /// Makes room for `count` of them.
        mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }
    }
}

extension Node.Attributes: ExpressibleByDictionaryLiteral {
    /// Attributes in the order written; a nil value leaves one out.
    public init(dictionaryLiteral elements: (String, Node.Value?)...) {
        entries.reserveCapacity(elements.count)
        for case (let name, let value?) in elements { append(name, value) }
    }
}

extension Node.Value: ExpressibleByStringInterpolation {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// A number as decimal digits.
    public static func number(_ value: some BinaryInteger) -> Node.Value { .text(String(value)) }

    /// A text if there is one.
    public static func text(ifPresent text: String?) -> Node.Value? { text.map(Node.Value.text) }

    /// An address if there is one.
    public static func jid(ifPresent jid: JID?) -> Node.Value? { jid.map(Node.Value.jid) }
}
