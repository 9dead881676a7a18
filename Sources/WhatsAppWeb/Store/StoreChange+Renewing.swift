public import Foundation
import WhatsAppKeys

extension StoreKey {
    /// The entry with the account's own keys; a store without it belongs to no client yet.
    public static let credentials = Credentials.key
}

extension StoreChange {
    /// What has to be changed in a store that is older than what the client has sent, before a client runs on it: no
    /// session and no key of a group goes on, and no number of a prekey is given out twice. Identity and account stay.
    /// - Parameter credentials: the value of `StoreKey.credentials`.
    /// - Throws: `WebError` with `store` when it is damaged.
    public static func renewingRatchets(of credentials: [UInt8], at now: Date) throws -> [StoreChange] {
        var credentials = try Credentials(decoding: credentials)
        credentials.skipLostNumbers(at: now)
        return [
            .deleteAll(.session, prefix: ""), .deleteAll(.senderKey, prefix: ""),
            .put(Credentials.key, try credentials.encoded()),
        ]
    }
}
