import BotKit

/// Takes out of a text what no log may hold: telephone numbers and WhatsApp's ids, mail addresses, keys and tokens,
/// cards, bank accounts, identity numbers, and the values in the query of an address.
///
/// It decides by shape, in one pass over the bytes; docs/operations.md has the shapes and what becomes of them.
public enum Redaction {
    /// The text without what is personal or secret; the very same text when there is nothing of it.
    public static func of(_ text: String) -> String { of(text, isAboutPeople: true) }

    /// The text without keys, tokens and passwords, for whoever may see the numbers in it.
    public static func secrets(of text: String) -> String { of(text, isAboutPeople: false) }

    private static func of(_ text: String, isAboutPeople: Bool) -> String {
        var text = text
        let changed = text.withUTF8 { utf8 -> String? in
            let look = Look(at: utf8)
            guard look.isSuspicious else { return nil }
            guard look.needsFolding else {
                var scan = RedactionScan(utf8, isAboutPeople: isAboutPeople)
                scan.run()
                return scan.edits.isEmpty ? nil : applied(scan.edits, to: utf8) { $0 }
            }
            let folded = FoldedText(utf8)
            let edits = folded.bytes.withUnsafeBufferPointer { bytes in
                var scan = RedactionScan(bytes, isAboutPeople: isAboutPeople)
                scan.run()
                return scan.edits
            }
            return edits.isEmpty ? nil : applied(edits, to: utf8) { folded.starts[$0] }
        }
        return changed ?? text
    }

    /// Whether a field of this name holds a secret, whatever its value looks like.
    static func isSecret(field name: String) -> Bool {
        var name = name
        return name.withUTF8 { utf8 in
            let last = utf8.lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? 0
            return SecretNames.kind(of: UnsafeBufferPointer(rebasing: utf8[last...])) != nil
        }
    }

    /// - Parameter place: where a byte of what was scanned begins in the text.
    private static func applied(
        _ edits: [RedactionScan.Edit], to utf8: UnsafeBufferPointer<UInt8>, place: (Int) -> Int
    ) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(utf8.count + 16)
        var end = 0
        for edit in edits {
            let start = max(end, place(edit.range.lowerBound))
            result.append(contentsOf: utf8[end..<start])
            if let kept = edit.kept {
                result.append(contentsOf: utf8[place(kept)..<place(kept + 1)])
            }
            result.append(contentsOf: edit.replacement)
            end = max(start, place(edit.range.upperBound))
        }
        result.append(contentsOf: utf8[end...])
        return String(decoding: result, as: UTF8.self)
    }

    /// A first look, which most lines pass.
    private struct Look {
        /// Whether there is a sign without which nothing is taken out.
        var isSuspicious = false
        /// Whether the text does not read as its bytes: escapes, other scripts, controls.
        var needsFolding = false

        init(at utf8: UnsafeBufferPointer<UInt8>) {
            var word = 0
            for byte in utf8 {
                let kind = Signs.of[Int(byte)]
                word = kind & Signs.letter != 0 ? word + 1 : 0
                if kind & (Signs.trigger | Signs.fold) != 0 || word >= 16 { isSuspicious = true }
                if kind & Signs.fold != 0 { needsFolding = true }
            }
        }
    }
}
