extension Node {
    // MARK: attributes

    /// The text of the attribute `name`, of an address too; nil if there is none.
    public func text(_ name: String) -> String? { attributes[name]?.text }

    /// The address in the attribute `name`; nil if there is none.
    /// - Throws: `WireError` with `unexpected` if it is no address.
    public func jid(_ name: String) throws(WireError) -> JID? {
        switch attributes[name] {
        case nil: return nil
        case .jid(let jid): return jid
        case .text(let text):
            guard let jid = JID(text) else { throw unexpected(name, "no address") }
            return jid
        }
    }

    /// The whole number in the attribute `name`; nil if there is none.
    /// - Throws: `WireError` with `unexpected` if it is no number, or one that does not fit `Number`.
    public func number<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Int64.self
    ) throws(WireError) -> Number? {
        guard let text = attributes[name]?.text else { return nil }
        guard let number = Number(text) else { throw unexpected(name, "no number that fits") }
        return number
    }

    /// Whether the attribute `name` says `true` or `1`.
    public func flag(_ name: String) -> Bool {
        let text = attributes[name]?.text
        return text == "true" || text == "1"
    }

    /// The text of the attribute `name`.
    /// - Throws: `WireError` with `missing`.
    public func requiredText(_ name: String) throws(WireError) -> String {
        guard let text = text(name), !text.isEmpty else { throw missing(name) }
        return text
    }

    /// The address in the attribute `name`.
    /// - Throws: `WireError` with `missing` or `unexpected`.
    public func requiredJID(_ name: String) throws(WireError) -> JID {
        guard let jid = try jid(name) else { throw missing(name) }
        return jid
    }

    /// The whole number in the attribute `name`.
    /// - Throws: `WireError` with `missing` or `unexpected`.
    public func requiredNumber<Number: FixedWidthInteger>(
        _ name: String, as type: Number.Type = Int64.self
    ) throws(WireError) -> Number {
        guard let number = try number(name, as: type) else { throw missing(name) }
        return number
    }

    // MARK: content

    /// The elements inside; none if it holds something else.
    public var children: [Node] {
        if case .nodes(let nodes) = content { nodes } else { [] }
    }

    /// The first element inside with that tag; nil if there is none.
    public func child(_ tag: String) -> Node? {
        guard case .nodes(let nodes) = content else { return nil }
        for node in nodes where node.tag == tag { return node }
        return nil
    }

    /// The element that the tags of `path` lead to, the first one at each step; nil if there is none.
    public func descendant(_ path: String...) -> Node? {
        var node = self
        for tag in path {
            guard let next = node.child(tag) else { return nil }
            node = next
        }
        return node
    }

    /// All elements inside with that tag.
    public func children(_ tag: String) -> [Node] { children.filter { $0.tag == tag } }

    /// The first element inside with that tag.
    /// - Throws: `WireError` with `missing`.
    public func requiredChild(_ tag: String) throws(WireError) -> Node {
        guard let child = child(tag) else { throw WireError(.missing, "<\(self.tag)> has no <\(tag)> inside") }
        return child
    }

    /// The content as bytes, of a text in UTF-8; nil if it holds nothing or elements.
    public var bytes: [UInt8]? {
        switch content {
        case .bytes(let bytes): bytes
        case .text(let text): Array(text.utf8)
        case .empty, .nodes: nil
        }
    }

    /// The content as text, whichever way it was written; nil if it holds nothing or elements.
    public var text: String? {
        switch content {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .text(let text): text
        case .empty, .nodes: nil
        }
    }

    /// The content as bytes.
    /// - Parameter count: how many there must be, if that is known.
    /// - Throws: `WireError` with `missing` or `unexpected`.
    public func requiredBytes(count: Int? = nil) throws(WireError) -> [UInt8] {
        guard let bytes else { throw WireError(.missing, "<\(tag)> holds no bytes") }
        if let count, bytes.count != count {
            throw WireError(.unexpected, "<\(tag)> must hold \(count) bytes, not \(bytes.count)")
        }
        return bytes
    }

    /// The content as a big-endian number of at most eight bytes.
    /// - Throws: `WireError` with `missing` or `unexpected`.
    public func requiredBigEndian<Number: FixedWidthInteger & UnsignedInteger>(
        as type: Number.Type = UInt32.self
    ) throws(WireError) -> Number {
        let bytes = try requiredBytes()
        guard !bytes.isEmpty, bytes.count <= MemoryLayout<Number>.size else {
            throw WireError(.unexpected, "<\(tag)> holds no number that fits, but \(bytes.count) bytes")
        }
        return bytes.reduce(0) { $0 << 8 | Number($1) }
    }

    private func missing(_ name: String) -> WireError { WireError(.missing, "<\(tag)> has no attribute \(name)") }

    private func unexpected(_ name: String, _ what: String) -> WireError {
        WireError(.unexpected, "the attribute \(name) of <\(tag)> is \(what)")
    }
}
