public import BotKit
public import Foundation
import ServiceLifecycle

/// The whole bot in a terminal: the user plays a member, what the bot says is written out.
///
/// `run()` returns when the input ends and everything is done; App then ends the other services. A reply that is sent
/// twice is shown once; the last 1000 ids are remembered, in memory, because the outbox notes right after the sending
/// that it was done. So only a crash between the two shows a reply again, in the next session.
public actor ConsoleProvider: MessageProvider {
    /// The account of all consoles; one runs at a time, since the store is locked.
    public static let account: AccountID = "console:terminal"
    /// What the console shows, whether or not there is one: texts as long as WhatsApp's, which can be
    /// changed as long, menus as numbered text.
    public static let abilities = Abilities(
        textLimit: 4096, typingLasts: .seconds(25), choosesMessageIDs: true, editWindow: .seconds(900))

    public nonisolated var account: AccountID { Self.account }
    public nonisolated var abilities: Abilities { Self.abilities }
    /// Whether the user can be spoken to.
    public private(set) var isConnected = false

    private let face: any ConsoleFace
    private let input: any ByteInput
    private let inbox: any Inbox
    private let time: any TimeSource
    private let clock: ManualTime?
    private let isEverythingDone: @Sendable () async -> Bool
    private let activity: AsyncStream<Void>
    private let noteActivity: AsyncStream<Void>.Continuation
    private var shown = RecentIDs(limit: 1000)
    /// How many lines asked for something, and after how many of them it was said that nothing is left to do.
    private var requests = 0
    private var announced = 0
    private var isTakingRequests = false
    private var isOutputClosed = false

    /// Speaks through the standard input and output of the process.
    /// - Parameters:
    ///   - clock: the clock that the script may move; `nil` when time passes by itself.
    ///   - botName: what the bot is called in front of its replies.
    ///   - history: the file that keeps what was typed, made when there is none; `nil` keeps nothing.
    ///   - isIdle: whether the bot has nothing left to do by now. It is asked every 5 ms while it may have.
    /// - Throws: `Misconfiguration` when the standard input cannot be read.
    public init(
        options: ConsoleOptions, inbox: any Inbox, time: any TimeSource, clock: ManualTime? = nil,
        botName: String = "Martlet", history: URL? = nil, isIdle: @escaping @Sendable () async -> Bool
    ) throws {
        let input = try StandardInput()
        let output = StandardOutput()
        let face: any ConsoleFace =
            options.json
            ? ScriptFace(options: options, output: output)
            : ConversationFace(
                options: options, output: output, terminal: .standard, botName: botName, history: history)
        self.init(face: face, input: input, inbox: inbox, time: time, clock: clock, isIdle: isIdle)
    }

    init(
        face: any ConsoleFace, input: any ByteInput, inbox: any Inbox, time: any TimeSource, clock: ManualTime? = nil,
        isIdle: @escaping @Sendable () async -> Bool
    ) {
        self.face = face
        self.input = input
        self.inbox = inbox
        self.time = time
        self.clock = clock
        isEverythingDone = isIdle
        (activity, noteActivity) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes what the user asks for until the input ends or the product shuts down.
    public func run() async throws {
        try await face.open()
        isConnected = true
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.announceIdleness() }
                await self.takeInput()
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            self.input.stop()
        }
        await face.close()
        isConnected = false
    }

    public nonisolated func makeMessageID() -> MessageID? { ConsoleMessage.newID() }

    public func send(_ message: OutgoingMessage) async throws -> MessageID {
        let id = message.messageID ?? ConsoleMessage.newID()
        guard shown.insert(id) else { return id }
        do {
            try await face.show(message, as: id)
            return id
        } catch {
            shown.remove(id)
            endOutput()
            throw SendFailure(.retry(after: nil), code: "output_closed", "the console's output is closed")
        }
    }

    public func acknowledge(_ message: InboundMessage, typing: Bool) async {
        guard typing else { return }
        try? await face.showTyping(in: message.chat)
    }

    public func load(_ media: Media, maxBytes: Int) async throws -> Data {
        try ConsoleFile(path: media.reference).load(maxBytes: maxBytes)
    }

    // MARK: - What the user asks for

    private func takeInput() async {
        do {
            var goesOn = true
            while goesOn, !isEnding, let bytes = await input.next() {
                isTakingRequests = true
                goesOn = await perform(try await face.take(bytes))
                isTakingRequests = false
            }
            if goesOn, !isEnding { _ = await perform(try await face.finish()) }
        } catch {
            endOutput()
        }
        isTakingRequests = false
        await face.close()
        // A manual clock stands still from here on, so what sleeps by it would never end.
        await waitUntilIdle(patience: clock == nil ? nil : .seconds(30))
        if !isEnding { await announce() }
    }

    /// - Returns: whether more input is wanted.
    private func perform(_ asked: [ConsoleRequest]) async -> Bool {
        for request in asked where !isEnding {
            if request == .quit { return false }
            requests += 1
            noteActivity.yield()
            switch request {
            case .message(let message): await receive(message.delivered(to: account, at: time.now))
            case .advance(let seconds): await advance(by: seconds)
            case .problem(let problem): await showProblem(problem)
            case .quit: break
            }
        }
        return true
    }

    /// Hands a message over, again and again while the store takes none: the user's words are not lost.
    private func receive(_ message: InboundMessage) async {
        var hasComplained = false
        while !isEnding {
            do {
                return try await inbox.receive([message], writes: [])
            } catch let outage as Outage {
                if outage.part != "inbox", !hasComplained {
                    hasComplained = true
                    await showProblem("The message is not stored yet and is tried again: \(outage.description).")
                }
                await IdlePoll.pause(for: hasComplained ? .milliseconds(500) : IdlePoll.interval)
            } catch {
                return await showProblem("The message was not stored: \(error.safeDescription).")
            }
        }
    }

    /// Moves the clock, once all is done that can be done at the present time, from one time that somebody waits for
    /// to the next, so that what is due in between is done at its time.
    private func advance(by seconds: Double) async {
        guard let clock else {
            return await showProblem("\"advance\" moves the manual clock: start with --manual-clock to have one.")
        }
        await waitUntilIdle(patience: .seconds(10))
        let target = clock.now.addingTimeInterval(seconds)
        var stops = 0
        while !isEnding {
            let now = clock.now
            let rest = max(0, target.timeIntervalSince(now))
            let next = clock.wakeTimes.first { $0 > now }?.timeIntervalSince(now) ?? rest
            // After a hundred stops they are set at least a fiftieth of the rest apart, so that it does not take long.
            stops += 1
            let least = stops <= 100 ? 0.001 : max(0.001, seconds / 50)
            clock.advance(by: .seconds(min(rest, max(next, least))))
            await waitUntilIdle(patience: .seconds(10))
            if target.timeIntervalSince(clock.now) < 0.001 { return }
        }
    }

    // MARK: - Idleness

    private func announceIdleness() async {
        for await _ in activity {
            while requests > announced, !isEnding {
                let known = requests
                if !isTakingRequests, await isIdle(), !isTakingRequests, requests == known { await announce() }
                if requests > announced { await IdlePoll.pause() }
            }
        }
    }

    private func announce() async {
        guard requests > announced else { return }
        announced = requests
        do { try await face.showIdle() } catch { endOutput() }
    }

    /// Asked twice with a pause: the parts of the bot are asked one after the other, and work passes between them.
    private func isIdle() async -> Bool {
        guard await isEverythingDone() else { return false }
        await IdlePoll.pause()
        return await isEverythingDone()
    }

    private func waitUntilIdle(patience: Duration?) async {
        await IdlePoll.wait(patience: patience, unless: { isEnding }, for: { await isIdle() })
    }

    // MARK: - The end

    private var isEnding: Bool { isOutputClosed || Task.isCancelled || Task.isShuttingDownGracefully }

    private func showProblem(_ problem: String) async {
        do { try await face.showProblem(problem) } catch { endOutput() }
    }

    /// Nobody reads us any more; what was not shown stays in the outbox.
    private func endOutput() {
        isOutputClosed = true
        input.stop()
    }
}
