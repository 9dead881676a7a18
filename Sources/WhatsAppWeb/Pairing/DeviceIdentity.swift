import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// How an account and its devices vouch for each other.
enum DeviceIdentity {
    /// What is put before a text that is signed, so that no signature can stand for another.
    private enum Prefix {
        static let account: [UInt8] = [6, 0]
        static let device: [UInt8] = [6, 1]
        static let keyIndexes: [UInt8] = [6, 2]
        static let hostedAccount: [UInt8] = [6, 5]
        static let hostedDevice: [UInt8] = [6, 6]
    }

    /// What linking yields.
    struct Signed: Sendable {
        /// The whole identity, to be stored and sent with first messages.
        var whole: [UInt8]
        /// The same without the account's key, for the answer to the server.
        var answer: [UInt8]
        var keyIndex: UInt32
        /// The phone's identity key.
        var accountKey: PublicKey
    }

    /// Why a linking is refused; the server is told so.
    enum Refusal: Error, Hashable {
        case malformed
        case wrongHMAC
        case wrongSignature
    }

    /// Checks the identity that the phone made for this device, and signs it.
    /// - Parameter container: a `SignedDeviceIdentityContainer` message.
    /// - Throws: `Refusal`.
    static func sign(_ container: [UInt8], with credentials: Credentials) throws -> Signed {
        guard let container = try? WASignedDeviceIdentityContainer(serializedBytes: container) else {
            throw Refusal.malformed
        }
        let details = [UInt8](container.details)
        let isHosted = container.accountType == .hosted
        let expected = KeyDerivation.authenticate(
            isHosted ? Prefix.hostedAccount : [], details, with: credentials.pairingSecret)
        guard ConstantTime.equal(expected.exposed(), [UInt8](container.hmac)) else { throw Refusal.wrongHMAC }

        guard var identity = try? WASignedDeviceIdentity(serializedBytes: details),
            let device = try? WADeviceIdentity(serializedBytes: identity.details),
            let accountKey = try? PublicKey([UInt8](identity.accountSignatureKey))
        else { throw Refusal.malformed }
        let own = credentials.identity.publicKey.bytes
        let inner = [UInt8](identity.details)
        let prefix = device.deviceType == .hosted ? Prefix.hostedAccount : Prefix.account
        guard XEdDSA.isValid([UInt8](identity.accountSignature), over: prefix + inner + own, by: accountKey) else {
            throw Refusal.wrongSignature
        }
        identity.deviceSignature = Data(
            XEdDSA.sign(Prefix.device + inner + own + accountKey.bytes, with: credentials.identity))
        var answer = identity
        answer.clearAccountSignatureKey()
        guard let whole: [UInt8] = try? identity.serializedBytes(), let short: [UInt8] = try? answer.serializedBytes()
        else { throw Refusal.malformed }
        return Signed(whole: whole, answer: short, keyIndex: device.keyIndex, accountKey: accountKey)
    }

    /// Whether a device of somebody else belongs to their account.
    /// - Parameters:
    ///   - bytes: a `SignedDeviceIdentity` message, as it comes with the device's keys.
    ///   - key: the device's identity key.
    ///   - account: the identity key of the account's phone; nil when it is not known, then the one that the message
    ///     holds is trusted.
    static func isValid(_ bytes: [UInt8], of key: PublicKey, account: PublicKey?) -> Bool {
        guard let identity = try? WASignedDeviceIdentity(serializedBytes: bytes),
            let device = try? WADeviceIdentity(serializedBytes: identity.details),
            let accountKey = account ?? (try? PublicKey([UInt8](identity.accountSignatureKey)))
        else { return false }
        let isHosted = device.deviceType == .hosted
        let inner = [UInt8](identity.details)
        let forAccount = (isHosted ? Prefix.hostedAccount : Prefix.account) + inner + key.bytes
        let forDevice = (isHosted ? Prefix.hostedDevice : Prefix.device) + inner + key.bytes + accountKey.bytes
        return XEdDSA.isValid([UInt8](identity.accountSignature), over: forAccount, by: accountKey)
            && XEdDSA.isValid([UInt8](identity.deviceSignature), over: forDevice, by: key)
    }

    /// The key indexes that an account has signed as valid; nil when the list is not the account's.
    /// - Parameters:
    ///   - bytes: a `SignedKeyIndexList` message.
    ///   - account: the identity key of the account's phone.
    static func keyIndexes(_ bytes: [UInt8], account: PublicKey) -> WAKeyIndexList? {
        guard let list = try? WASignedKeyIndexList(serializedBytes: bytes),
            XEdDSA.isValid([UInt8](list.accountSignature), over: Prefix.keyIndexes + [UInt8](list.details), by: account)
        else { return nil }
        return try? WAKeyIndexList(serializedBytes: list.details)
    }
}

extension Credentials.Account {
    /// The identity key of the account's phone, which vouches for all its devices.
    var key: PublicKey? {
        let identity = try? WASignedDeviceIdentity(serializedBytes: deviceIdentity)
        return identity.flatMap { try? PublicKey([UInt8]($0.accountSignatureKey)) }
    }
}
