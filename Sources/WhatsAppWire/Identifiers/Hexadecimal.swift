/// Bytes as hexadecimal digits.
enum Hexadecimal {
    /// Two upper-case digits for each byte.
    static func upper(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
