import Synchronization
import WhatsAppKeys

@testable import WhatsAppEmulator
@testable import WhatsAppWeb
@testable import WhatsAppWire

/// One connection between a client and the world, both ways in order, until it is cut.
final class ChaosLine: StanzaOutlet {
    private struct State {
        var opening: OpeningCipher
        var up: [[UInt8]] = []
        var down: [Node] = []
        var isCut = false
        /// Whether the server has said its last word.
        var isEnding = false
        /// Whether the client's tasks for this connection are over.
        var isOver = false
    }
    let number: Int
    let sealing: SealingCipher
    let incoming: AsyncStream<Node>
    private let feed: AsyncStream<Node>.Continuation
    private let state: Mutex<State>

    init(_ number: Int) throws {
        self.number = number
        let key = SecretBytes.random(count: 32)
        sealing = SealingCipher(try FrameCipher(key: key))
        state = Mutex(State(opening: OpeningCipher(try FrameCipher(key: key))))
        (incoming, feed) = AsyncStream.makeStream()
    }

    func send(_ stanza: OutgoingStanza, after milliseconds: Int) {
        state.withLock { state in if !state.isCut { state.down.append(stanza.node) } }
    }
    func close(after milliseconds: Int) { state.withLock { $0.isEnding = true } }

    func push(_ frame: [UInt8]) { state.withLock { state in if !state.isCut { state.up.append(frame) } } }

    var upCount: Int { state.withLock { $0.up.count } }
    var downCount: Int { state.withLock { $0.down.count } }
    var isCut: Bool { state.withLock { $0.isCut } }
    var isOver: Bool { state.withLock { $0.isOver } }
    func isDone() { state.withLock { $0.isOver = true } }

    /// The next stanza of the client.
    /// - Throws: when a frame cannot be opened: two were encrypted at once, or left in another order.
    func takeUp() throws -> Node? {
        try state.withLock { state in
            guard !state.up.isEmpty else { return nil }
            let frame = state.up.removeFirst()
            return try Node(decoding: state.opening.open(Array(frame[Frame.headerByteCount...])))
        }
    }

    /// What `takeUp` will give.
    func peekUp() -> Node? {
        state.withLock { state in
            guard let frame = state.up.first else { return nil }
            var opening = state.opening
            return try? Node(decoding: opening.open(Array(frame[Frame.headerByteCount...])))
        }
    }

    /// Gives the client its next stanza.
    func passDown() {
        let (node, isLast): (Node?, Bool) = state.withLock { state in
            let node = state.down.isEmpty ? nil : state.down.removeFirst()
            return (node, state.isEnding && state.down.isEmpty)
        }
        if let node { feed.yield(node) }
        if isLast { feed.finish() }
    }

    func cut() {
        state.withLock { state in
            state.isCut = true
            state.up = []
            state.down = []
        }
        feed.finish()
    }
}

extension WebClient {
    /// What a connection does after the handshake, over a line of the test.
    func attend(_ line: ChaosLine) async {
        defer { line.isDone() }
        if credentials == nil {
            guard let bytes = try? await store.load([Credentials.key])[Credentials.key],
                let stored = try? Credentials(decoding: bytes)
            else { return }
            credentials = stored
        }
        let (frames, addFrame) = AsyncStream.makeStream(of: [UInt8].self)
        let (chores, addChore) = AsyncStream.makeStream(of: Chore.self)
        self.addChore = addChore
        intake = Intake()
        session = Session(ciphers: line.sealing, frames: addFrame, lastHeard: .now)
        answers.open()
        defer {
            session = nil
            answers.close()
            intake.close()
            addFrame.finish()
            addChore.finish()
        }
        await withTaskGroup(of: ConnectionVerdict?.self) { group in
            group.addTask {
                for await frame in frames { line.push(frame) }
                return nil
            }
            group.addTask {
                for await node in line.incoming {
                    if let verdict = await self.received(node) { return verdict }
                }
                return .retry("cut")
            }
            group.addTask { await self.handleIntake() }
            group.addTask { await self.doChores(chores) }
            for await case _? in group {
                answers.close()
                intake.close()
                group.cancelAll()
                return
            }
        }
    }
}

extension WebWorld {
    /// A device has shaken hands and is let in.
    func admit(_ jid: JID, over line: ChaosLine) {
        guard let device = device(jid), let key = device.noiseKey else { return }
        let link = WebLink(
            .init(connection: line.number, outlet: line, key: key, payload: [], routingInfo: nil))
        links[line.number] = link
        link.device = device
        device.link = link
        send(Node("success", ["t": .number(now), "lid": .jid(device.lid)]), to: link)
    }
}
