import BotKit
import Crypto
import Foundation
import WhatsAppWeb

/// Encrypts the values of one account: AES-256-GCM, each under a random nonce, bound to account, kind and name, so that
/// no row can take another's place.
///
/// Stored is `[1][nonce, 12][ciphertext][tag, 16]`.
struct ValueSeal: Sendable {
    private static let version: UInt8 = 1
    private let key: SymmetricKey
    private let context: [UInt8]

    /// Derives the account's key once.
    init(_ file: WebKeyFile, for account: AccountID) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: file.key, info: Data("martlet web store \(account.rawValue)".utf8), outputByteCount: 32)
        context = [Self.version] + Array(account.rawValue.utf8) + [0]
    }

    func seal(_ value: [UInt8], for name: StoreKey) throws -> Data {
        let box = try AES.GCM.seal(value, using: key, authenticating: place(of: name))
        var sealed = Data(capacity: 1 + 12 + value.count + 16)
        sealed.append(Self.version)
        sealed.append(contentsOf: box.nonce)
        sealed.append(box.ciphertext)
        sealed.append(box.tag)
        return sealed
    }

    /// - Throws: `WebError` with `store` when the row is not what this account stored under this name with this key.
    func open(_ sealed: Data, for name: StoreKey) throws -> [UInt8] {
        do {
            guard sealed.first == Self.version else { throw CryptoKitError.incorrectParameterSize }
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            return Array(try AES.GCM.open(box, using: key, authenticating: place(of: name)))
        } catch {
            throw WebError(
                .store,
                "a stored value (\(name.kind.rawValue)) was changed or sealed with another key; "
                    + "restore the key file, or a backup, or link the account again")
        }
    }

    /// What the value belongs to. Only the name, which is last, could hold a zero byte.
    private func place(of name: StoreKey) -> [UInt8] {
        context + Array(name.kind.rawValue.utf8) + [0] + Array(name.name.utf8)
    }
}
