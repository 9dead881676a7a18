import Foundation
import SwiftProtobuf
public import WhatsAppKeys
import WhatsAppProto

/// The client's side of the handshake: bytes in, bytes out.
///
/// With XX: `start()`, then `receive` the server's answer and send what it returns. With IK (`knownServerKey`) the
/// session can be ready one message earlier; a server that does not go along falls back to XX by itself.
public struct ClientHandshake: Sendable {
    /// A handshake that is done.
    public struct Completion: Sendable {
        /// The data of the frame that the client sends now; nil after IK, where the server has all it needs.
        public let reply: [UInt8]?
        /// The ciphers for all further frames.
        public var ciphers: SessionCiphers
        /// The server's static key, certified; may be kept for the next connection's IK.
        public let serverKey: PublicKey
    }

    private enum State {
        case ready
        case waiting
        case waitingForResumption(SymmetricState, PublicKey)
        case done
    }

    /// Checks a certificate chain for a key at a time.
    typealias Verification = @Sendable (_ chain: [UInt8], _ key: PublicKey, _ seconds: Int64) throws(WireError) -> Void

    private let keys: KeyPair
    private let ephemeral: KeyPair
    private let payload: [UInt8]
    private let verify: Verification
    private let knownServerKey: PublicKey?
    private var state = State.ready

    /// - Parameters:
    ///   - keys: the client's long-lived Noise keys.
    ///   - payload: a `ClientPayload` message.
    ///   - trust: decides about the server's certificates.
    ///   - knownServerKey: the server's key of an earlier connection, to try IK with.
    ///   - ephemeral: fresh keys; given only in tests.
    public init(
        keys: KeyPair, payload: [UInt8], trust: CertificateTrust, knownServerKey: PublicKey? = nil,
        ephemeral: KeyPair = .random()
    ) {
        self.init(keys: keys, payload: payload, knownServerKey: knownServerKey, ephemeral: ephemeral) {
            (chain, key, seconds) throws(WireError) in try trust.verify(chain, for: key, at: seconds)
        }
    }

    /// The same with any check of the certificates, for fixed examples that have none.
    init(
        keys: KeyPair, payload: [UInt8], knownServerKey: PublicKey?, ephemeral: KeyPair,
        verify: @escaping Verification
    ) {
        self.keys = keys
        self.payload = payload
        self.verify = verify
        self.knownServerKey = knownServerKey
        self.ephemeral = ephemeral
    }

    /// The data of the first frame, which goes behind the header.
    /// - Throws: `WireError` with `outOfOrder` or `malformedHandshake`.
    public mutating func start() throws(WireError) -> [UInt8] {
        guard case .ready = state else { throw WireError(.outOfOrder, "the handshake has begun already") }
        var message = WAHandshakeMessage()
        message.clientHello.ephemeralKey = ephemeral.publicKey.data
        guard let known = knownServerKey else {
            state = .waiting
            return try message.encoded()
        }
        var noise = try SymmetricState(pattern: NoisePattern.ik, prologue: ConnectionIntro.header)
        noise.mixHash(known)
        noise.mixHash(ephemeral.publicKey)
        try noise.mixAgreement(of: ephemeral, with: known)
        message.clientHello.staticKey = .init(try noise.seal(keys.publicKey.bytes))
        try noise.mixAgreement(of: keys, with: known)
        message.clientHello.payload = .init(try noise.seal(payload))
        state = .waitingForResumption(noise, known)
        return try message.encoded()
    }

    /// Takes the data of the server's frame.
    /// - Parameter seconds: the time, in seconds since 1970, for the certificates.
    /// - Throws: `WireError` with `malformedHandshake`, `authentication`, `outOfOrder` or a code of certificates. After
    ///   any error the handshake is over.
    public mutating func receive(_ data: [UInt8], at seconds: Int64) throws(WireError) -> Completion {
        let before = state
        state = .done
        let hello = try WAHandshakeMessage(reading: data).serverHello
        switch before {
        case .waiting:
            return try finish(
                SymmetricState(pattern: NoisePattern.xx, prologue: ConnectionIntro.header), hello, seconds)
        case .waitingForResumption(let noise, let key):
            if hello.staticKey.isEmpty { return try resume(noise, hello, key, seconds) }
            let fallback = try SymmetricState(pattern: NoisePattern.xxFallback, prologue: ConnectionIntro.header)
            return try finish(fallback, hello, seconds)
        case .ready, .done:
            throw WireError(.outOfOrder, "the handshake does not wait for an answer")
        }
    }

    private func finish(
        _ begun: SymmetricState, _ hello: WAServerHello, _ seconds: Int64
    ) throws(WireError) -> Completion {
        var noise = begun
        let theirs = try PublicKey(handshake: [UInt8](hello.ephemeralKey))
        noise.mixHash(ephemeral.publicKey)
        noise.mixHash(theirs)
        try noise.mixAgreement(of: ephemeral, with: theirs)
        let serverKey = try PublicKey(handshake: noise.open([UInt8](hello.staticKey)))
        try noise.mixAgreement(of: ephemeral, with: serverKey)
        try verify(noise.open([UInt8](hello.payload)), serverKey, seconds)

        var message = WAHandshakeMessage()
        message.clientFinish.staticKey = .init(try noise.seal(keys.publicKey.bytes))
        try noise.mixAgreement(of: keys, with: theirs)
        message.clientFinish.payload = .init(try noise.seal(payload))
        let split = try noise.split()
        return Completion(
            reply: try message.encoded(), ciphers: SessionCiphers(sealing: split.client, opening: split.server),
            serverKey: serverKey)
    }

    private func resume(
        _ begun: SymmetricState, _ hello: WAServerHello, _ serverKey: PublicKey, _ seconds: Int64
    ) throws(WireError) -> Completion {
        var noise = begun
        let theirs = try PublicKey(handshake: [UInt8](hello.ephemeralKey))
        noise.mixHash(theirs)
        try noise.mixAgreement(of: ephemeral, with: theirs)
        try noise.mixAgreement(of: keys, with: theirs)
        try verify(noise.open([UInt8](hello.payload)), serverKey, seconds)
        let split = try noise.split()
        return Completion(
            reply: nil, ciphers: SessionCiphers(sealing: split.client, opening: split.server), serverKey: serverKey)
    }
}
