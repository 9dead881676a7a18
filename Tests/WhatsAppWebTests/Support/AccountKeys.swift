import Foundation
import Logging
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

@testable import WhatsAppWeb

/// The keys of an account's phone, which vouch for companions.
struct AccountKeys {
    let phone = SigningKey.random()

    /// What vouches for a companion.
    /// - Parameters:
    ///   - isNamed: whether the account's key is in it.
    ///   - isHosted: whether a business host runs the companion.
    func vouch(for companion: SigningKey, isNamed: Bool = true, isHosted: Bool = false) throws -> [UInt8] {
        let details: [UInt8] = try WADeviceIdentity.with {
            $0.rawID = 1
            $0.keyIndex = 1
            $0.deviceType = isHosted ? .hosted : .e2Ee
        }.serializedBytes()
        let key = companion.publicKey.bytes
        let account = phone.publicKey.bytes
        return try WASignedDeviceIdentity.with {
            $0.details = Data(details)
            if isNamed { $0.accountSignatureKey = Data(account) }
            $0.accountSignature = Data(XEdDSA.sign([6, isHosted ? 5 : 0] + details + key, with: phone))
            $0.deviceSignature = Data(
                XEdDSA.sign([6, isHosted ? 6 : 1] + details + key + account, with: companion))
        }.serializedBytes()
    }

    /// The signed list of companions.
    func keyIndexList(valid: [UInt32], current: UInt32, signedBy signer: SigningKey? = nil) throws -> [UInt8] {
        let details: [UInt8] = try WAKeyIndexList.with {
            $0.currentIndex = current
            $0.validIndexes = valid
        }.serializedBytes()
        let signer = signer ?? phone
        return try WASignedKeyIndexList.with {
            $0.details = Data(details)
            $0.accountSignature = Data(XEdDSA.sign([6, 2] + details, with: signer))
            $0.accountSignatureKey = Data(signer.publicKey.bytes)
        }.serializedBytes()
    }
}

extension OfferedKeys {
    /// Keys of this identity, as a retry receipt brings them.
    static func sample(of identity: SigningKey, _ deviceIdentity: [UInt8]? = nil) throws -> OfferedKeys? {
        let signed = Credentials.SignedPrekey(id: 1, keys: .random(), by: identity, at: Date())
        let vouching = deviceIdentity.map { [Node("device-identity", bytes: $0)] } ?? []
        let keys: [Node] = [
            Node("type", bytes: [5]), Node("identity", bytes: identity.publicKey.bytes), .signedPrekey(signed),
        ]
        return try OfferedKeys(
            Node("receipt", [:], [Node("registration", bytes: [0, 0, 0, 1]), Node("keys", [:], keys + vouching)]))
    }
}

extension WebClient {
    /// A client of the account of `People.me`, which is not connected.
    static func linked(
        to account: AccountKeys, store: any WebStore = MemoryStore()
    ) async throws -> WebClient {
        let client = WebClient(settings: WebSettings(), store: store, logger: Logger(label: "test"))
        try await client.beLinked(to: account)
        return client
    }

    private func beLinked(to account: AccountKeys) throws {
        var credentials = Credentials.random(at: Date())
        credentials.account = .init(
            phoneNumber: People.myPhone.with(device: 1), lid: People.me.with(device: 1),
            deviceIdentity: try account.vouch(for: credentials.identity))
        self.credentials = credentials
    }

    /// Begins a session with a device that has this identity.
    func know(_ device: JID, as identity: SigningKey) throws {
        guard let offer = try OfferedKeys.sample(of: identity) else { return }
        sessions[session: device.signalAddress] = try cipher().begin(with: offer.bundle, trusting: nil)
    }

    /// Whether the keys would be used for a message.
    func takes(_ offer: OfferedKeys?, of device: JID) async throws -> Bool {
        try await checked(offer, of: device) != nil
    }
}
