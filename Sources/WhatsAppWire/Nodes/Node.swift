/// An element of WhatsApp's binary XML: a stanza or a part of one.
public struct Node: Sendable, Hashable {
    /// What kind of element it is.
    public var tag: String
    /// The attributes in the order of the wire.
    public var attributes: Attributes
    /// What it holds.
    public var content: Content

    /// What an element holds.
    public enum Content: Sendable, Hashable {
        /// Nothing.
        case empty
        /// Other elements.
        case nodes([Node])
        /// Bytes: keys, ciphertext, and most texts.
        case bytes([UInt8])
        /// A text that is written with the dictionary; rare.
        case text(String)
    }

    /// An element with any content.
    public init(_ tag: String, _ attributes: Attributes = [:], content: Content = .empty) {
        self.tag = tag
        self.attributes = attributes
        self.content = content
    }

    /// An element of elements. Without any it has no content: an empty list is something else, and clients send none.
    public init(_ tag: String, _ attributes: Attributes, _ children: [Node]) {
        self.init(tag, attributes, content: children.isEmpty ? .empty : .nodes(children))
    }

    /// An element of elements, without attributes.
    public init(_ tag: String, _ children: [Node]) { self.init(tag, [:], children) }

    /// An element of bytes.
    public init(_ tag: String, _ attributes: Attributes = [:], bytes: [UInt8]) {
        self.init(tag, attributes, content: .bytes(bytes))
    }

    /// An element of a text, written as bytes the way clients write them.
    public init(_ tag: String, _ attributes: Attributes = [:], utf8 text: String) {
        self.init(tag, attributes, content: .bytes(Array(text.utf8)))
    }
}
