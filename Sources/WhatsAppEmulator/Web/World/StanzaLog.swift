import Foundation
import WhatsAppWire

/// What happened, for people and tests: the newest entries, and all of them in a file if there is one.
struct StanzaLog {
    struct Entry {
        let sequence: Int
        let time: Double
        let text: String
    }

    private var ring = Ring<Entry>(capacity: 100_000, capacityBytes: 64 << 20) { $0.text.utf8.count + 64 }
    private var sequence = 0
    private let file: FileHandle?

    init(file: FileHandle? = nil) { self.file = file }

    mutating func note(_ text: String) {
        sequence += 1
        let time = Date().timeIntervalSince1970
        ring.append(Entry(sequence: sequence, time: time, text: text))
        if let file {
            let seconds = time.truncatingRemainder(dividingBy: 3600)
            try? file.write(contentsOf: Data("\(String(format: "%08.3f", seconds)) \(text)\n".utf8))
        }
    }

    /// The entries after number `since` that contain `match`.
    func entries(since: Int, match: String) -> [Entry] {
        ring.all.filter { $0.sequence > since && (match.isEmpty || $0.text.contains(match)) }
    }
}

/// A stanza as XML for the log; binary content is shown in hexadecimal, cut where it is long.
struct StanzaText {
    let limit: Int

    func xml(_ node: Node) -> String {
        var text = "<\(node.tag)"
        for entry in node.attributes.entries { text += " \(entry.name)=\"\(entry.value.text)\"" }
        switch node.content {
        case .empty: return text + "/>"
        case .nodes(let nodes):
            text += ">" + nodes.prefix(limit == 0 ? .max : 24).map(xml).joined()
            if limit > 0, nodes.count > 24 { text += "<!-- \(nodes.count - 24) more -->" }
        case .text(let content): text += ">\(content)"
        case .bytes(let bytes):
            let isPlain = bytes.count < 160 && bytes.allSatisfy { (32..<127).contains($0) }
            if isPlain {
                text += ">" + String(decoding: bytes, as: UTF8.self)
            } else if limit > 0, bytes.count > limit {
                text += ">\(HexadecimalText.text(bytes.prefix(limit)))…(\(bytes.count) bytes)"
            } else {
                text += ">" + HexadecimalText.text(bytes)
            }
        }
        return text + "</\(node.tag)>"
    }
}
