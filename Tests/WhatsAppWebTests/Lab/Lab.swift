import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestKit
import WhatsAppWire

/// A protocol laboratory: an emulator of WhatsApp's servers written by others, in Python, whose folder `LAB` names.
final class Lab: Sendable {
    /// Nil when this machine has none; its tests are skipped then.
    static let folder: URL? = ProcessInfo.processInfo.environment["LAB"].map { URL(filePath: $0) }

    let server: URL
    let root: [UInt8]
    private let control: String
    private let state: URL

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private init(server: URL, root: [UInt8], control: String, state: URL) {
        self.server = server
        self.root = root
        self.control = control
        self.state = state
    }

    /// Runs the emulator while `body` works.
    static func running(_ options: String..., body: @escaping @Sendable (Lab) async throws -> Void) async throws {
        guard let folder else { throw Failure(description: "LAB is not set") }
        let state = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: state) }
        // Below the ports that the system gives to outgoing connections.
        let (plain, control) = (Int.random(in: 10_000...20_999), Int.random(in: 21_000...31_999))
        let process = try SpawnedProcess(
            PythonPeers.python(),
            [
                "-m", "emulator", "--quiet", "--port", "0", "--plain-port", "\(plain)", "--control-port", "\(control)",
                "--state", state.path, "--media-host", "127.0.0.1:\(plain)", "--log", state.appending(path: "log").path,
            ] + options, environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"], folder: folder.path
        ) { _, _ in }
        defer { process.signal(SIGKILL) }
        let api = "http://127.0.0.1:\(control)"
        let isThere = await eventually(within: .patience * 3, every: .milliseconds(50)) {
            (try? await answer(HTTPClientRequest(url: "\(api)/accounts"), within: .seconds(2))) != nil
        }
        guard isThere else { throw Failure(description: "the emulator did not start (\(process.status ?? -1))") }
        let hex = try String(contentsOf: state.appending(path: "noise-root.pub"), encoding: .utf8)
        let digits = Array(hex.trimmingCharacters(in: .whitespacesAndNewlines))
        let root = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        guard let server = URL(string: "ws://127.0.0.1:\(plain)/ws/chat") else { return }
        try await body(Lab(server: server, root: root, control: api, state: state))
    }

    /// What happened on the emulator, for when a test fails.
    var log: String { (try? String(contentsOf: state.appending(path: "log"), encoding: .utf8)) ?? "" }

    @discardableResult
    func post(_ path: String, _ values: [String: any Sendable]) async throws -> [String: Any] {
        var request = HTTPClientRequest(url: control + path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: values)))
        return try await Self.answer(request) as? [String: Any] ?? [:]
    }

    /// What an account's phone has read, in its order.
    func texts(on user: JID) async throws -> [String] {
        let inbox = try await get("/phone/inbox?account=\(user.user)") as? [[String: Any]] ?? []
        return inbox.compactMap { $0["text"] as? String }
    }

    func get(_ path: String) async throws -> Any { try await Self.get(control + path) }

    private static func get(_ url: String) async throws -> Any { try await answer(HTTPClientRequest(url: url)) }

    private static func answer(_ request: HTTPClientRequest, within limit: TimeAmount = .seconds(20)) async throws
        -> Any
    {
        let response = try await HTTPClient.shared.execute(request, timeout: limit)
        let body = try await response.body.collect(upTo: 1 << 22)
        guard response.status == .ok else { throw Failure(description: String(buffer: body)) }
        return try JSONSerialization.jsonObject(with: Data(body.readableBytesView))
    }
}
