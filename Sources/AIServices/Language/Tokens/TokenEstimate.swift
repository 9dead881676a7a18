public import BotKit

/// Counts tokens from above, without a vocabulary.
///
/// The count is never below that of OpenAI's `cl100k_base` and `o200k_base` and of DeepSeek's tokenizer, nor, but for
/// rare compatibility characters that it spells out, of Anthropic's published one: tested with prose, code and hostile
/// text. For English prose it is about 1.5 times the real count, for Hebrew and Arabic at most 1.5 times the largest of
/// them; newer vocabularies need a third of that for Hebrew.
public struct TokenEstimate: TokenCounter {
    public init() {}

    public func count(_ text: String) -> Int {
        let scalars = text.unicodeScalars.map(\.value)
        var total = 0
        var index = 0
        while index < scalars.count {
            let end = runEnd(from: index, in: scalars)
            total += cost(of: index..<end, in: scalars)
            index = end
        }
        return total
    }

    /// The end of the letters, the blanks or the one character that begin at `start`.
    private func runEnd(from start: Int, in scalars: [UInt32]) -> Int {
        let first = scalars[start]
        var end = start + 1
        if first.isLatinLetter {
            while end < scalars.count, scalars[end].isLatinLetter { end += 1 }
        } else if first.isBlank {
            while end < scalars.count, scalars[end] == first { end += 1 }
        }
        return end
    }

    private func cost(of run: Range<Int>, in scalars: [UInt32]) -> Int {
        let first = scalars[run.lowerBound]
        let before = run.lowerBound > 0 ? scalars[run.lowerBound - 1] : nil
        let after = run.upperBound < scalars.count ? scalars[run.upperBound] : nil
        if first.isLatinLetter {
            let touches = (before ?? 0) > 0x7F || (after ?? 0) > 0x7F
            return wordCost(scalars[run], afterSpace: before == 0x20, touchesOthers: touches)
        }
        switch first {
        case 0x20: return spaceCost(run.count, before: after)
        case 0x09, 0x0A: return run.count < 3 ? run.count : 2 + run.count / 8
        default: return run.count * characterCost(first)
        }
    }

    /// A word we know is one token, or two where it is written otherwise. Of others, each pair of letters costs the
    /// more the rarer it is within tokens; a capital begins a token.
    private func wordCost(_ word: ArraySlice<UInt32>, afterSpace: Bool, touchesOthers: Bool) -> Int {
        let capitals = word.dropFirst().contains { $0 < 0x61 }
        if word.count <= 15, !touchesOthers, !capitals {
            let text = String(decoding: word.map { UInt8(truncatingIfNeeded: $0 | 0x20) }, as: UTF8.self)
            if Self.words.contains(text) { return afterSpace && word.first.map { $0 >= 0x61 } ?? false ? 1 : 2 }
        }
        var tenths = 20
        var previous: UInt32?
        for letter in word {
            if let previous {
                tenths += letter < 0x61 ? 10 : Self.tenths[Int((previous | 0x20) - 0x61) * 26 + Int(letter - 0x61)]
            }
            previous = letter
        }
        return min(tenths / 10, word.count)
    }

    /// One space belongs to the word or mark that follows it; a longer run is one token and one more for each sixteen.
    private func spaceCost(_ count: Int, before next: UInt32?) -> Int {
        let joins = next.map { $0 > 0x20 && $0 < 0x7F && !(0x30...0x39).contains($0) } ?? false
        let rest = joins ? count - 1 : count
        guard rest > 0 else { return 0 }
        return 1 + rest / 16 + (!joins && count > 1 ? 1 : 0)
    }

    private func characterCost(_ scalar: UInt32) -> Int {
        switch scalar {
        case ..<0x80: 1
        case ..<0x800 where Self.isSingle(scalar): 1
        case 0xA0..<0xC0, 0x300..<0x370: 3
        case ..<0x800: 2
        case 0x900..<0x980, 0xE00..<0xE80, 0x3040..<0x3100: 2
        case ..<0x10000, 0x1D400..<0x1D800, 0x1F000..<0x1FB00: 3
        default: 4
        }
    }

    private static func isSingle(_ scalar: UInt32) -> Bool {
        TokenTables.single.contains { $0.contains(scalar) }
    }

    private static let words = Set(TokenTables.words.split(whereSeparator: \.isWhitespace).map(String.init))

    /// The cost of each pair of letters in tenths of a token.
    private static let tenths: [Int] = TokenTables.pairs.flatMap { row in
        row.withUTF8Buffer { $0.map { [5, 6, 8, 10][min(Int($0) - 0x30, 3)] } }
    }
}

extension UInt32 {
    fileprivate var isLatinLetter: Bool { (0x61...0x7A).contains(self | 0x20) && self < 0x80 }
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A }
}
