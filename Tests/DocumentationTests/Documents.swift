import Foundation

/// The pages of the documentation and the code blocks in them.
struct Documents {
    struct Block: Hashable {
        let page: String
        /// The word after the fence.
        let language: String
        let text: String
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The text of each page by its path from the root.
    let pages: [String: String]

    init() throws {
        let start = Self.root.path + (Self.root.path.hasSuffix("/") ? "" : "/")
        let docs = FileManager.default.enumerator(
            at: Self.root.appending(path: "docs"), includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        let found = (docs?.compactMap { $0 as? URL } ?? []).map { String($0.path.dropFirst(start.count)) }
        let top = [
            "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Sources/WhatsAppWeb/WhatsAppWeb.docc/WhatsAppWeb.md",
        ]
        pages = try Dictionary(
            uniqueKeysWithValues: (found.filter { $0.hasSuffix(".md") } + top).map { path in
                (path, try String(contentsOf: Self.root.appending(path: path), encoding: .utf8))
            })
    }

    /// All fenced blocks, by page and order.
    var blocks: [Block] {
        pages.sorted { $0.key < $1.key }.flatMap { page, text in
            var blocks: [Block] = []
            var open: (language: String, lines: [Substring])?
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if let block = open {
                    if line == "```" {
                        let text = block.lines.joined(separator: "\n") + "\n"
                        blocks.append(Block(page: page, language: block.language, text: text))
                        open = nil
                    } else {
                        open?.lines.append(line)
                    }
                } else if line.hasPrefix("```") {
                    open = (String(line.dropFirst(3)), [])
                }
            }
            return blocks
        }
    }

    /// The targets of links to other files, `(page, target)`, anchors and web addresses left out.
    var links: [(page: String, target: String)] {
        pages.sorted { $0.key < $1.key }.flatMap { page, text in
            text.matches(of: /\]\(([^)#\s]+)(#[^)]*)?\)/).map { (page: page, target: String($0.1)) }
                .filter { !$0.target.contains("://") && !$0.target.hasPrefix("mailto:") }
        }
    }
}
