import Crypto
import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// A vote for one option of a poll, sealed with the poll's secret.
struct SealedVote {
    let payload: Data
    let nonce: Data

    /// - Parameters:
    ///   - id: the poll's message.
    ///   - author, voter: both by the same kind of address.
    init(for option: String, of id: String, secret: Data, author: JID, voter: JID) throws {
        var vote = WAPollVote()
        vote.selectedOptions = [Data(SHA256.hash(data: Data(option.utf8)))]
        let info = id + author.description + voter.description + "Poll Vote"
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Data(info.utf8), outputByteCount: 32)
        nonce = Data(SecretBytes.random(count: 12).exposed())
        let plaintext: Data = try vote.serializedBytes()
        let box = try AES.GCM.seal(
            plaintext, using: key, nonce: AES.GCM.Nonce(data: nonce),
            authenticating: Data(id.utf8) + [0] + Data(voter.description.utf8))
        payload = box.ciphertext + box.tag
    }
}
