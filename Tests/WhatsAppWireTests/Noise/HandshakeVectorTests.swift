import SwiftProtobuf
import Testing
import WhatsAppKeys
import WhatsAppProto

@testable import WhatsAppWire

@Suite struct HandshakeVectorTests {
    let vectors: Vectors
    let xx: Vectors.XX

    init() throws {
        vectors = try Vectors.load()
        xx = vectors.noiseXx
    }

    private func client(knowing key: PublicKey? = nil) throws -> ClientHandshake {
        ClientHandshake(
            keys: try xx.clientStatic.keys(), payload: [UInt8](hex: xx.clientPayload), knownServerKey: key,
            ephemeral: try xx.clientEphemeral.keys()
        ) { (_, _, _) throws(WireError) in }
    }

    private func server(resumes: Bool = false) throws -> ServerHandshake {
        ServerHandshake(
            keys: try xx.serverStatic.keys(), chain: [UInt8](hex: xx.certificatePayload), resumes: resumes,
            ephemeral: try xx.serverEphemeral.keys())
    }

    private var ping: Node { Node("iq", ["id": "1", "xmlns": "w:p", "type": "get", "to": .jid(.whatsApp)]) }

    @Test func `the client's side of XX is that of the vectors`() throws {
        var client = try client()
        #expect(
            try ConnectionIntro().encoded() + Frame.encode(client.start()) == [UInt8](hex: xx.firstBytesOnTheWire))
        let hello = Array([UInt8](hex: xx.serverHelloFrame).dropFirst(3))
        var done = try client.receive(hello, at: 0)
        #expect(try Frame.encode(#require(done.reply)) == [UInt8](hex: xx.clientFinishFrame))
        #expect(done.serverKey == (try xx.serverStatic.keys().publicKey))
        #expect(try done.ciphers.sealing.frame(ping.encoded()) == [UInt8](hex: xx.firstClientFrame))
    }

    @Test func `the server's side of XX is that of the vectors`() throws {
        var server = try server()
        let start = Array([UInt8](hex: xx.firstBytesOnTheWire).dropFirst(7))
        guard case .reply(let hello) = try server.receive(start) else { throw WireError(.outOfOrder, "no reply") }
        #expect(try Frame.encode(hello) == [UInt8](hex: xx.serverHelloFrame))
        let finish = Array([UInt8](hex: xx.clientFinishFrame).dropFirst(3))
        guard case .done(var client, nil) = try server.receive(finish) else {
            throw WireError(.outOfOrder, "not done")
        }
        #expect(client.key == (try xx.clientStatic.keys().publicKey))
        #expect(client.payload == [UInt8](hex: xx.clientPayload))
        let frame = Array([UInt8](hex: xx.firstClientFrame).dropFirst(3))
        #expect(try Node(decoding: client.ciphers.opening.open(frame)) == ping)
    }

    @Test func `IK is that of an independent implementation`() throws {
        let vector = vectors.noiseIk
        var client = try client(knowing: xx.serverStatic.keys().publicKey)
        let first = try client.start()
        let hello = try WAHandshakeMessage(serializedBytes: first).clientHello
        let parts = [hello.ephemeralKey, hello.staticKey, hello.payload].map { [UInt8]($0) }
        #expect(parts.flatMap { $0 } == [UInt8](hex: vector.message1))

        var server = try server(resumes: true)
        guard case .done(var accepted, let reply?) = try server.receive(first) else {
            throw WireError(.outOfOrder, "not done")
        }
        let answer = try WAHandshakeMessage(serializedBytes: reply).serverHello
        #expect([UInt8](answer.ephemeralKey) + [UInt8](answer.payload) == [UInt8](hex: vector.message2))
        #expect(accepted.payload == [UInt8](hex: xx.clientPayload))

        var done = try client.receive(reply, at: 0)
        #expect(done.reply == nil)
        let hi = Array("hello".utf8)
        #expect(try done.ciphers.sealing.frame(hi).dropFirst(3) == [UInt8](hex: vector.firstClientCiphertext)[...])
        #expect(try accepted.ciphers.sealing.frame(hi).dropFirst(3) == [UInt8](hex: vector.firstServerCiphertext)[...])
    }

    @Test func `XXfallback is that of the vectors`() throws {
        let vector = vectors.noiseXxfallback
        var client = try client(knowing: xx.serverStatic.keys().publicKey)
        var server = try server()
        guard case .reply(let hello) = try server.receive(client.start()) else {
            throw WireError(.outOfOrder, "no reply")
        }
        #expect(hello == [UInt8](hex: vector.serverHello))
        let done = try client.receive(hello, at: 0)
        #expect(done.reply == [UInt8](hex: vector.clientFinish))
        guard case .done = try server.receive(#require(done.reply)) else { throw WireError(.outOfOrder, "not done") }
    }
}
