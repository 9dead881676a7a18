import Foundation
import Synchronization
import Testing
import TestKit

@testable import WhatsAppEmulator

/// A whatsmeow client in a process of its own, driven by lines of JSON; see Tests/Interop/whatsmeow_peer.py.
final class WhatsmeowPeer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private final class Events: Sendable {
        let state = Mutex(State())

        struct State {
            var rest: [UInt8] = []
            var seen: [EmulatorJSON] = []
            var number = 0
        }

        func take(_ bytes: [UInt8]) {
            state.withLock { state in
                state.rest += bytes
                while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                    if let event = try? EmulatorJSON.parse(Array(state.rest[..<end])) { state.seen.append(event) }
                    state.rest.removeSubrange(...end)
                }
            }
        }
    }

    private let name: String
    private let process: SpawnedProcess
    private let events: Events

    /// Makes a copy of neonize in `folder` that talks to the stage.
    static func prepare(_ folder: URL, for stage: WebStage) async throws {
        let end = try await PythonPeers.run(
            "whatsmeow_patch.py",
            [folder.path, "\(stage.ports.plain)", HexadecimalText.text(stage.emulator.rootKey)])
        guard end.status == 0 else { throw Failure(description: "neonize cannot be prepared: \(end.errors)") }
    }

    /// Starts a client whose keys are in `folder`.
    init(_ name: String, in folder: URL) throws {
        self.name = name
        let events = Events()
        self.events = events
        let log = folder.appending(path: "\(name).log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let errors = try FileHandle(forWritingTo: log)
        process = try SpawnedProcess(
            PythonPeers.python(),
            [
                PythonPeers.scripts.appending(path: "whatsmeow_peer.py").path,
                folder.appending(path: "\(name).sqlite3").path,
            ],
            environment: [
                "PATH": "/usr/bin:/bin", "PYTHONPATH": folder.path, "PYTHONDONTWRITEBYTECODE": "1",
                "SSL_CERT_FILE": folder.appending(path: "ca.pem").path,
            ]
        ) { stream, bytes in
            switch stream {
            case .output: events.take(bytes)
            case .errors: try? errors.write(contentsOf: bytes)
            }
        }
    }

    /// How many events have come.
    var count: Int { events.state.withLock { $0.seen.count } }

    /// The first event of a kind that fits, which may have come long ago.
    @discardableResult
    func wait(
        _ event: String, since start: Int = 0, where fits: (EmulatorJSON) -> Bool = { _ in true }
    ) async throws -> EmulatorJSON {
        do {
            return try await eventually(event) {
                events.state.withLock { $0.seen }.dropFirst(start).first { $0["event"]?.text == event && fits($0) }
            }
        } catch is WaitedInVain {
            let seen = events.state.withLock { $0.seen }.dropFirst(start).map(\.description)
            throw Failure(description: "\(name): no \(event) in \(seen)")
        }
    }

    /// The message with this id. The part that only brings a group's key is told under the same id, and is no message.
    @discardableResult
    func message(_ id: String) async throws -> EmulatorJSON {
        try await wait("message") { event in
            event["id"]?.text == id
                && event["fields"]?.items?.contains { $0.text?.hasPrefix("senderKeyDistribution") != true } == true
        }
    }

    /// Whether the message with this id has come.
    func has(_ id: String) -> Bool {
        events.state.withLock { $0.seen }.contains { $0["event"]?.text == "message" && $0["id"]?.text == id }
    }

    /// Lets the client do something.
    /// - Returns: what came of it, such as a message's id.
    @discardableResult
    func perform(_ command: String, _ values: [String: EmulatorJSON] = [:]) async throws -> String {
        let number = events.state.withLock { state in
            state.number += 1
            return state.number
        }
        let line = EmulatorJSON.object(
            [.init("do", .string(command)), .init("n", .integer(number))]
                + values.map { .init($0.key, $0.value) })
        try process.write(line.encoded() + [UInt8(ascii: "\n")])
        let answer = try await wait("done") { $0["n"]?.whole == number }
        if let error = answer["error"]?.text { throw Failure(description: "\(name) \(command): \(error)") }
        return answer["result"]?.text ?? ""
    }

    /// Ends the process, as a machine that is switched off.
    func stop() { process.signal(SIGKILL) }
}
