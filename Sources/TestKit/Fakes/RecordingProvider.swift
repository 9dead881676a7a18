public import BotKit
public import Foundation
import Synchronization

/// A message network that writes down what it is given, and fails when a test wants it to.
public final class RecordingProvider: MessageProvider {
    /// One call of `send`.
    public struct Sending: Sendable, Hashable {
        public let message: OutgoingMessage
        /// When, by the test's clock.
        public let at: Date
        /// The id that was given back; `nil` when the call failed.
        public internal(set) var id: MessageID?
        /// The words.
        public var text: String? { message.reply.text }
    }
    /// One call of `acknowledge`.
    public struct Acknowledgement: Sendable, Hashable {
        public let message: MessageID
        public let typing: Bool
        public let at: Date
    }
    /// What comes of a send.
    public enum Outcome: Sendable {
        case accepted
        case failure(SendFailure)
        /// An error that says nothing about what became of the message.
        case broken
    }

    private struct State {
        var abilities: Abilities
        var script: [Outcome] = []
        var chatScripts: [ChatID: [Outcome]] = [:]
        var sendings: [Sending] = []
        var acknowledgements: [Acknowledgement] = []
        var files: [String: Data] = [:]
        var joined: [ChatID: ChatID] = [:]
        var ids = 0
        var groups: (any GroupAdministration)?
        var isConnected = true
    }
    private struct Broken: Error {}

    public let account: AccountID
    private let time: any TimeSource
    private let state: Mutex<State>
    /// Shut it to keep messages on their way.
    public let door = Door()
    /// Shut it to keep read marks and typing states on their way.
    public let acknowledgementDoor = Door()

    /// Makes a network that takes everything.
    public init(
        account: AccountID = "test:bot", abilities: Abilities = Abilities(textLimit: 4_096), time: any TimeSource
    ) {
        self.account = account
        self.time = time
        state = Mutex(State(abilities: abilities))
    }

    public var abilities: Abilities { state.withLock { $0.abilities } }
    public var isConnected: Bool { state.withLock { $0.isConnected } }
    /// Ends or makes the connection, without which no file can be had either.
    public func set(isConnected: Bool) { state.withLock { $0.isConnected = isConnected } }
    public var groups: (any GroupAdministration)? { state.withLock { $0.groups } }
    /// Gives the network groups.
    public func set(_ groups: any GroupAdministration) { state.withLock { $0.groups = groups } }

    /// Changes what the network can do.
    public func set(_ abilities: Abilities) { state.withLock { $0.abilities = abilities } }
    /// Prepares what comes of the next sends; then they are accepted again.
    public func script(_ outcomes: Outcome...) { state.withLock { $0.script += outcomes } }
    /// Prepares what comes of the next sends to one chat.
    public func script(_ outcomes: Outcome..., for chat: ChatID) {
        state.withLock { $0.chatScripts[chat, default: []] += outcomes }
    }
    /// Puts a file where `load` finds it.
    public func put(_ data: Data, at reference: String) { state.withLock { $0.files[reference] = data } }

    /// Says from now on that `chat` is called `name`.
    public func join(_ chat: ChatID, to name: ChatID) { state.withLock { $0.joined[chat] = name } }

    /// All calls of `send`, those that failed too.
    public var sendings: [Sending] { state.withLock { $0.sendings } }
    /// What the network took, oldest first.
    public var accepted: [Sending] { sendings.filter { $0.id != nil } }
    /// The words of what the network took.
    public var texts: [String] { accepted.map { $0.text ?? "" } }
    /// The words of what the network took for one chat.
    public func texts(in chat: ChatID) -> [String] {
        accepted.filter { $0.message.chat == chat }.map { $0.text ?? "" }
    }
    /// All calls of `acknowledge`.
    public var acknowledgements: [Acknowledgement] { state.withLock { $0.acknowledgements } }

    /// Does nothing until it is cancelled.
    public func run() async throws {
        let door = Door()
        door.shut()
        try? await door.pass()
    }

    public func send(_ message: OutgoingMessage) async throws -> MessageID {
        let (index, outcome) = state.withLock { state -> (Int, Outcome) in
            state.sendings.append(Sending(message: message, at: time.now))
            let outcome: Outcome
            if state.chatScripts[message.chat]?.isEmpty == false {
                outcome = state.chatScripts[message.chat]?.removeFirst() ?? .accepted
            } else {
                outcome = state.script.isEmpty ? .accepted : state.script.removeFirst()
            }
            return (state.sendings.count - 1, outcome)
        }
        try await door.pass()
        switch outcome {
        case .accepted:
            return state.withLock { state in
                state.ids += 1
                let id = message.messageID ?? MessageID(rawValue: "net-\(state.ids)")
                state.sendings[index].id = id
                return id
            }
        case .failure(let failure): throw failure
        case .broken: throw Broken()
        }
    }

    public func makeMessageID() -> MessageID? {
        state.withLock { state in
            guard state.abilities.choosesMessageIDs else { return nil }
            state.ids += 1
            return MessageID(rawValue: "own-\(state.ids)")
        }
    }

    /// As on many networks, groups have no buttons.
    public func takesNumbers(for menu: RenderedReply, inGroup: Bool) -> Bool {
        guard case .menu(_, let options) = menu.content else { return false }
        return inGroup || options.count > abilities.buttons
    }

    public func presentName(of chat: ChatID) async throws -> ChatID { state.withLock { $0.joined[chat] ?? chat } }

    public func acknowledge(_ message: InboundMessage, typing: Bool) async {
        state.withLock { state in
            state.acknowledgements.append(Acknowledgement(message: message.id, typing: typing, at: time.now))
        }
        try? await acknowledgementDoor.pass()
    }

    public func load(_ media: Media, maxBytes: Int) async throws -> Data {
        guard let data = state.withLock({ $0.files[media.reference] }) else { throw Outage("media", "no such file") }
        guard data.count <= maxBytes else {
            throw Refusal(Text("test.too_large", en: "Too large.", he: "גדול מדי."), reason: "media_too_large")
        }
        return data
    }
}

extension RecordingProvider: MediaLibrary {
    public func load(_ media: Media, from chat: ChatID, maxBytes: Int) async throws -> Data {
        try await load(media, maxBytes: maxBytes)
    }
}

extension SendFailure {
    /// A failure with a remedy and any code.
    public static func sample(_ remedy: Remedy, code: String = "test") -> SendFailure {
        SendFailure(remedy, code: code, "a failure that the test asked for")
    }
}
