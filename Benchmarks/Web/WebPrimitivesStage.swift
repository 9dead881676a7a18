import Foundation
import WhatsAppEmulator
import WhatsAppKeys
import WhatsAppSignal
import WhatsAppWire

/// What the protocol of WhatsApp Web costs without a network: nodes, frames, ratchets and signatures.
///
/// Processor time of this thread, the median of nine rounds.
struct WebPrimitivesStage: Stage {
    let bench: BenchSetup
    let figures = [
        "web_node_encode_ns", "web_node_decode_ns", "web_frame_seal_mb_per_second", "web_frame_open_mb_per_second",
        "web_signal_encrypt_per_second", "web_signal_decrypt_per_second", "web_signal_dh_step_us",
        "web_sender_key_encrypt_us", "web_sender_key_decrypt_us", "web_xeddsa_sign_per_second",
        "web_xeddsa_verify_per_second", "web_group_send_256_devices_ms", "web_group_send_1024_devices_ms",
    ]

    func run() async throws -> [Figure] { try nodes() + frames() + ratchet() + groups() + signatures() }

    /// A message of 260 bytes to two devices, as a client sends it.
    private func nodes() throws -> [Figure] {
        var random = SeededRandom(seed: 7)
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255, using: &random) } }
        func recipient(_ device: UInt16) -> Node {
            Node(
                "to", ["jid": .jid(.lid("360423099894953", device: device))],
                [Node("enc", ["v": "2", "type": "msg"], bytes: bytes(68))])
        }
        let message = Node(
            "message",
            [
                "id": "3EB0E634A0CF53658987CA", "type": "text", "to": .jid(.lid("360423099894953")),
                "peer_recipient_pn": .jid(.phoneNumber("15550000002")),
            ], [Node("participants", [recipient(0), recipient(1)])])
        let encoded = try message.encoded()
        note("web_node_…: a message of \(encoded.count) bytes")
        let rounds = bench.count(20_000, quick: 4_000)
        let writing = try seconds(rounds) { _ = try message.encoded() }
        let reading = try seconds(rounds) { _ = try Node(decoding: encoded) }
        return [
            Figure("web_node_encode_ns", writing * 1e9, "ns", digits: 0),
            Figure("web_node_decode_ns", reading * 1e9, "ns", digits: 0),
        ]
    }

    /// Frames of 1 kB.
    private func frames() throws -> [Figure] {
        var (client, server) = try SessionCiphers.pair()
        let plaintext = [UInt8](repeating: 7, count: 1_000)
        var frames: [[UInt8]] = []
        let rounds = bench.count(5_000, quick: 1_000)
        let sealing = try seconds(rounds) { frames.append(try client.sealing.frame(plaintext)) }
        var next = frames.makeIterator()
        let opening = try seconds(rounds) {
            _ = try server.opening.open(Array((next.next() ?? []).dropFirst(Frame.headerByteCount)))
        }
        return [
            Figure("web_frame_seal_mb_per_second", 1e-3 / sealing, "MB/s", digits: 0),
            Figure("web_frame_open_mb_per_second", 1e-3 / opening, "MB/s", digits: 0),
        ]
    }

    /// 100 bytes in one chain, and a message and its answer with a new key agreement each.
    private func ratchet() throws -> [Figure] {
        var (dana, omer) = try SignalPeer.introduced()
        let text = [UInt8](repeating: 7, count: 100)
        var sealed: [[UInt8]] = []
        let rounds = bench.count(150, quick: 100)
        let sealing = try seconds(rounds) { sealed.append(try dana.encrypt(text)) }
        var next = sealed.makeIterator()
        let opening = try seconds(rounds) { try omer.decrypt(next.next() ?? []) }
        let step = try seconds(rounds) {
            try dana.decrypt(try omer.encrypt(text))
            try omer.decrypt(try dana.encrypt(text))
        }
        return [
            Figure("web_signal_encrypt_per_second", 1 / sealing, "1/s", digits: 0),
            Figure("web_signal_decrypt_per_second", 1 / opening, "1/s", digits: 0),
            Figure("web_signal_dh_step_us", step / 2 * 1e6, "us", digits: 0),
        ]
    }

    private func groups() throws -> [Figure] {
        let text = [UInt8](repeating: 7, count: 100)
        var key = try OwnSenderKey().reserving(Int(SignalLimits.reservation))
        var record = try SenderKeyRecord().adding(key.distribution)
        var sealed: [[UInt8]] = []
        let rounds = bench.count(150, quick: 100)
        let sealing = try seconds(rounds) {
            if key.remaining == 0 { key = try key.reserving(Int(SignalLimits.reservation)) }
            let message = try key.encrypt(text)
            sealed.append(message.bytes)
            key = message.key
        }
        var next = sealed.makeIterator()
        let opening = try seconds(rounds) { record = try record.decrypt(next.next() ?? []).record }
        var figures = [
            Figure("web_sender_key_encrypt_us", sealing * 1e6, "us", digits: 0),
            Figure("web_sender_key_decrypt_us", opening * 1e6, "us", digits: 0),
        ]
        // The first message: the group's key goes to each device in its own session.
        for devices in [256, 1_024] {
            var (peer, _) = try SignalPeer.introduced()
            let distribution = key.distribution
            let whole = try seconds(1) {
                for _ in 0..<devices { _ = try peer.encrypt(distribution) }
                if key.remaining == 0 { key = try key.reserving(Int(SignalLimits.reservation)) }
                key = try key.encrypt(text).key
            }
            figures.append(Figure("web_group_send_\(devices)_devices_ms", whole * 1e3, "ms"))
        }
        return figures
    }

    private func signatures() throws -> [Figure] {
        let key = SigningKey.random()
        let text = [UInt8](repeating: 7, count: 100)
        let signature = XEdDSA.sign(text, with: key)
        let rounds = bench.count(500, quick: 100)
        let signing = try seconds(rounds) { _ = XEdDSA.sign(text, with: key) }
        let checking = try seconds(rounds) {
            guard XEdDSA.isValid(signature, over: text, by: key.publicKey) else {
                throw BenchmarkFailure("a signature of ours is not valid")
            }
        }
        return [
            Figure("web_xeddsa_sign_per_second", 1 / signing, "1/s", digits: 0),
            Figure("web_xeddsa_verify_per_second", 1 / checking, "1/s", digits: 0),
        ]
    }

    /// The processor time of one `step`, in seconds: the median of nine rounds of `count`.
    private func seconds(_ count: Int, _ step: () throws -> Void) throws -> Double {
        var rounds: [Double] = []
        for _ in 0..<9 {
            let start = Self.threadTime
            for _ in 0..<count { try step() }
            rounds.append((Self.threadTime - start) / Double(count))
        }
        return rounds.percentile(0.5)
    }

    private static var threadTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension SessionCiphers {
    /// The ciphers of a client and of its server.
    fileprivate static func pair() throws -> (client: SessionCiphers, server: SessionCiphers) {
        let authority = NoiseAuthority()
        let now = Date()
        var client = ClientHandshake(
            keys: .random(), payload: [], trust: CertificateTrust(root: try PublicKey(authority.rootKey)),
            knownServerKey: authority.keys.publicKey)
        var server = ServerHandshake(keys: authority.keys, chain: try authority.chain(now: now), resumes: true)
        guard case .done(let done, let reply?) = try server.receive(try client.start()) else {
            throw BenchmarkFailure("the handshake does not end")
        }
        return (try client.receive(reply, at: Int64(now.timeIntervalSince1970)).ciphers, done.ciphers)
    }
}

