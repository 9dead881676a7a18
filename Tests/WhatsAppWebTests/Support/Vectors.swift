import Foundation
import Testing

/// Fixed inputs and outputs beside the tests.
enum Vectors {
    static func load<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        let file = try #require(Bundle.module.url(forResource: "Vectors/\(name)", withExtension: "json"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}

/// Bytes written as hexadecimal digits.
struct Hex: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        bytes = try Hex.bytes(decoder.singleValueContainer().decode(String.self))
    }

    static func bytes(_ text: String) throws -> [UInt8] {
        let digits = try text.map { digit in try #require(digit.hexDigitValue) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
