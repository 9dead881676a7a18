extension Node: CustomStringConvertible {
    /// Attributes whose values say what a stanza is and not whom it is about.
    private static let open: Set<String> = [
        "addressing_mode", "category", "class", "code", "context", "count", "edit", "error", "id", "index", "key-index",
        "last", "mediatype", "mode", "name", "offline", "platform", "reason", "result", "stage", "state", "t", "type",
        "v", "value", "version", "xmlns",
    ]
    /// Tags whose name attribute is a person's.
    private static let personal: Set<String> = ["presence", "biz", "verified_name", "contact", "user"]
    /// How many elements of a list are shown.
    private static let shown = 20

    /// The element as XML for logs: without content, and without the parts of addresses and names that tell people.
    public var description: String {
        var text = ""
        write(to: &text, depth: 0)
        return text
    }

    private func write(to text: inout String, depth: Int) {
        text += "<\(tag)"
        for entry in attributes.entries { text += " \(entry.name)=\"\(visible(entry))\"" }
        switch content {
        case .empty:
            text += "/>"
            return
        case .bytes(let bytes): text += ">\(bytes.count) bytes"
        case .text(let content): text += ">\(content.utf8.count) characters"
        case .nodes(let nodes) where depth >= 16: text += ">\(nodes.count) elements"
        case .nodes(let nodes):
            text += ">"
            for node in nodes.prefix(Self.shown) { node.write(to: &text, depth: depth + 1) }
            if nodes.count > Self.shown { text += "…\(nodes.count - Self.shown) more" }
        }
        text += "</\(tag)>"
    }

    private func visible(_ entry: Attributes.Entry) -> String {
        switch entry.value {
        case .jid(let jid):
            if jid.user.isEmpty { return jid.server.name }
            return jid.device == 0 ? "…@\(jid.server)" : "…:\(jid.device)@\(jid.server)"
        case .text(let text):
            let isOpen = Self.open.contains(entry.name) && !(entry.name == "name" && Self.personal.contains(tag))
            return isOpen && text.utf8.count <= 64 ? text : "…"
        }
    }
}
