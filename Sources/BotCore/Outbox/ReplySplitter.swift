import BotKit

/// Cuts long texts to what a network takes, at paragraphs, then lines, sentences, words.
struct ReplySplitter: Sendable {
    let maxMessages: Int

    /// - Parameter limit: UTF-16 units in one message.
    /// - Parameter notice: what is said at the end when not all fits in `maxMessages`.
    func split(_ reply: RenderedReply, limit: Int, notice: String) -> [RenderedReply] {
        guard case .text(let text) = reply.content, text.utf16.count > limit else { return [reply] }
        var (parts, isNoticed) = parts(of: text, limit: limit, notice: notice)
        if isNoticed { parts[parts.count - 1] += "\n\n" + notice }
        return parts.enumerated().map { index, part in
            RenderedReply(content: .text(part), quotes: index == 0 ? reply.quotes : nil, language: reply.language)
        }
    }

    /// The words of `text` that are sent, without the notice.
    func shown(of text: String, limit: Int, notice: String) -> String {
        guard text.utf16.count > limit else { return text }
        let all = pieces(of: text, limit: limit)
        guard all.count > maxMessages else { return text }
        return parts(of: text, limit: limit, notice: notice).texts.joined(separator: "\n\n")
    }

    /// - Returns: the messages without the notice, and whether the last one has room for it and needs it.
    private func parts(of text: String, limit: Int, notice: String) -> (texts: [String], isNoticed: Bool) {
        var parts = pieces(of: text, limit: limit)
        guard parts.count > maxMessages else { return (parts, false) }
        parts = Array(parts.prefix(maxMessages))
        let room = limit - notice.utf16.count - 2
        // Where a message is hardly longer than the notice, words of the answer are worth more.
        guard room >= limit / 2 else { return (parts, false) }
        let last = parts[maxMessages - 1]
        parts[maxMessages - 1] = head(of: last[...], limit: room).trimmingInvisible.description
        return (parts, true)
    }

    private func pieces(of text: String, limit: Int) -> [String] {
        var rest = text[...].trimmingInvisible
        var pieces: [String] = []
        while !rest.isEmpty && pieces.count <= maxMessages {
            let piece = head(of: rest, limit: limit)
            pieces.append(piece.trimmingInvisible.description)
            rest = rest[piece.endIndex...].trimmingInvisible
        }
        return pieces
    }

    /// The longest beginning of `text` within the limit that ends at the best break in its second half.
    private func head(of text: Substring, limit: Int) -> Substring {
        guard text.utf16.count > limit else { return text }
        let limitIndex = text.utf16.index(text.startIndex, offsetBy: limit)
        // Never cut inside a character: an emoji family is many units. Only one that is longer than a whole message is
        // cut, and not inside a scalar.
        let whole = text[..<text.index(before: text.index(after: limitIndex))]
        guard !whole.isEmpty else {
            let scalars = text.unicodeScalars
            return text[..<scalars.index(before: scalars.index(after: limitIndex))]
        }
        let middle = text.utf16.index(text.startIndex, offsetBy: limit / 2)
        for breaks in [["\n\n"], ["\n"], [". ", "! ", "? ", "… "], [" "]] {
            let best = breaks.compactMap { whole.lastRange(of: $0)?.upperBound }.max()
            if let best, best > middle { return text[..<best] }
        }
        return whole
    }
}

extension Substring {
    fileprivate func lastRange(of needle: String) -> Range<Index>? {
        var found: Range<Index>?
        var start = startIndex
        while let range = self[start...].firstRange(of: needle) {
            found = range
            start = range.upperBound
        }
        return found
    }
}
