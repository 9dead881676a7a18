/// A Swift file told apart: its code, its comments and the text inside its string literals.
///
/// Each channel is as long as the file, in UTF-16 units, and has spaces where something else stands; line ends stay.
struct Channels {
    private(set) var code: [UInt16]
    private(set) var comments: [UInt16]
    private(set) var strings: [UInt16]
    private let text: [UInt16]
    private var at = 0

    init(_ source: String) {
        text = Array(source.utf16)
        let blank = text.map { $0 == Unit.newline ? $0 : Unit.space }
        code = blank
        comments = blank
        strings = blank
        readCode(untilParenthesis: false)
    }

    private enum Unit {
        static let newline = UInt16(10)
        static let space = UInt16(32)
        static let quote = UInt16(34)
        static let hash = UInt16(35)
        static let open = UInt16(40)
        static let close = UInt16(41)
        static let star = UInt16(42)
        static let slash = UInt16(47)
        static let backslash = UInt16(92)
    }

    private func unit(_ offset: Int) -> UInt16? {
        let index = at + offset
        return index < text.count ? text[index] : nil
    }

    private mutating func keep(in channel: WritableKeyPath<Channels, [UInt16]>, _ count: Int = 1) {
        for _ in 0..<count where at < text.count {
            self[keyPath: channel][at] = text[at]
            at += 1
        }
    }

    /// Reads code to the end of the file, or behind the parenthesis that ends an interpolation.
    private mutating func readCode(untilParenthesis: Bool) {
        var depth = 0
        while let current = unit(0) {
            if current == Unit.slash, unit(1) == Unit.slash {
                while let next = unit(0), next != Unit.newline { keep(in: \.comments) }
            } else if current == Unit.slash, unit(1) == Unit.star {
                readBlockComment()
            } else if current == Unit.quote || current == Unit.hash, let hashes = hashesBeforeQuote() {
                readString(hashes: hashes)
            } else {
                if current == Unit.open { depth += 1 }
                if current == Unit.close { depth -= 1 }
                keep(in: \.code)
                if untilParenthesis, depth < 0 { return }
            }
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        while let current = unit(0) {
            if current == Unit.slash, unit(1) == Unit.star {
                depth += 1
                keep(in: \.comments, 2)
            } else if current == Unit.star, unit(1) == Unit.slash {
                depth -= 1
                keep(in: \.comments, 2)
                if depth == 0 { return }
            } else {
                keep(in: \.comments)
            }
        }
    }

    /// How many `#` stand before the quote that starts a string here; `nil` when none starts.
    private func hashesBeforeQuote() -> Int? {
        var hashes = 0
        while unit(hashes) == Unit.hash { hashes += 1 }
        return unit(hashes) == Unit.quote ? hashes : nil
    }

    private mutating func readString(hashes: Int) {
        keep(in: \.code, hashes)
        let quotes = unit(1) == Unit.quote && unit(2) == Unit.quote ? 3 : 1
        keep(in: \.code, quotes)
        while let current = unit(0) {
            if current == Unit.quote, endsString(quotes: quotes, hashes: hashes) {
                return keep(in: \.code, quotes + hashes)
            }
            if current == Unit.backslash, (1..<(1 + hashes)).allSatisfy({ unit($0) == Unit.hash }) {
                if unit(1 + hashes) == Unit.open {
                    keep(in: \.code, 2 + hashes)
                    readCode(untilParenthesis: true)
                } else {
                    keep(in: \.strings, 2 + hashes)
                }
            } else if current == Unit.newline, quotes == 1 {
                return
            } else {
                keep(in: \.strings)
            }
        }
    }

    private func endsString(quotes: Int, hashes: Int) -> Bool {
        (0..<quotes).allSatisfy { unit($0) == Unit.quote }
            && (0..<hashes).allSatisfy { unit(quotes + $0) == Unit.hash }
    }
}
