import Crypto
import Foundation
import WhatsAppWire

/// Seals and opens what is added to a message with that message's secret: votes, encrypted reactions, edits.
///
/// The key is HKDF-SHA256 of the secret with the message's id, its author, the addition's author and the use.
struct MessageSecret {
    /// How long a secret is.
    static let byteCount = 32
    /// How long a nonce is.
    static let nonceByteCount = 12
    /// The longest sealed addition that is opened, in bytes.
    static let longestPayload = 1 << 20

    private let secret: SymmetricKey

    /// - Throws: `WebError` with `invalid` unless there are 32 bytes.
    init(_ secret: [UInt8]) throws(WebError) {
        guard secret.count == Self.byteCount else {
            throw WebError(.invalid, "the secret of a message must be \(Self.byteCount) bytes, not \(secret.count)")
        }
        self.secret = SymmetricKey(data: secret)
    }

    /// Seals an addition to the message `id` of `author`.
    /// - Returns: ciphertext and tag.
    func seal(
        _ plaintext: [UInt8], use: SealedAddition.Use, id: String, author: JID, by sender: JID, nonce: [UInt8]
    ) throws(WebError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(
                plaintext, using: key(use, id: id, author: author, sender: sender), nonce: AES.GCM.Nonce(data: nonce),
                authenticating: associatedData(use, id: id, sender: sender))
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw WebError(.invalid, "an addition cannot be sealed: its nonce must be \(Self.nonceByteCount) bytes")
        }
    }

    /// Opens an addition, by whichever addresses of the two authors it was sealed with.
    /// - Throws: `WebError` with `malformed`.
    func open(_ addition: SealedAddition, authors: [JID], senders: [JID]) throws(WebError) -> [UInt8] {
        guard addition.nonce.count == Self.nonceByteCount, addition.payload.count >= 16,
            addition.payload.count <= Self.longestPayload
        else { throw WebError(.malformed, "an addition to message \(addition.target.id) has a wrong form") }
        for author in authors {
            for sender in senders {
                if let plaintext = try? open(addition, author: author, sender: sender) { return plaintext }
            }
        }
        throw WebError(
            .malformed, "an addition to message \(addition.target.id) was not sealed with its secret by its sender")
    }

    private func open(_ addition: SealedAddition, author: JID, sender: JID) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(
            nonce: AES.GCM.Nonce(data: addition.nonce), ciphertext: addition.payload.dropLast(16),
            tag: addition.payload.suffix(16))
        let id = addition.target.id
        return Array(
            try AES.GCM.open(
                box, using: key(addition.use, id: id, author: author, sender: sender),
                authenticating: associatedData(addition.use, id: id, sender: sender)))
    }

    private func key(_ use: SealedAddition.Use, id: String, author: JID, sender: JID) -> SymmetricKey {
        let info = id + author.withoutDevice.description + sender.withoutDevice.description + use.rawValue
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: secret, info: Array(info.utf8), outputByteCount: 32)
    }

    private func associatedData(_ use: SealedAddition.Use, id: String, sender: JID) -> [UInt8] {
        switch use {
        case .pollVote, .eventResponse: Array(id.utf8) + [0] + Array(sender.withoutDevice.description.utf8)
        case .reaction, .comment, .eventEdit, .messageEdit, .pollEdit: []
        }
    }
}
