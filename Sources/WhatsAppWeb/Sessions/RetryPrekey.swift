import Foundation
import WhatsAppKeys
import WhatsAppSignal

/// A one-time prekey that was given to one sender alone, with the request for a message; many are never used.
///
/// It is stored as any other, with the time when it was made behind it: 8 bytes, seconds since 1970.
enum RetryPrekey {
    /// The most that are kept.
    static let limit = 100
    /// How long one is kept, in seconds: longer than the server keeps a message.
    static let lifetime: Int64 = 30 * 86_400
    /// After so many more they are looked through.
    static let step = 50

    static func stored(_ prekey: Prekey, madeAt now: Date) -> [UInt8] {
        let seconds = Int64(now.timeIntervalSince1970)
        return prekey.stored + (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * Int64($0))) }
    }

    /// When a stored prekey was made; nil for those that the server hands out, which are kept until they are used.
    static func madeAt(in bytes: [UInt8]) -> Int64? {
        bytes.count == Prekey.storedByteCount + 8 ? bytes.suffix(8).reduce(0) { $0 << 8 | Int64($1) } : nil
    }
}

extension Prekey {
    static let storedByteCount = 64

    /// The form in the store: both halves, the private one first.
    var stored: [UInt8] { pair.privateKey.exposed() + pair.publicKey.bytes }

    init?(id: UInt32, stored bytes: [UInt8]) {
        guard bytes.count == Self.storedByteCount || RetryPrekey.madeAt(in: bytes) != nil,
            let publicKey = try? PublicKey(Array(bytes[32..<64])),
            let pair = try? KeyPair(privateKey: SecretBytes(Array(bytes[..<32])), storedWith: publicKey)
        else { return nil }
        self.init(id: id, pair: pair)
    }
}

extension WebClient {
    /// Forgets prekeys that were given to one sender and never used: those of a month, and the oldest above a limit.
    func pruneRetryPrekeys() async throws {
        try await prune(.preKey, limit: RetryPrekey.limit, lifetime: RetryPrekey.lifetime) { bytes in
            RetryPrekey.madeAt(in: bytes).map { .madeAt($0) } ?? .lasting
        }
    }
}
