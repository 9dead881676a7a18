public import Foundation
import Synchronization

/// A whatsmeow client, the Go library by others, in a process of its own, driven by lines of JSON; see
/// Tests/Interop/whatsmeow_peer.py.
public final class WhatsmeowPeer: Sendable {
    /// What it could not do, or did not tell of.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// What it tells. Which values there are depends on the kind of event.
    public struct Event: Decodable, Sendable, Equatable {
        /// The kind, such as `message`.
        public let event: String
        /// Of `done`: the command's number, and what came of it.
        public let n: Int?
        public let result: String?
        public let error: String?
        public let id: String?
        public let chat: String?
        public let sender: String?
        /// Whether the own account wrote it.
        public let own: Bool?
        public let text: String?
        /// The fields of the message, by their names in the protobuf.
        public let fields: [String]?
        /// The message that it is about.
        public let target: String?
        public let emoji: String?
        public let edited: String?
        public let question: String?
        public let options: [String]?
        public let quoted: String?
        public let quotedText: String?
        /// Whether a sound is a voice note, and how many bytes its waveform has.
        public let voice: Bool?
        public let waveform: Int?
        /// Of a receipt: the messages, and what became of them.
        public let ids: [String]?
        public let type: String?
        /// The texts of a piece of history.
        public let texts: [String]?
    }

    private final class Events: Sendable {
        let state = Mutex(State())

        struct State {
            var rest: [UInt8] = []
            var seen: [Event] = []
            var number = 0
        }

        func take(_ bytes: [UInt8]) {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            state.withLock { state in
                state.rest += bytes
                while let end = state.rest.firstIndex(of: UInt8(ascii: "\n")) {
                    if let event = try? decoder.decode(Event.self, from: Data(state.rest[..<end])) {
                        state.seen.append(event)
                    }
                    state.rest.removeSubrange(...end)
                }
            }
        }
    }

    /// What the log calls it.
    public let name: String
    private let process: SpawnedProcess
    private let events: Events

    /// Makes a copy of neonize in `folder` that talks to an emulator.
    /// - Parameters:
    ///   - port: the emulator's port without TLS.
    ///   - root: the key that it proves itself with, hexadecimal.
    public static func prepare(_ folder: URL, port: Int, root: String) async throws {
        let end = try await PythonPeers.run("whatsmeow_patch.py", [folder.path, "\(port)", root])
        guard end.status == 0 else { throw Failure(description: "neonize cannot be prepared: \(end.errors)") }
    }

    /// Starts a client whose keys are in `folder`, after `prepare`. It trusts the media servers of `ca.pem` there.
    public init(_ name: String, in folder: URL) throws {
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

    deinit { stop() }

    /// All that it told so far.
    public var seen: [Event] { events.state.withLock { $0.seen } }

    /// How many events have come.
    public var count: Int { events.state.withLock { $0.seen.count } }

    /// The ids of the messages that it could not decrypt, each as often as it tried.
    public var unreadable: [String] { seen.filter { $0.event == "unreadable" }.compactMap(\.id) }

    /// The first event of a kind that fits, which may have come long ago.
    @discardableResult
    public func wait(
        _ event: String, since start: Int = 0, where fits: (Event) -> Bool = { _ in true }
    ) async throws -> Event {
        do {
            return try await eventually(event) {
                seen.dropFirst(start).first { $0.event == event && fits($0) }
            }
        } catch is WaitedInVain {
            throw Failure(description: "\(name): no \(event) in \(seen.dropFirst(start))")
        }
    }

    /// The message with this id. The part that only brings a group's key is told under the same id, and is no message.
    @discardableResult
    public func message(_ id: String) async throws -> Event {
        try await wait("message") { event in
            event.id == id
                && event.fields?.contains { !$0.hasPrefix("senderKeyDistribution") } == true
        }
    }

    /// The first message with this text.
    @discardableResult
    public func text(_ text: String, since start: Int = 0) async throws -> Event {
        try await wait("message", since: start) { $0.text == text }
    }

    /// Whether the message with this id has come.
    public func has(_ id: String) -> Bool { seen.contains { $0.event == "message" && $0.id == id } }

    /// Lets the client do something.
    /// - Parameter values: what can stand in JSON.
    /// - Returns: what came of it, such as a message's id.
    @discardableResult
    public func perform(_ command: String, _ values: [String: any Sendable] = [:]) async throws -> String {
        let number = events.state.withLock { state in
            state.number += 1
            return state.number
        }
        let call = values.merging(["do": command, "n": number]) { $1 }
        try process.write([UInt8](try JSONSerialization.data(withJSONObject: call)) + [UInt8(ascii: "\n")])
        let answer = try await wait("done") { $0.n == number }
        if let error = answer.error { throw Failure(description: "\(name) \(command): \(error)") }
        return answer.result ?? ""
    }

    /// Ends the process, as a machine that is switched off.
    public func stop() { process.signal(SIGKILL) }
}
