import Foundation
import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

/// Tests/Interop/axolotl_peer.py in a process of its own: a line of JSON in, a line of JSON out.
final class AxolotlPeer {
    private let process: Process
    private let input: FileHandle
    private let output: FileHandle
    private var pending = Data()

    struct Refusal: Error, CustomStringConvertible { let description: String }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static var python: String {
        ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path(percentEncoded: false)
    }

    /// The peer, or nil after an issue was recorded because there is no Python.
    static func start() throws -> AxolotlPeer? {
        guard FileManager.default.isExecutableFile(atPath: python) else {
            Issue.record("There is no Python with python-axolotl at \(python): run `make test`.")
            return nil
        }
        return try AxolotlPeer()
    }

    private init() throws {
        process = Process()
        process.executableURL = URL(filePath: Self.python)
        process.arguments = [Self.root.appending(path: "Tests/Interop/axolotl_peer.py").path(percentEncoded: false)]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        self.input = input.fileHandleForWriting
        self.output = output.fileHandleForReading
        try process.run()
    }

    func end() {
        try? input.close()
        process.waitUntilExit()
    }

    private func call(_ operation: String, _ arguments: [String: Any] = [:]) throws -> [String: Any] {
        let request = arguments.merging(["op": operation]) { one, _ in one }
        try input.write(contentsOf: JSONSerialization.data(withJSONObject: request) + Data([0x0A]))
        while !pending.contains(0x0A) {
            let data = output.availableData
            guard !data.isEmpty else { throw Refusal(description: "the peer ended") }
            pending.append(data)
        }
        let line = pending.prefix { $0 != 0x0A }
        pending = Data(pending.dropFirst(line.count + 1))
        let answer = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
        if let error = answer["error"] as? String { throw Refusal(description: error) }
        return answer
    }

    private func bytes(_ answer: [String: Any], _ name: String) -> [UInt8] {
        Hex.bytes(answer[name] as? String ?? "")
    }

    func bundle(usingPrekey: Bool) throws -> PrekeyBundle {
        let answer = try call("bundle")
        let prekey = PrekeyBundle.OneTimeKey(
            id: UInt32(answer["prekey_id"] as? Int ?? 0), key: try PublicKey(bytes(answer, "prekey")))
        return try PrekeyBundle(
            registrationID: UInt32(answer["registration_id"] as? Int ?? 0),
            identity: PublicKey(bytes(answer, "identity")),
            signedPrekeyID: UInt32(answer["signed_prekey_id"] as? Int ?? 0),
            signedPrekey: PublicKey(bytes(answer, "signed_prekey")), signature: bytes(answer, "signature"),
            prekey: usingPrekey ? prekey : nil)
    }

    func begin(with bundle: PrekeyBundle, signature: [UInt8]) throws {
        var arguments: [String: Any] = [
            "registration_id": Int(bundle.registrationID), "identity": Hex.text(bundle.identity.prefixed),
            "signed_prekey_id": Int(bundle.signedPrekeyID), "signed_prekey": Hex.text(bundle.signedPrekey.prefixed),
            "signature": Hex.text(signature),
        ]
        if let prekey = bundle.prekey {
            arguments["prekey_id"] = Int(prekey.id)
            arguments["prekey"] = Hex.text(prekey.key.prefixed)
        }
        _ = try call("begin", arguments)
    }

    func encrypt(_ plaintext: [UInt8]) throws -> (SealedMessage.Kind, [UInt8]) {
        let answer = try call("encrypt", ["bytes": Hex.text(plaintext)])
        return (answer["kind"] as? String == "pkmsg" ? .prekey : .session, bytes(answer, "bytes"))
    }

    func decrypt(_ kind: SealedMessage.Kind, _ message: [UInt8]) throws -> [UInt8] {
        bytes(try call("decrypt", ["kind": kind.rawValue, "bytes": Hex.text(message)]), "bytes")
    }

    func join(_ distribution: [UInt8]) throws { _ = try call("join", ["bytes": Hex.text(distribution)]) }

    func distribution() throws -> [UInt8] { bytes(try call("distribution"), "bytes") }

    func encryptGroup(_ plaintext: [UInt8]) throws -> [UInt8] {
        bytes(try call("encrypt_group", ["bytes": Hex.text(plaintext)]), "bytes")
    }

    func decryptGroup(_ message: [UInt8]) throws -> [UInt8] {
        bytes(try call("decrypt_group", ["bytes": Hex.text(message)]), "bytes")
    }
}
