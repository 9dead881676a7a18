import BotKit
import Foundation
import Synchronization
import Testing
import TestKit

@testable import Providers

/// A console whose user is the test: lines go in, what is written is kept, the bot behind it is an inbox and a switch.
struct ConsoleBench: Sendable {
    let input = ScriptedInput()
    let output: RecordedOutput
    let inbox = RecordedInbox()
    let bot = IdleSwitch()
    let clock: ManualTime
    let face: any ConsoleFace
    let provider: ConsoleProvider

    init(
        group: String? = nil, manualClock: Bool = true, width: Int? = nil,
        face makeFace: (ConsoleOptions, RecordedOutput) -> any ConsoleFace = { ScriptFace(options: $0, output: $1) }
    ) throws {
        output = RecordedOutput(width: width)
        clock = ManualTime(.console)
        let options = try ConsoleOptions(group: group, json: true, manualClock: manualClock, environment: [:])
        face = makeFace(options, output)
        provider = ConsoleProvider(
            face: face, input: input, inbox: inbox, time: clock, clock: manualClock ? clock : nil,
            isIdle: { [bot] in bot.isIdle })
    }

    /// Runs the console while `talk` lasts, ends the input and waits for the console to end.
    func run(_ talk: @escaping @Sendable (ConsoleBench) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await provider.run() }
            defer { input.stop() }
            try await talk(self)
            input.end()
            try await group.waitForAll()
        }
    }

    /// Waits until `condition` holds.
    func until(
        _ condition: @Sendable (ConsoleBench) async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        guard try await eventually({ try await condition(self) }) else {
            Issue.record("it did not come true; written: \(output.lines)", sourceLocation: sourceLocation)
            throw CancellationError()
        }
    }

    func until(lines count: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await until({ $0.output.lines.count >= count }, sourceLocation: sourceLocation)
    }

    /// A reply on its way to the chat of the played member, or another one.
    static func reply(
        _ content: RenderedReply.Content, id: MessageID? = "R1", chat: String = "15550000001", quotes: MessageID? = nil
    ) -> OutgoingMessage {
        OutgoingMessage(
            row: 1, chat: ChatID(account: ConsoleProvider.account, name: chat), messageID: id,
            reply: RenderedReply(content: content, quotes: quotes), attempt: 0)
    }
}

extension Date {
    /// 2025-01-06 12:00 UTC, a Monday.
    static let console = Date(timeIntervalSince1970: 1_736_164_800)
}

/// The input of a test; bytes come when they are given.
final class ScriptedInput: ByteInput {
    private let stream: AsyncStream<[UInt8]>
    private let continuation: AsyncStream<[UInt8]>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func next() async -> [UInt8]? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    func stop() { continuation.finish() }
    func end() { continuation.finish() }
    func type(_ text: String) { continuation.yield(Array(text.utf8)) }
    func line(_ text: String) { type(text + "\n") }
}

/// An output that keeps each write.
final class RecordedOutput: ConsoleOutput {
    let width: Int?
    private let state = Mutex<(writes: [String], isClosed: Bool)>(([], false))

    init(width: Int? = nil) { self.width = width }

    var writes: [String] { state.withLock { $0.writes } }
    var text: String { writes.joined() }
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    func close() { state.withLock { $0.isClosed = true } }

    func write(_ text: String) async throws {
        try state.withLock { state in
            if state.isClosed { throw OutputClosed() }
            state.writes.append(text)
        }
    }
}

/// An inbox that keeps what it receives, once it is willing to.
actor RecordedInbox: Inbox {
    private(set) var messages: [InboundMessage] = []
    private var failures: [any Error] = []

    func fail(with errors: any Error...) { failures += errors }

    func receive(_ messages: [InboundMessage], writes: [SQL]) throws {
        if !failures.isEmpty { throw failures.removeFirst() }
        self.messages += messages
    }
}

/// Stands for the bot: busy or idle, as the test says.
final class IdleSwitch: Sendable {
    private struct State {
        var isIdle = true
        var asked = 0
        var isWorking: @Sendable () -> Bool = { false }
    }
    private let state = Mutex(State())

    var isIdle: Bool {
        get {
            let (isIdle, isWorking) = state.withLock { state in
                state.asked += 1
                return (state.isIdle, state.isWorking)
            }
            return isIdle && !isWorking()
        }
        set { state.withLock { $0.isIdle = newValue } }
    }
    /// Is not idle either while `condition` holds.
    func works(while condition: @escaping @Sendable () -> Bool) { state.withLock { $0.isWorking = condition } }
    /// How often it was asked.
    var asked: Int { state.withLock { $0.asked } }
}
