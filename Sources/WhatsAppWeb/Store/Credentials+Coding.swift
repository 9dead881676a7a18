import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

extension Credentials {
    /// The form in the store. It holds private keys: the store encrypts it.
    func encoded() throws -> [UInt8] {
        var stored = WAStoredCredentials()
        stored.version = Self.version
        stored.noiseKey = noise.privateKey.data
        stored.identityKey = identity.pair.privateKey.data
        stored.registrationID = registrationID
        stored.signedPrekey = signedPrekey.stored
        stored.earlierSignedPrekey = earlierSignedPrekeys.map(\.stored)
        if signedPrekeyIsNews { stored.signedPrekeyIsNews = true }
        stored.pairingSecret = pairingSecret.data
        stored.nextPrekeyID = nextPrekeyID
        if let pushName { stored.pushName = pushName }
        if let account {
            stored.account = .with {
                $0.phoneNumber = account.phoneNumber.description
                $0.lid = account.lid.description
                $0.deviceIdentity = Data(account.deviceIdentity)
                if let platform = account.platform { $0.platform = platform }
                if let name = account.businessName { $0.businessName = name }
            }
        }
        return try stored.serializedBytes()
    }

    /// - Throws: `WebError` with `store` when the bytes are damaged or of a newer version.
    init(decoding bytes: [UInt8]) throws {
        let stored: WAStoredCredentials
        do {
            stored = try WAStoredCredentials(serializedBytes: bytes)
            guard stored.version == Self.version else {
                throw WebError(.store, "the account's keys were stored by a newer version; start that one")
            }
            noise = try KeyPair(privateKey: SecretBytes(copying: stored.noiseKey))
            identity = SigningKey(try KeyPair(privateKey: SecretBytes(copying: stored.identityKey)))
            signedPrekey = try SignedPrekey(stored.signedPrekey)
            earlierSignedPrekeys = try stored.earlierSignedPrekey.map { try SignedPrekey($0) }
            signedPrekeyIsNews = stored.signedPrekeyIsNews
        } catch let error as WebError {
            throw error
        } catch {
            throw WebError(.store, "the stored keys of the account are damaged; restore a backup or link it again")
        }
        registrationID = stored.registrationID
        pairingSecret = SecretBytes(copying: stored.pairingSecret)
        nextPrekeyID = max(1, stored.nextPrekeyID)
        pushName = stored.hasPushName ? stored.pushName : nil
        account = nil
        if stored.hasAccount {
            guard let number = JID(stored.account.phoneNumber), let lid = JID(stored.account.lid) else {
                throw WebError(.store, "the stored account is damaged; restore a backup or link it again")
            }
            account = Account(
                phoneNumber: number, lid: lid, deviceIdentity: [UInt8](stored.account.deviceIdentity),
                platform: stored.account.hasPlatform ? stored.account.platform : nil,
                businessName: stored.account.hasBusinessName ? stored.account.businessName : nil)
        }
    }

    private static let version: UInt32 = 1
    static let key = StoreKey(.credentials, "own")
}

extension Credentials.SignedPrekey {
    fileprivate var stored: WAStoredSignedPrekey {
        .with {
            $0.id = id
            $0.privateKey = keys.privateKey.data
            $0.signature = Data(signature)
            $0.madeAt = madeAt
        }
    }

    fileprivate init(_ stored: WAStoredSignedPrekey) throws {
        self.init(
            id: stored.id, keys: try KeyPair(privateKey: SecretBytes(copying: stored.privateKey)),
            signature: [UInt8](stored.signature), madeAt: stored.madeAt)
    }
}

extension SecretBytes {
    /// For protobuf fields, which are `Data`.
    fileprivate var data: Data { withUnsafeBytes { Data($0) } }
    fileprivate init(copying data: Data) { self = data.withUnsafeBytes { SecretBytes($0) } }
}
