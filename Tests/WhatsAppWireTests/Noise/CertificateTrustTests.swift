import Foundation
import SwiftProtobuf
import Testing
import WhatsAppKeys
import WhatsAppProto

@testable import WhatsAppWire

@Suite struct CertificateTrustTests {
    let good = TestCertificates()

    @Test func `the chain of the vectors is valid in its time`() throws {
        let vector = try Vectors.load().certificate
        let trust = CertificateTrust(root: try PublicKey([UInt8](hex: vector.rootPublic)))
        let key = try PublicKey([UInt8](hex: vector.serverStaticPublic))
        let chain = [UInt8](hex: vector.chain)
        let (begin, end): (Int64, Int64) = (1_795_141_856, 1_826_764_256)
        for time in [begin, begin + 1000, end] { try trust.verify(chain, for: key, at: time) }
        #expect(code { try trust.verify(chain, for: key, at: begin - 1) } == .certificateNotYetValid)
        #expect(code { try trust.verify(chain, for: key, at: -5) } == .certificateNotYetValid)
        #expect(code { try trust.verify(chain, for: key, at: end + 1) } == .certificateExpired)
    }

    @Test func `the vectors' chain with any byte changed is refused`() throws {
        let vector = try Vectors.load().certificate
        let trust = CertificateTrust(root: try PublicKey([UInt8](hex: vector.rootPublic)))
        let key = try PublicKey([UInt8](hex: vector.serverStaticPublic))
        let chain = [UInt8](hex: vector.chain)
        for index in chain.indices {
            var damaged = chain
            damaged[index] ^= 0x20
            #expect(code { try trust.verify(damaged, for: key, at: 1_800_000_000) } != nil, "byte \(index)")
            #expect(code { try trust.verify(Array(chain[..<index]), for: key, at: 1_800_000_000) } != nil)
        }
    }

    @Test func `a good chain is trusted, and not under another root or for another key`() throws {
        #expect(good.verify() == nil)
        #expect(good.verify(root: KeyPair.random().publicKey) == .certificateSignature)
        #expect(good.verify(key: KeyPair.random().publicKey) == .certificateKey)
        #expect(try good.verify(root: CertificateTrust.whatsApp().root) == .certificateSignature)
    }

    @Test func `issuers must fit together`() {
        var chain = good
        chain.changeIntermediate = { $0.issuerSerial = 1 }
        #expect(chain.verify() == .certificateIssuer)
        chain = good
        chain.changeLeaf = { $0.issuerSerial = 9 }
        #expect(chain.verify() == .certificateIssuer)
        chain = good
        chain.changeIntermediate = { $0.clearIssuerSerial() }
        #expect(chain.verify() == nil, "an absent issuer is the root")
    }

    @Test func `both certificates must be in their time`() {
        for isLeaf in [true, false] {
            var chain = good
            let expire: (inout WACertificateDetails) -> Void = { $0.notAfter = UInt64(TestCertificates.now - 1) }
            if isLeaf { chain.changeLeaf = expire } else { chain.changeIntermediate = expire }
            #expect(chain.verify() == .certificateExpired)
            let delay: (inout WACertificateDetails) -> Void = { $0.notBefore = UInt64(TestCertificates.now + 1) }
            if isLeaf { chain.changeLeaf = delay } else { chain.changeIntermediate = delay }
            #expect(chain.verify() == .certificateNotYetValid)
        }
    }

    @Test func `a leaf signed by the root instead of the intermediate is refused`() throws {
        var chain = good
        chain.intermediate = good.root
        let leaf = try chain.certificates().leaf
        var mixed = try good.certificates()
        mixed.leaf = leaf
        let bytes: [UInt8] = try mixed.serializedBytes()
        #expect(
            code {
                try CertificateTrust(root: good.root.publicKey)
                    .verify(bytes, for: good.server.publicKey, at: TestCertificates.now)
            } == .certificateSignature)
    }

    @Test func `keys of another length and missing certificates are refused`() throws {
        var chain = good
        chain.changeLeaf = { $0.key = $0.key.dropLast() }
        #expect(chain.verify() == .certificateMalformed)
        chain.changeLeaf = { $0.key = Data([5]) + $0.key }
        #expect(chain.verify() == .certificateMalformed)
        for bytes: [UInt8] in [[], [0x0A, 0], [0xFF], [0x0A, 0, 0x12, 0]] {
            #expect(
                code {
                    try CertificateTrust(root: good.root.publicKey)
                        .verify(bytes, for: good.server.publicKey, at: TestCertificates.now)
                } != nil)
        }
    }
}
