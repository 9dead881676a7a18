import Foundation
import Logging
import NIOCore
import NIOWebSocket
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

extension WebClient {
    /// One connection from its beginning to its end.
    func connectOnce() async -> ConnectionVerdict {
        notify.yield(.connection(.connecting))
        do {
            let channel = try await WebSocketConnector(settings).connect()
            // A server that says nothing during the handshake is left; closing ends the wait.
            let deadline = channel.channel.eventLoop.scheduleTask(in: .seconds(20)) {
                channel.channel.close(promise: nil)
            }
            return try await channel.executeThenClose { inbound, outbound in
                await self.serve(inbound, outbound) { deadline.cancel() }
            }
        } catch let error as WebError {
            return .retry(error.message)
        } catch {
            return .retry("the server cannot be reached (\(type(of: error)))")
        }
    }

    private func isAboutTrust(_ error: WireError) -> Bool {
        [.certificateMalformed, .certificateSignature, .certificateIssuer, .certificateKey].contains(error.code)
    }

    /// Everything on a connection that is open; ends with the first of its tasks that knows why.
    private func serve(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>,
        whenShaken handshakeIsDone: @escaping @Sendable () -> Void
    ) async -> ConnectionVerdict {
        let (frames, addFrame) = AsyncStream.makeStream(of: [UInt8].self)
        let (chores, addChore) = AsyncStream.makeStream(of: Chore.self)
        self.addChore = addChore
        intake = Intake()
        offline = nil
        defer {
            session = nil
            answers.close()
            intake.close()
            addFrame.finish()
            addChore.finish()
        }
        return await withTaskGroup(of: ConnectionVerdict?.self) { group in
            group.addTask { await self.write(frames, to: outbound) }
            group.addTask { await self.converse(inbound, outbound, addFrame, whenShaken: handshakeIsDone) }
            group.addTask { await self.handleIntake() }
            group.addTask { await self.doChores(chores) }
            group.addTask { await self.keepAlive() }
            for await case let verdict? in group {
                // Who waits for an answer or for work must be let go, or the group would not end.
                answers.close()
                intake.close()
                group.cancelAll()
                return verdict
            }
            return .retry("the connection ended")
        }
    }

    /// Shakes hands, and reads until the connection ends.
    private func converse(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>, _ addFrame: AsyncStream<[UInt8]>.Continuation,
        whenShaken handshakeIsDone: @Sendable () -> Void
    ) async -> ConnectionVerdict {
        var frames = FrameReader(inbound, outbound)
        do {
            guard let ciphers = try await shakeHands(&frames, outbound) else {
                return .retry("the server closed the connection during the handshake")
            }
            handshakeIsDone()
            session = Session(ciphers: ciphers.sealing, frames: addFrame, lastHeard: time.instant())
            answers.open()
            var opening = ciphers.opening
            while let data = try await frames.next() {
                let node = try Node(decoding: opening.open(data))
                session?.lastHeard = time.instant()
                if let verdict = await received(node) { return verdict }
            }
            return .retry("the server closed the connection")
        } catch let error as WireError {
            return isAboutTrust(error) ? .ended(.untrustedServer) : .retry(error.description)
        } catch let error as WebError {
            return .retry(error.message)
        } catch let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode) {
            // It closed while something of ours was still on its way.
            return .retry("the server closed the connection")
        } catch {
            return .retry("the connection broke while reading")
        }
    }

    /// - Returns: nil when the server closed the connection.
    private func shakeHands(
        _ frames: inout FrameReader, _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    ) async throws -> SessionCiphers? {
        guard let credentials else { throw WebError(.store, "the credentials are not loaded") }
        let payload =
            try credentials.account.map {
                try WAClientPayload.loggingIn($0, name: credentials.pushName, as: currentSettings)
            } ?? WAClientPayload.registering(credentials, as: currentSettings)
        var handshake = ClientHandshake(
            keys: credentials.noise, payload: payload, trust: CertificateTrust(root: try PublicKey(settings.root)))
        let intro = try ConnectionIntro(routingInfo: await routingInfo()).encoded()
        try await outbound.write(.binary(intro + Frame.encode(handshake.start())))
        guard let hello = try await frames.next() else { return nil }
        let done = try handshake.receive(hello, at: Int64(time.now().timeIntervalSince1970))
        if let reply = done.reply { try await outbound.write(.binary(Frame.encode(reply))) }
        return done.ciphers
    }

    private var currentSettings: WebSettings {
        var current = settings
        current.revision = revision
        return current
    }

    private nonisolated func write(
        _ frames: AsyncStream<[UInt8]>, to outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    ) async -> ConnectionVerdict? {
        for await frame in frames {
            do { try await outbound.write(.binary(frame)) } catch {
                return .retry("the connection broke while writing")
            }
        }
        return nil
    }

    /// Where the nearest server is, if one told us.
    private func routingInfo() async -> [UInt8]? { try? await store.load([Self.routing])[Self.routing] }
    static let routing = StoreKey(.connection, "routing")

    // MARK: - Sending

    func request(_ iq: Node, within limit: Duration) async throws -> Node {
        var iq = iq
        let id = requestIDs.next()
        iq.attributes["id"] = .text(id)
        let answer = try await answer(to: .request(id), after: iq, within: limit)
        guard answer.text("type") == "result" else {
            let error = answer.child("error")
            throw WebError(
                .refused, status: error?.text("code").flatMap { Int($0) },
                "the server refused a question about \(iq.text("xmlns") ?? "?")")
        }
        return answer
    }

    func deliver(_ message: Node, within limit: Duration) async throws -> Node {
        guard let id = message.text("id") else { throw WebError(.invalid, "a message needs an id") }
        return try await answer(to: .message(id), after: message, within: limit)
    }

    func send(_ stanza: Node) throws { try seal(stanza) }

    /// Sends a stanza, and waits for what answers it.
    func answer(to subject: PendingAnswers.Subject, after stanza: Node, within limit: Duration) async throws -> Node {
        try answers.expect(subject, until: time.instant() + limit)
        do { try seal(stanza) } catch {
            answers.abandon(subject)
            throw error
        }
        return try await answers.answer(to: subject)
    }

    /// Encrypts a stanza and queues it; what is encrypted first leaves first.
    private func seal(_ stanza: Node) throws {
        // Two at once would use one counter of the cipher twice.
        assertIsolated()
        guard session != nil else { throw WebError(.disconnected, "there is no connection now") }
        logger.trace("->", metadata: ["stanza": "\(stanza)"])
        let plaintext = try stanza.encoded()
        if let frame = try session?.ciphers.frame(plaintext) { session?.frames.yield(frame) }
    }
}

extension WebSocketFrame {
    /// A whole binary message, masked as clients must.
    static func binary(_ bytes: [UInt8]) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: ByteBuffer(bytes: bytes))
    }
}
