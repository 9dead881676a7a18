import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import WhatsAppKeys
import X509

/// The keys that clients are made to trust, kept in a folder or only in memory.
///
/// Files: `noise-root.key` and `noise-root.pub` (hexadecimal), `ca.pem`, `server.pem`, `server.key`.
struct EmulatorState: Sendable {
    /// The hosts that the TLS certificate is for.
    static let hosts = [
        "web.whatsapp.com", "mmg.whatsapp.net", "media.whatsapp.net", "pps.whatsapp.net", "static.whatsapp.net",
        "localhost",
    ]
    /// The root of the server's certificates in the handshake.
    let root: SigningKey
    /// The certificate that clients of the TLS port must trust, PEM.
    let authority: String
    private let chain: String
    private let key: String

    /// Reads `folder`, and makes and writes what is not there; nil keeps all in memory.
    init(folder: URL?) throws {
        guard let folder else {
            self.init(root: .random(), tls: try Self.issue())
            return
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let names = ["ca.pem", "server.pem", "server.key"].map { folder.appending(path: $0) }
        let stored = names.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
        let tls = stored.count == 3 ? (stored[0], stored[1], stored[2]) : try Self.issue()
        let rootFile = folder.appending(path: "noise-root.key")
        let bytes = (try? String(contentsOf: rootFile, encoding: .utf8)).flatMap(HexadecimalText.bytes)
        let root = try bytes.map { SigningKey(try KeyPair(privateKey: SecretBytes($0))) } ?? .random()
        self.init(root: root, tls: tls)
        if bytes == nil {
            try Self.write(HexadecimalText.text(root.pair.privateKey.exposed()), to: rootFile, isSecret: true)
        }
        let publicFile = folder.appending(path: "noise-root.pub")
        try Self.write(HexadecimalText.text(root.publicKey.bytes) + "\n", to: publicFile, isSecret: false)
        if stored.count != 3 {
            for (name, text) in zip(names, [tls.0, tls.1, tls.2]) {
                try Self.write(text, to: name, isSecret: name.pathExtension == "key")
            }
        }
    }

    private init(root: SigningKey, tls: (String, String, String)) {
        self.root = root
        (authority, chain, key) = tls
    }

    /// What the TLS port serves with.
    func context() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(chain.utf8), format: .pem)
        let privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)], privateKey: .privateKey(privateKey))
        settings.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: settings)
    }

    private static func write(_ text: String, to file: URL, isSecret: Bool) throws {
        let mode = isSecret ? 0o600 : 0o644
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file.path]) }
    }

    /// An authority, and a certificate of it for the hosts with its key.
    private static func issue() throws -> (authority: String, chain: String, key: String) {
        let (issuerKey, key) = (P256.Signing.PrivateKey(), P256.Signing.PrivateKey())
        let issuer = try DistinguishedName { CommonName("Emulator test CA") }
        let subject = try DistinguishedName { CommonName("web.whatsapp.com") }
        let (start, end) = (Date().addingTimeInterval(-86_400), Date().addingTimeInterval(365 * 86_400))
        let authority = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(issuerKey.publicKey), notValidBefore: start,
            notValidAfter: end, issuer: issuer, subject: issuer, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
            }, issuerPrivateKey: .init(issuerKey))
        let leaf = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: start,
            notValidAfter: end, issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                SubjectAlternativeNames(hosts.map { .dnsName($0) })
                try ExtendedKeyUsage([.serverAuth])
            }, issuerPrivateKey: .init(issuerKey))
        return (
            try authority.serializeAsPEM().pemString, try leaf.serializeAsPEM().pemString, key.pemRepresentation
        )
    }
}
