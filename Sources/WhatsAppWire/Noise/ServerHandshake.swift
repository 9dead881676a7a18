import Foundation
import SwiftProtobuf
public import WhatsAppKeys
import WhatsAppProto

/// The server's side of the handshake, for emulators and tests: bytes in, bytes out.
public struct ServerHandshake: Sendable {
    /// A client that has shown its keys.
    public struct Client: Sendable {
        /// The client's long-lived Noise key.
        public let key: PublicKey
        /// The `ClientPayload` message.
        public let payload: [UInt8]
        /// The ciphers for all further frames.
        public var ciphers: SessionCiphers
    }

    /// What a client's message led to.
    public enum Step: Sendable {
        /// Send this as a frame, and wait for the client's next one.
        case reply([UInt8])
        /// The handshake is done; if there is a reply (after IK), send it first.
        case done(Client, reply: [UInt8]?)
    }

    private enum State {
        case ready
        case waiting(SymmetricState)
        case done
    }

    private let keys: KeyPair
    private let ephemeral: KeyPair
    private let chain: [UInt8]
    private let resumes: Bool
    private var state = State.ready

    /// - Parameters:
    ///   - keys: the server's static keys.
    ///   - chain: a `CertificateChain` message for them.
    ///   - resumes: whether IK is accepted; otherwise, and if it fails, the server falls back.
    ///   - ephemeral: fresh keys; given only in tests.
    public init(keys: KeyPair, chain: [UInt8], resumes: Bool = false, ephemeral: KeyPair = .random()) {
        self.keys = keys
        self.chain = chain
        self.resumes = resumes
        self.ephemeral = ephemeral
    }

    /// Takes the data of the client's frame.
    /// - Throws: `WireError` with `malformedHandshake`, `authentication` or `outOfOrder`. After any error the handshake
    ///   is over.
    public mutating func receive(_ data: [UInt8]) throws(WireError) -> Step {
        let before = state
        state = .done
        let message = try WAHandshakeMessage(reading: data)
        switch before {
        case .ready: return try answer(message.clientHello)
        case .waiting(let noise): return try finish(noise, message.clientFinish)
        case .done: throw WireError(.outOfOrder, "the handshake is over")
        }
    }

    private mutating func answer(_ hello: WAClientHello) throws(WireError) -> Step {
        let theirs = try PublicKey(handshake: [UInt8](hello.ephemeralKey))
        guard hello.hasStaticKey else { return try reply(NoisePattern.xx, to: theirs) }
        guard resumes else { return try reply(NoisePattern.xxFallback, to: theirs) }
        do throws(WireError) {
            return try resume(hello, theirs)
        } catch  where error.code == .authentication {
            return try reply(NoisePattern.xxFallback, to: theirs)
        }
    }

    private mutating func reply(_ pattern: StaticString, to theirs: PublicKey) throws(WireError) -> Step {
        var noise = try SymmetricState(pattern: pattern, prologue: ConnectionIntro.header)
        noise.mixHash(theirs)
        noise.mixHash(ephemeral.publicKey)
        try noise.mixAgreement(of: ephemeral, with: theirs)
        var message = WAHandshakeMessage()
        message.serverHello.ephemeralKey = ephemeral.publicKey.data
        message.serverHello.staticKey = .init(try noise.seal(keys.publicKey.bytes))
        try noise.mixAgreement(of: keys, with: theirs)
        message.serverHello.payload = .init(try noise.seal(chain))
        state = .waiting(noise)
        return .reply(try message.encoded())
    }

    private func resume(_ hello: WAClientHello, _ theirs: PublicKey) throws(WireError) -> Step {
        var noise = try SymmetricState(pattern: NoisePattern.ik, prologue: ConnectionIntro.header)
        noise.mixHash(keys.publicKey)
        noise.mixHash(theirs)
        try noise.mixAgreement(of: keys, with: theirs)
        let clientKey = try PublicKey(handshake: noise.open([UInt8](hello.staticKey)))
        try noise.mixAgreement(of: keys, with: clientKey)
        let payload = try noise.open([UInt8](hello.payload))

        noise.mixHash(ephemeral.publicKey)
        try noise.mixAgreement(of: ephemeral, with: theirs)
        try noise.mixAgreement(of: ephemeral, with: clientKey)
        var message = WAHandshakeMessage()
        message.serverHello.ephemeralKey = ephemeral.publicKey.data
        message.serverHello.payload = .init(try noise.seal(chain))
        return .done(try client(clientKey, payload, noise), reply: try message.encoded())
    }

    private func finish(_ begun: SymmetricState, _ finish: WAClientFinish) throws(WireError) -> Step {
        var noise = begun
        let clientKey = try PublicKey(handshake: noise.open([UInt8](finish.staticKey)))
        try noise.mixAgreement(of: ephemeral, with: clientKey)
        let payload = try noise.open([UInt8](finish.payload))
        return .done(try client(clientKey, payload, noise), reply: nil)
    }

    private func client(
        _ key: PublicKey, _ payload: [UInt8], _ noise: SymmetricState
    ) throws(WireError) -> Client {
        let split = try noise.split()
        return Client(key: key, payload: payload, ciphers: SessionCiphers(sealing: split.server, opening: split.client))
    }
}