/// One side of a Signal session.
private struct SignalPeer {
    let cipher: SessionCipher
    var record: SessionRecord

    /// Two who have written to one another once.
    static func introduced() throws -> (SignalPeer, SignalPeer) {
        let (one, other) = (KeyPair.random(), KeyPair.random())
        let signed = try SignedPrekey(id: 1, signedBy: SigningKey(other))
        let first = SessionCipher(identity: one, registrationID: 1)
        let second = SessionCipher(identity: other, registrationID: 2)
        let record = try first.begin(
            with: PrekeyBundle(
                registrationID: 2, identity: other.publicKey, signedPrekeyID: 1, signedPrekey: signed.pair.publicKey,
                signature: signed.signature, prekey: nil), trusting: nil)
        var dana = SignalPeer(cipher: first, record: record)
        let hello = try dana.encrypt([1])
        let opened = try second.decrypt(
            try PreKeySignalMessage(hello), in: nil, signedPrekey: signed, prekey: nil, trusting: nil)
        var omer = SignalPeer(cipher: second, record: opened.record)
        try dana.decrypt(try omer.encrypt([2]))
        return (dana, omer)
    }

    mutating func encrypt(_ plaintext: [UInt8]) throws -> [UInt8] {
        if record.remaining == 0 { record = try record.reserving(Int(SignalLimits.reservation)) }
        let sealed = try cipher.encrypt(plaintext, in: record)
        record = sealed.record
        return sealed.bytes
    }

    mutating func decrypt(_ message: [UInt8]) throws {
        record = try cipher.decrypt(message, in: record, trusting: nil).record
    }
}
