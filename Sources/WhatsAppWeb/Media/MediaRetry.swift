import Crypto
import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// Asks the phone of a file's sender to upload it again, and reads the answer.
///
/// Both are sealed with AES-256-GCM under a key made from the file's; the message's id is authenticated along.
enum MediaRetry {
    /// What came of it.
    enum Outcome: Equatable {
        /// The file lies there now; keys and hashes are as before.
        case uploaded(directPath: String)
        /// The sender has it no more.
        case notFound
        /// The sender could not do it.
        case failed
    }

    /// How long a nonce is.
    static let nonceByteCount = 12
    /// The longest answer that is opened, in bytes.
    private static let longestAnswer = 1 << 16

    /// The request.
    /// - Parameters:
    ///   - own: the own account by phone number, without device.
    ///   - nonce: 12 random bytes.
    static func request(
        for message: MessageReference, mediaKey: [UInt8], own: JID, nonce: [UInt8]
    ) throws(WebError) -> Node {
        var receipt = WAServerErrorReceipt()
        receipt.stanzaID = message.id
        let sealed: [UInt8]
        do {
            let box = try AES.GCM.seal(
                receipt.serializedBytes() as [UInt8], using: key(mediaKey), nonce: AES.GCM.Nonce(data: nonce),
                authenticating: Array(message.id.utf8))
            sealed = Array(box.ciphertext) + Array(box.tag)
        } catch { throw WebError(.invalid, "a media retry needs a nonce of \(nonceByteCount) bytes") }
        return Node(
            "receipt", ["id": .text(message.id), "to": .jid(own.withoutDevice), "type": "server-error"],
            [
                Node("encrypt", [:], [Node("enc_p", bytes: sealed), Node("enc_iv", bytes: nonce)]),
                Node(
                    "rmr",
                    [
                        "jid": .jid(message.chat), "from_me": .text(message.isFromMe ? "true" : "false"),
                        "participant": message.chat.isUser ? nil : .jid(message.sender),
                    ]),
            ])
    }

    /// Reads the answer, a `<notification type="mediaretry">` with the message's id.
    /// - Throws: `WebError` with `malformed`.
    static func outcome(_ notification: Node, mediaKey: [UInt8]) throws(WebError) -> Outcome {
        guard let id = notification.text("id") else {
            throw WebError(.malformed, "the answer to a media retry has no id")
        }
        if let error = notification.child("error") {
            // 2: the phone has the file no more.
            return error.text("code") == "2" ? .notFound : .failed
        }
        guard let sealed = notification.descendant("encrypt", "enc_p")?.bytes, sealed.count >= 16,
            sealed.count <= longestAnswer, let nonce = notification.descendant("encrypt", "enc_iv")?.bytes,
            nonce.count == nonceByteCount
        else { throw WebError(.malformed, "the answer to the media retry of message \(id) has a wrong form") }
        let answer: WAMediaRetryNotification
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce), ciphertext: sealed.dropLast(16), tag: sealed.suffix(16))
            let plain = try AES.GCM.open(box, using: key(mediaKey), authenticating: Array(id.utf8))
            answer = try WAMediaRetryNotification(serializedBytes: Array(plain))
        } catch { throw WebError(.malformed, "the answer to the media retry of message \(id) cannot be opened") }
        switch answer.result {
        case .success:
            guard answer.stanzaID == id || answer.stanzaID.isEmpty, MediaReference.isPath(answer.directPath) else {
                throw WebError(.malformed, "the answer to the media retry of message \(id) names no path")
            }
            return .uploaded(directPath: answer.directPath)
        case .notFound: return .notFound
        case .generalError, .decryptionError: return .failed
        }
    }

    private static func key(_ mediaKey: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: mediaKey), info: Array("WhatsApp Media Retry Notification".utf8),
            outputByteCount: 32)
    }
}
