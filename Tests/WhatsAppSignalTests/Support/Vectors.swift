import Foundation
import WhatsAppKeys

@testable import WhatsAppSignal

/// The known answers in Vectors/signal.json.
struct Vectors {
    private let values: [String: Any]

    init() throws {
        guard let url = Bundle.module.url(forResource: "Vectors/signal", withExtension: "json") else {
            throw CocoaError(.fileNoSuchFile)
        }
        values = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
    }

    func bytes(_ name: String) throws -> [UInt8] {
        guard let text = values[name] as? String else { throw CocoaError(.coderValueNotFound) }
        return Hex.bytes(text)
    }

    func number(_ name: String) throws -> UInt32 {
        guard let number = values[name] as? Int else { throw CocoaError(.coderValueNotFound) }
        return UInt32(number)
    }

    func pair(_ name: String) throws -> KeyPair {
        guard let keys = values[name] as? [String: String], let key = keys["private"], let publicKey = keys["public"]
        else { throw CocoaError(.coderValueNotFound) }
        let pair = try KeyPair(privateKey: SecretBytes(Hex.bytes(key)))
        guard pair.publicKey.bytes == Hex.bytes(publicKey) else { throw CocoaError(.coderInvalidValue) }
        return pair
    }
}

/// Bytes from text.
enum Hex {
    static func bytes(_ text: some StringProtocol) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
