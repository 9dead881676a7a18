import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto

@testable import WhatsAppWire

/// Makes certificate chains, good and bad ones.
struct TestCertificates {
    static let now: Int64 = 1_800_000_000

    var root = SigningKey.random()
    var intermediate = SigningKey.random()
    var server = KeyPair.random()
    /// Changes the details before they are signed.
    var changeIntermediate: (inout WACertificateDetails) -> Void = { _ in }
    var changeLeaf: (inout WACertificateDetails) -> Void = { _ in }

    func chain() throws -> [UInt8] { try certificates().serializedBytes() }

    func certificates() throws -> WACertificateChain {
        var chain = WACertificateChain()
        chain.intermediate = try certificate(
            serial: 7, issuer: 0, key: intermediate.publicKey, by: root, changeIntermediate)
        chain.leaf = try certificate(serial: 8, issuer: 7, key: server.publicKey, by: intermediate, changeLeaf)
        return chain
    }

    private func certificate(
        serial: UInt32, issuer: UInt32, key: PublicKey, by signer: SigningKey,
        _ change: (inout WACertificateDetails) -> Void
    ) throws -> WANoiseCertificate {
        var details = WACertificateDetails()
        details.serial = serial
        details.issuerSerial = issuer
        details.key = Data(key.bytes)
        details.notBefore = UInt64(Self.now - 1000)
        details.notAfter = UInt64(Self.now + 1000)
        change(&details)
        var certificate = WANoiseCertificate()
        certificate.details = try details.serializedData()
        certificate.signature = Data(XEdDSA.sign([UInt8](certificate.details), with: signer))
        return certificate
    }

    func verify(root: PublicKey? = nil, key: PublicKey? = nil, at seconds: Int64 = now) -> WireError.Code? {
        code {
            try CertificateTrust(root: root ?? self.root.publicKey)
                .verify(chain(), for: key ?? server.publicKey, at: seconds)
        }
    }
}
