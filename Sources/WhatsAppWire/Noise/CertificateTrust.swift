import Foundation
import SwiftProtobuf
public import WhatsAppKeys
import WhatsAppProto

/// Decides whether a server's key is vouched for.
public struct CertificateTrust: Sendable, Hashable {
    /// The key that signs the intermediate certificates.
    public let root: PublicKey

    /// Trust in what `root` signs. Another root than WhatsApp's is for emulators only.
    public init(root: PublicKey) { self.root = root }

    /// The root that WhatsApp's clients have built in.
    public static let whatsAppRoot: [UInt8] = [
        0x14, 0x23, 0x75, 0x57, 0x4D, 0x0A, 0x58, 0x71, 0x66, 0xAA, 0xE7, 0x1E, 0xBE, 0x51, 0x64, 0x37,
        0xC4, 0xA2, 0x8B, 0x73, 0xE3, 0x69, 0x5C, 0x6C, 0xE1, 0xF7, 0xF9, 0x54, 0x5D, 0xA8, 0xEE, 0x6B,
    ]

    /// Trust in WhatsApp's root.
    public static func whatsApp() throws(KeyError) -> CertificateTrust {
        CertificateTrust(root: try PublicKey(whatsAppRoot))
    }

    /// Checks the whole chain from the root down to the server's key.
    ///
    /// - Parameters:
    ///   - chain: a `CertificateChain` message, as it came.
    ///   - serverKey: the static key that the server used in the handshake.
    ///   - seconds: the time, in seconds since 1970.
    /// - Throws: `WireError` with one of the codes that begin with `certificate`.
    public func verify(_ chain: [UInt8], for serverKey: PublicKey, at seconds: Int64) throws(WireError) {
        let certificates: WACertificateChain
        do {
            certificates = try WACertificateChain(serializedBytes: chain)
        } catch {
            throw WireError(.certificateMalformed, "the server's certificates cannot be read", underlying: error)
        }
        let intermediate = try read(certificates.intermediate, signedBy: root, "intermediate")
        guard intermediate.issuerSerial == 0 else {
            throw WireError(.certificateIssuer, "the intermediate certificate is not of the root")
        }
        let leaf = try read(certificates.leaf, signedBy: intermediate.publicKey, "leaf")
        guard leaf.issuerSerial == intermediate.serial else {
            throw WireError(.certificateIssuer, "the leaf certificate is not of the intermediate one")
        }
        guard leaf.publicKey == serverKey else {
            throw WireError(.certificateKey, "the leaf certificate is for another key than the server's")
        }
        try check(intermediate, at: seconds, "intermediate")
        try check(leaf, at: seconds, "leaf")
    }

    private struct Certificate {
        let serial: UInt32
        let issuerSerial: UInt32
        let publicKey: PublicKey
        let notBefore: UInt64
        let notAfter: UInt64
    }

    private func read(
        _ certificate: WANoiseCertificate, signedBy key: PublicKey, _ name: String
    ) throws(WireError) -> Certificate {
        let details = [UInt8](certificate.details)
        guard XEdDSA.isValid([UInt8](certificate.signature), over: details, by: key) else {
            throw WireError(.certificateSignature, "the \(name) certificate's signature is not valid")
        }
        do {
            let fields = try WACertificateDetails(serializedBytes: details)
            guard fields.key.count == PublicKey.byteCount else {
                throw WireError(.certificateMalformed, "the key in the \(name) certificate has no 32 bytes")
            }
            return Certificate(
                serial: fields.serial, issuerSerial: fields.issuerSerial, publicKey: try PublicKey([UInt8](fields.key)),
                notBefore: fields.notBefore, notAfter: fields.notAfter)
        } catch let error as WireError {
            throw error
        } catch {
            throw WireError(.certificateMalformed, "the \(name) certificate cannot be read", underlying: error)
        }
    }

    private func check(_ certificate: Certificate, at seconds: Int64, _ name: String) throws(WireError) {
        let now = UInt64(max(0, seconds))
        guard now >= certificate.notBefore else {
            throw WireError(.certificateNotYetValid, "the \(name) certificate is not valid yet; check the clock")
        }
        guard now <= certificate.notAfter else {
            throw WireError(.certificateExpired, "the \(name) certificate is no longer valid; check the clock")
        }
    }
}
