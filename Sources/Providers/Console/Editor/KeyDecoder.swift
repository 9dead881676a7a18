/// Reads keys from the bytes of a terminal, which may be cut anywhere.
///
/// The sequences are those of ECMA-48 as xterm sends them (XTerm Control Sequences, "PC-Style Function Keys",
/// "Bracketed Paste Mode").
struct KeyDecoder: Sendable {
    /// The longest sequence that is waited for, and the longest paste, in bytes.
    private static let maxSequenceBytes = 32
    private static let maxPasteBytes = 262_144
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private var pending: [UInt8] = []
    private var isPasting = false

    /// The keys that are complete with `bytes`.
    mutating func decode(_ bytes: [UInt8]) -> [Key] {
        pending += bytes
        var keys: [Key] = []
        var rest = pending[...]
        while !rest.isEmpty {
            let before = rest.count
            let key = isPasting ? paste(&rest) : key(&rest)
            if let key { Self.add(key, to: &keys) }
            if rest.count == before { break }
        }
        pending = Array(rest)
        return keys
    }

    /// Joins what was typed, so that the letters of one character stay together.
    private static func add(_ key: Key, to keys: inout [Key]) {
        if case .text(let new) = key, case .text(let old) = keys.last {
            keys[keys.count - 1] = .text(old + new)
        } else {
            keys.append(key)
        }
    }

    /// Takes one key from the front; takes nothing when it is not complete.
    private mutating func key(_ rest: inout ArraySlice<UInt8>) -> Key? {
        guard let first = rest.first else { return nil }
        switch first {
        case 0x1B: return sequence(&rest)
        case 0x20...0x7E:
            let run = rest.prefix { (0x20...0x7E).contains($0) }
            rest = rest.dropFirst(run.count)
            return .text(String(decoding: run, as: UTF8.self))
        case 0x80...: return character(&rest)
        default:
            rest = rest.dropFirst()
            return Self.controls[first]
        }
    }

    private static let controls: [UInt8: Key] = [
        0x01: .home, 0x02: .left, 0x03: .interrupt, 0x04: .endOfInput, 0x05: .end, 0x06: .right, 0x08: .backspace,
        0x0A: .enter, 0x0B: .deleteToEnd, 0x0C: .clearScreen, 0x0D: .enter, 0x0E: .down, 0x10: .up,
        0x15: .deleteToStart, 0x17: .deleteWord, 0x19: .putBack, 0x7F: .backspace,
    ]

    /// A character beyond ASCII; bytes that are no UTF-8 are dropped.
    private func character(_ rest: inout ArraySlice<UInt8>) -> Key? {
        let length =
            switch rest.first ?? 0 {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let continuing = rest.dropFirst().prefix(length - 1).prefix { (0x80...0xBF).contains($0) }
        if continuing.count < length - 1, continuing.count == rest.count - 1 { return nil }
        let bytes = rest.prefix(1 + continuing.count)
        rest = rest.dropFirst(bytes.count)
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return nil }
        return .text(text)
    }

    /// A key that is more than one byte and begins with Escape.
    private mutating func sequence(_ rest: inout ArraySlice<UInt8>) -> Key? {
        let body = rest.dropFirst()
        guard let kind = body.first else { return nil }
        switch kind {
        case UInt8(ascii: "["):
            let parameters = body.dropFirst().prefix { (0x20...0x3F).contains($0) }
            guard let final = body.dropFirst(1 + parameters.count).first else {
                if rest.count > Self.maxSequenceBytes { rest = rest.dropFirst(rest.count) }
                return nil
            }
            rest = rest.dropFirst(3 + parameters.count)
            let key = Self.key(final, String(decoding: parameters, as: UTF8.self))
            if final == UInt8(ascii: "~"), parameters.elementsEqual("200".utf8) { isPasting = true }
            return key
        case UInt8(ascii: "O"):
            guard let final = body.dropFirst().first else { return nil }
            rest = rest.dropFirst(3)
            return Self.key(final, "")
        default:
            // Alt with a key comes as Escape and the key.
            rest = rest.dropFirst(2)
            return [
                UInt8(ascii: "b"): .wordLeft, UInt8(ascii: "f"): .wordRight, 0x7F: .deleteWord, 0x08: .deleteWord,
            ][kind]
        }
    }

    private static func key(_ final: UInt8, _ parameters: String) -> Key? {
        let isModified = parameters.contains(";")
        return switch Character(UnicodeScalar(final)) {
        case "A": .up
        case "B": .down
        case "C": isModified ? .wordRight : .right
        case "D": isModified ? .wordLeft : .left
        case "H": .home
        case "F": .end
        case "~":
            switch parameters.prefix(while: { $0 != ";" }) {
            case "1", "7": .home
            case "4", "8": .end
            case "3": .delete
            default: nil
            }
        default: nil
        }
    }

    /// What was pasted, once its end has come; a paste beyond the limit is cut there.
    private mutating func paste(_ rest: inout ArraySlice<UInt8>) -> Key? {
        guard let end = rest.firstRange(of: Self.pasteEnd) else {
            guard rest.count > Self.maxPasteBytes else { return nil }
            defer { rest = rest.dropFirst(Self.maxPasteBytes) }
            return Self.pasted(rest.prefix(Self.maxPasteBytes))
        }
        isPasting = false
        defer { rest = rest[end.upperBound...] }
        return Self.pasted(rest[..<end.lowerBound])
    }

    private static func pasted(_ bytes: ArraySlice<UInt8>) -> Key {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\t", with: "    ")
        return .text(
            String(
                String.UnicodeScalarView(
                    lines.unicodeScalars.filter {
                        $0 == "\n" || $0.properties.generalCategory != .control
                    })))
    }
}
