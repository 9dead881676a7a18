import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

private let root = SigningKey.random()
private let middle = SigningKey.random()
private let server = KeyPair.random().publicKey

/// Any bytes are refused as a certificate chain; so are any details with good signatures that do not vouch for the key.
///
/// The first byte says which: the whole chain, the details of the intermediate, or the details of the leaf.
@_cdecl("LLVMFuzzerTestOneInput")
func readCertificates(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let rest = Array(input.dropFirst())
    let chain: [UInt8]
    switch (input.first ?? 0) % 8 {
    case 0: chain = signed(rest, details(serial: 2, issuer: 1, key: server))
    case 1: chain = signed(details(serial: 1, issuer: 0, key: middle.publicKey), rest)
    default: chain = rest
    }
    let trust = CertificateTrust(root: root.publicKey)
    guard (try? trust.verify(chain, for: server, at: 1_800_000_000)) != nil else { return 0 }
    // Only details that say the right things themselves pass.
    let read = try? WACertificateChain(serializedBytes: chain)
    let leaf = (try? WACertificateDetails(serializedBytes: read?.leaf.details ?? Data())) ?? WACertificateDetails()
    precondition(Array(leaf.key) == server.bytes, "a chain for another key was trusted")
    return 0
}

private func details(serial: UInt32, issuer: UInt32, key: PublicKey) -> [UInt8] {
    var details = WACertificateDetails()
    details.serial = serial
    details.issuerSerial = issuer
    details.key = Data(key.bytes)
    details.notAfter = .max
    return (try? details.serializedBytes()) ?? []
}

private func signed(_ intermediate: [UInt8], _ leaf: [UInt8]) -> [UInt8] {
    var chain = WACertificateChain()
    chain.intermediate.details = Data(intermediate)
    chain.intermediate.signature = Data(XEdDSA.sign(intermediate, with: root))
    chain.leaf.details = Data(leaf)
    chain.leaf.signature = Data(XEdDSA.sign(leaf, with: middle))
    return (try? chain.serializedBytes()) ?? []
}
