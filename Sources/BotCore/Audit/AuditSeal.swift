import BotKit
import Crypto
import Foundation

/// The signed head of the audit at one moment: up to here, the chain was this.
///
/// Without it whoever can write the database could cut the chain's end, or compute all of it anew.
struct AuditSeal: Sendable, Hashable {
    let sequence: Int64
    /// Of the entry with that number.
    let hash: String
    let time: Date
    /// Ed25519 (RFC 8032), 128 hexadecimal digits.
    let signature: String

    /// What is signed.
    private static func payload(_ sequence: Int64, _ hash: String, _ time: Date) -> Data {
        Data("martlet audit seal\n\(sequence)\n\(hash)\n\(time.milliseconds)\n".utf8)
    }

    init(sequence: Int64, hash: String, time: Date, signature: String) {
        self.sequence = sequence
        self.hash = hash
        self.time = time
        self.signature = signature
    }

    init(_ line: AuditLine, hash: String, at time: Date, by key: Curve25519.Signing.PrivateKey) throws {
        let signature = try key.signature(for: Self.payload(line.sequence, hash, time))
        self.init(sequence: line.sequence, hash: hash, time: time, signature: Hexadecimal.text(signature))
    }

    /// Whether the holder of `key` made it.
    func isSigned(by key: Curve25519.Signing.PublicKey) -> Bool {
        guard let bytes = Hexadecimal.bytes(signature) else { return false }
        return key.isValidSignature(bytes, for: Self.payload(sequence, hash, time))
    }
}

extension AuditSeal {
    /// Stores it beside its entry, once.
    var insertion: SQL {
        """
        INSERT INTO audit_seal (sequence, hash, created_at, signature)
        SELECT \(sequence), \(hash), \(time), \(signature)
        WHERE NOT EXISTS (SELECT 1 FROM audit_seal WHERE sequence = \(sequence))
        """
    }

    /// One line of the seals' file, and of an export.
    var json: String {
        let head = #"{"hash":"\#(hash)","sequence":\#(sequence),"time":\#(time.milliseconds)}"#
        return #"{"seal":\#(head),"signature":"\#(signature)"}"#
    }

    private struct Form: Decodable {
        struct Head: Decodable {
            let hash: String
            let sequence: Int64
            let time: Int64
        }
        let seal: Head
        let signature: String
    }

    /// - Returns: `nil` for a line that is not exactly one that `json` makes.
    init?(json line: some DataProtocol) {
        guard line.count <= 512, let form = try? JSONDecoder().decode(Form.self, from: Data(line)) else { return nil }
        self.init(
            sequence: form.seal.sequence, hash: form.seal.hash, time: Date(milliseconds: form.seal.time),
            signature: form.signature)
        guard json.utf8.elementsEqual(line), signature == signature.lowercased() else { return nil }
    }
}
