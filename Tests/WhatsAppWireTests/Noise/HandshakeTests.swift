import Foundation
import SwiftProtobuf
import Testing
import WhatsAppKeys
import WhatsAppProto

@testable import WhatsAppWire

@Suite struct HandshakeTests {
    let certificates = TestCertificates()
    let clientKeys = KeyPair.random()
    let payload = Array("payload".utf8)
    let now = TestCertificates.now

    private func client(knowing key: PublicKey? = nil, root: PublicKey? = nil) -> ClientHandshake {
        ClientHandshake(
            keys: clientKeys, payload: payload,
            trust: CertificateTrust(root: root ?? certificates.root.publicKey), knownServerKey: key)
    }

    private func server(resumes: Bool = false, keys: KeyPair? = nil) throws -> ServerHandshake {
        ServerHandshake(keys: keys ?? certificates.server, chain: try certificates.chain(), resumes: resumes)
    }

    /// Lets both sides talk to the end.
    private func connect(
        _ client: inout ClientHandshake, _ server: inout ServerHandshake
    ) throws -> (SessionCiphers, ServerHandshake.Client, messages: Int) {
        switch try server.receive(client.start()) {
        case .done(let accepted, let reply?):
            return (try client.receive(reply, at: now).ciphers, accepted, 2)
        case .reply(let hello):
            let done = try client.receive(hello, at: now)
            guard case .done(let accepted, nil) = try server.receive(#require(done.reply)) else { break }
            return (done.ciphers, accepted, 3)
        case .done(_, nil): break
        }
        throw WireError(.outOfOrder, "the handshake does not end")
    }

    @Test(arguments: [true, false], [true, false])
    func `every pattern ends with ciphers that fit`(knows: Bool, resumes: Bool) throws {
        var client = client(knowing: knows ? certificates.server.publicKey : nil)
        var server = try server(resumes: resumes)
        var (own, accepted, messages) = try connect(&client, &server)
        #expect(messages == (knows && resumes ? 2 : 3))
        #expect(accepted.key == clientKeys.publicKey)
        #expect(accepted.payload == payload)
        for text in ["one", "two", ""] {
            let up = try own.sealing.frame(Array(text.utf8))
            #expect(try accepted.ciphers.opening.open(Array(up.dropFirst(3))) == Array(text.utf8))
            let down = try accepted.ciphers.sealing.frame(Array(text.utf8))
            #expect(try own.opening.open(Array(down.dropFirst(3))) == Array(text.utf8))
        }
        #expect(own.sealing.count == 3)
    }

    @Test func `a client that knows an old key of the server falls back`() throws {
        var client = client(knowing: KeyPair.random().publicKey)
        var server = try server(resumes: true)
        #expect(try connect(&client, &server).messages == 3)
    }

    @Test func `another root is refused with a word of its own`() throws {
        var client = client(root: KeyPair.random().publicKey)
        var server = try server()
        #expect(code { _ = try connect(&client, &server) } == .certificateSignature)
    }

    @Test func `a server with another key than its certificate's is refused`() throws {
        var client = client()
        var server = try server(keys: .random())
        #expect(code { _ = try connect(&client, &server) } == .certificateKey)
    }

    @Test func `an expired certificate is refused`() throws {
        var client = client()
        var server = try server()
        guard case .reply(let hello) = try server.receive(client.start()) else { return }
        #expect(code { _ = try client.receive(hello, at: now + 5000) } == .certificateExpired)
        #expect(code { _ = try client.receive(hello, at: now) } == .outOfOrder, "an error ends the handshake")
    }

    @Test func `methods out of order are refused`() throws {
        var client = client()
        #expect(code { _ = try client.receive([], at: now) } != nil)
        var second = self.client()
        _ = try second.start()
        #expect(code { _ = try second.start() } == .outOfOrder)
        var server = try server()
        #expect(code { _ = try server.receive([]) } == .malformedHandshake)
        #expect(code { _ = try server.receive([]) } == .outOfOrder)
    }

    @Test(arguments: [0, 1, 31, 33])
    func `keys of another length are refused`(count: Int) throws {
        var hello = WAHandshakeMessage()
        hello.clientHello.ephemeralKey = Data(repeating: 5, count: count)
        var server = try server()
        let bytes: [UInt8] = try hello.serializedBytes()
        #expect(code { _ = try server.receive(bytes) } == .malformedHandshake)
    }

    @Test func `keys of small order are refused`() throws {
        var hello = WAHandshakeMessage()
        hello.clientHello.ephemeralKey = Data(repeating: 0, count: 32)
        var server = try server()
        let bytes: [UInt8] = try hello.serializedBytes()
        #expect(code { _ = try server.receive(bytes) } == .malformedHandshake)
    }

    @Test func `damaged messages never pass`() throws {
        var random = SeededGenerator(seed: 11)
        for round in 0..<400 {
            var client = client(knowing: round % 2 == 0 ? certificates.server.publicKey : nil)
            var server = try server(resumes: round % 4 < 2)
            var start = try client.start()
            let good = start
            if round % 3 == 0 { random.damage(&start) }
            guard let step = try? server.receive(start) else { continue }
            switch step {
            case .done(_, let reply):
                var reply = try #require(reply)
                let sent = reply
                random.damage(&reply)
                guard let done = try? client.receive(reply, at: now) else { continue }
                #expect(try parsed(reply) == parsed(sent) && parsed(start) == parsed(good), "\(done.ciphers)")
            case .reply(var hello):
                let sent = hello
                random.damage(&hello)
                guard (try? client.receive(hello, at: now)) != nil else { continue }
                #expect(try parsed(hello) == parsed(sent) && parsed(start) == parsed(good))
            }
        }
    }

    /// What of a message is authenticated; unknown fields beside it are not.
    private func parsed(_ bytes: [UInt8]) throws -> [Data] {
        let message = try WAHandshakeMessage(serializedBytes: bytes)
        return [
            message.clientHello.ephemeralKey, message.clientHello.staticKey, message.clientHello.payload,
            message.serverHello.ephemeralKey, message.serverHello.staticKey, message.serverHello.payload,
        ]
    }
}
