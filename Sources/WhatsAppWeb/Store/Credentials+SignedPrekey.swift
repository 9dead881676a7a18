import Foundation
import WhatsAppKeys

extension Credentials {
    /// How old a signed prekey grows.
    static let signedPrekeyAge: TimeInterval = 7 * 86_400
    /// How long one is kept after it was replaced, for messages that were on their way or waited for us.
    static let earlierPrekeyAge: TimeInterval = 28 * 86_400
    /// The most that are kept beside the present one.
    static let earlierPrekeyLimit = 8

    /// The signed prekey with this number, as long as it is kept.
    func signedPrekey(numbered id: UInt32) -> SignedPrekey? {
        signedPrekey.id == id ? signedPrekey : earlierSignedPrekeys.first { $0.id == id }
    }

    /// Whether the signed prekey has served its time; one from the future was made while the clock was wrong.
    func needsNewSignedPrekey(at now: Date) -> Bool {
        let age = now.timeIntervalSince1970 - Double(signedPrekey.madeAt)
        return age >= Self.signedPrekeyAge || age < -86_400
    }

    /// Makes a new signed prekey, which the server has to be told of, and forgets those that were replaced long ago.
    /// - Parameter step: how much higher its number is.
    mutating func renewSignedPrekey(at now: Date, step: UInt32 = 1) {
        let number = (signedPrekey.id &+ step) & 0xFF_FFFF
        var replaced = Double(now.timeIntervalSince1970)
        var kept: [SignedPrekey] = []
        for key in [signedPrekey] + earlierSignedPrekeys.prefix(Self.earlierPrekeyLimit - 1) {
            guard now.timeIntervalSince1970 - replaced < Self.earlierPrekeyAge else { break }
            kept.append(key)
            replaced = Double(key.madeAt)
        }
        earlierSignedPrekeys = kept
        signedPrekey = SignedPrekey(id: max(1, number), keys: .random(), by: identity, at: now)
        signedPrekeyIsNews = true
    }

    /// Goes beyond all numbers that may have been given out since this copy was stored.
    mutating func skipLostNumbers(at now: Date) {
        nextPrekeyID += 1 << 16
        renewSignedPrekey(at: now, step: 1 << 10)
    }
}
