/// The mark of one question, written `tok-12345678`. The model repeats it, so the answer carries it too.
struct Token: Sendable, Hashable {
    /// 0 ..< 100 000 000.
    let number: Int

    private static let prefix = Array("tok-".utf8)
    private static let digits = 8

    var text: String {
        let digits = String(number)
        return "tok-" + String(repeating: "0", count: Self.digits - digits.utf8.count) + digits
    }

    /// All marks in `bytes`, in order.
    static func all(in bytes: some RandomAccessCollection<UInt8>) -> [Token] {
        var tokens: [Token] = []
        var index = bytes.startIndex
        while let (token, next) = first(in: bytes[index...]) {
            tokens.append(token)
            index = next
        }
        return tokens
    }

    /// The last mark in `bytes`, found from the end: the question stands behind the history.
    static func last(in bytes: ArraySlice<UInt8>) -> Token? {
        let length = prefix.count + digits
        guard bytes.count >= length else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            var index = buffer.count - length
            while index >= 0 {
                if buffer[index] == prefix[0], let token = token(at: index, in: buffer) { return token }
                index -= 1
            }
            return nil
        }
    }

    private static func first<Bytes: RandomAccessCollection<UInt8>>(in bytes: Bytes) -> (Token, Bytes.Index)? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == prefix[0], let token = token(at: index, in: bytes) {
                return (token, bytes.index(index, offsetBy: prefix.count + digits))
            }
            index = bytes.index(after: index)
        }
        return nil
    }

    private static func token<Bytes: RandomAccessCollection<UInt8>>(at index: Bytes.Index, in bytes: Bytes) -> Token? {
        guard bytes.distance(from: index, to: bytes.endIndex) >= prefix.count + digits else { return nil }
        let rest = bytes[index...]
        guard rest.prefix(prefix.count).elementsEqual(prefix) else { return nil }
        var number = 0
        for byte in rest.dropFirst(prefix.count).prefix(digits) {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return Token(number: number)
    }
}
