public import Foundation
import Synchronization
import SwiftProtobuf
public import WhatsAppKeys
import WhatsAppProto

/// What the emulated server proves itself with: a root key, and a chain of certificates down to its own key.
public final class NoiseAuthority: Sendable {
    /// What is wrong with a handshake on purpose.
    enum Fault: String, Sendable, CaseIterable {
        /// Nothing.
        case none
        /// The connection closes when the client's first message has come.
        case closeAtHello = "close-at-hello"
        /// The connection closes when the client's last message has come.
        case closeAtFinish = "close-at-finish"
        /// The certificates were valid until yesterday.
        case expired
        /// The certificates are valid from tomorrow on.
        case early
        /// The certificates are signed by another root.
        case stranger
        /// The leaf is for another key than the server's.
        case otherKey = "other-key"
    }

    /// The server's keys in the handshake.
    public let keys = KeyPair.random()
    private let root: SigningKey
    private let chosen = Mutex(Fault.none)

    /// - Parameter root: what clients trust; by default one of its own.
    public init(root: SigningKey = .random()) { self.root = root }

    /// The public half of the root key, 32 bytes: what clients must trust.
    public var rootKey: [UInt8] { root.publicKey.bytes }

    /// The fault of all further handshakes.
    var fault: Fault {
        get { chosen.withLock { $0 } }
        set { chosen.withLock { $0 = newValue } }
    }

    /// A `CertificateChain` message, made for now and the fault.
    public func chain(now: Date = Date()) throws -> [UInt8] {
        let day: TimeInterval = 86_400
        let (start, end): (TimeInterval, TimeInterval) =
            switch fault {
            case .expired: (-10 * day, -day)
            case .early: (day, 10 * day)
            default: (-day, 365 * day)
            }
        let validity = (now.addingTimeInterval(start), now.addingTimeInterval(end))
        let intermediate = SigningKey.random()
        let leafKey = fault == .otherKey ? KeyPair.random().publicKey : keys.publicKey
        var chain = WACertificateChain()
        chain.intermediate = try Self.certificate(
            serial: 1, issuer: 0, key: intermediate.publicKey, validity,
            signedBy: fault == .stranger ? .random() : root)
        chain.leaf = try Self.certificate(serial: 2, issuer: 1, key: leafKey, validity, signedBy: intermediate)
        return try chain.serializedBytes()
    }

    private static func certificate(
        serial: UInt32, issuer: UInt32, key: PublicKey, _ validity: (Date, Date), signedBy signer: SigningKey
    ) throws -> WANoiseCertificate {
        var details = WACertificateDetails()
        details.serial = serial
        details.issuerSerial = issuer
        details.key = Data(key.bytes)
        details.notBefore = UInt64(max(0, validity.0.timeIntervalSince1970))
        details.notAfter = UInt64(max(0, validity.1.timeIntervalSince1970))
        let bytes: [UInt8] = try details.serializedBytes()
        var certificate = WANoiseCertificate()
        certificate.details = Data(bytes)
        certificate.signature = Data(XEdDSA.sign(bytes, with: signer))
        return certificate
    }
}
