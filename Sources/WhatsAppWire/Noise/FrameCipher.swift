import Crypto
import Foundation
import WhatsAppKeys

/// AES-256-GCM as WhatsApp uses it: the nonce is 8 zero bytes and a counter of 4 bytes, and no counter comes twice.
struct FrameCipher: Sendable {
    /// How many bytes longer ciphertext is than plaintext.
    static let tagByteCount = 16

    private let key: SymmetricKey
    /// The counter of the next message; beyond 32 bits there is none.
    private(set) var counter: UInt64

    /// A cipher whose next message has the number `counter`.
    init(key: SecretBytes, counter: UInt64 = 0) {
        self.key = key.withUnsafeBytes { SymmetricKey(data: $0) }
        self.counter = counter
    }

    /// Appends ciphertext and tag to `output`.
    /// - Throws: `WireError` with `counterExhausted`.
    mutating func seal(
        _ plaintext: [UInt8], authenticating data: [UInt8] = [], into output: inout [UInt8]
    ) throws(WireError) {
        let nonce = try nonce()
        do {
            let box =
                data.isEmpty
                ? try AES.GCM.seal(plaintext, using: key, nonce: nonce)
                : try AES.GCM.seal(plaintext, using: key, nonce: nonce, authenticating: data)
            output.append(contentsOf: box.ciphertext)
            output.append(contentsOf: box.tag)
        } catch {
            throw WireError(.authentication, "a message cannot be encrypted", underlying: error)
        }
        counter += 1
    }

    /// The plaintext of ciphertext and tag.
    /// - Throws: `WireError` with `authentication`, then the counter stays; or `counterExhausted`.
    mutating func open(_ ciphertext: [UInt8], authenticating data: [UInt8] = []) throws(WireError) -> [UInt8] {
        let nonce = try nonce()
        guard ciphertext.count >= Self.tagByteCount else {
            throw WireError(.authentication, "an encrypted message is shorter than its tag")
        }
        let plaintext: [UInt8]
        do {
            let end = ciphertext.count - Self.tagByteCount
            let box = try AES.GCM.SealedBox(nonce: nonce, ciphertext: ciphertext[..<end], tag: ciphertext[end...])
            plaintext = Array(
                data.isEmpty
                    ? try AES.GCM.open(box, using: key) : try AES.GCM.open(box, using: key, authenticating: data))
        } catch {
            throw WireError(.authentication, "encrypted message \(counter) is not authentic", underlying: error)
        }
        counter += 1
        return plaintext
    }

    private func nonce() throws(WireError) -> AES.GCM.Nonce {
        guard let number = UInt32(exactly: counter) else {
            throw WireError(.counterExhausted, "a cipher has used all its numbers; connect anew")
        }
        var bytes = [UInt8](repeating: 0, count: 12)
        for index in 0..<4 { bytes[8 + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32(index))) }
        do {
            return try AES.GCM.Nonce(data: bytes)
        } catch {
            throw WireError(.counterExhausted, "a nonce cannot be made", underlying: error)
        }
    }
}
