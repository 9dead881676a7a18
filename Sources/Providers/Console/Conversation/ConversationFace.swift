import BotKit
import Foundation

/// Talks with a person: a prompt with a line editor in a terminal, plain lines elsewhere.
actor ConversationFace: ConsoleFace {
    /// How many messages `:history` lists.
    private static let listed = 20
    /// Bracketed paste (XTerm Control Sequences): what is pasted comes in marks, so its line breaks send nothing.
    private static let pasteMarks = (on: "\u{1B}[?2004h", off: "\u{1B}[?2004l")

    private let output: any ConsoleOutput
    private let terminal: Terminal?
    private let botName: String
    private let style: TextStyle
    private var sender: PhoneNumber
    private var group: String?
    private var transcript = Transcript()
    /// What the next message quotes.
    private var quoting: MessageID?
    private var isTyping = false
    /// Whether keys come singly and the last line of the terminal is ours.
    private var isEditing: Bool
    private var keys = KeyDecoder()
    private var editor: LineEditorState
    private var history: TypedHistory
    private var splitter = LineSplitter()

    /// - Parameters:
    ///   - terminal: where keys are typed; `nil` reads plain lines, without a prompt.
    ///   - editsLines: whether keys come singly; tests have it without a terminal.
    init(
        options: ConsoleOptions, output: any ConsoleOutput, terminal: Terminal?, editsLines: Bool? = nil,
        botName: String, history: URL?
    ) {
        self.output = output
        self.terminal = terminal
        self.botName = botName
        style = TextStyle(hasColours: options.colours && output.width != nil)
        sender = options.sender
        group = options.group
        isEditing = editsLines ?? (terminal != nil)
        self.history = TypedHistory(file: isEditing ? history : nil)
        editor = LineEditorState(past: self.history.lines)
    }

    // MARK: - ConsoleFace

    func open() async throws {
        guard isEditing else { return }
        terminal?.takeKeys()
        let greeting = "You are \(sender.digits) and talk to \(botName). :help shows what you can do."
        try await output.write(Self.pasteMarks.on + style.text(greeting, .aside) + "\n" + promptLine)
    }

    func take(_ bytes: [UInt8]) async throws -> [ConsoleRequest] {
        guard isEditing else { return try await take(splitter.take(bytes)) }
        var requests: [ConsoleRequest] = []
        var shown = ""
        for key in keys.decode(bytes) {
            switch editor.handle(key) {
            case .edited: break
            case .submitted(let line):
                let (said, asked) = submit(line)
                shown += said
                requests += asked.map { [$0] } ?? []
            case .abandoned: shown += PromptLine.erase
            case .clearScreen: shown += "\u{1B}[2J\u{1B}[H"
            case .ended: requests.append(.quit)
            }
        }
        try await output.write(PromptLine.erase + shown + promptLine)
        return requests
    }

    func finish() async throws -> [ConsoleRequest] { try await take([splitter.finish()].compactMap { $0 }) }

    func show(_ message: OutgoingMessage, as id: MessageID) async throws {
        let chat = message.chat.name
        let reply = message.reply
        isTyping = false
        let quotes: MessageID? = if case .reaction(let target, _) = reply.content { target } else { reply.quotes }
        let quoted = quotes.flatMap { transcript.isNewest($0, in: chat) ? nil : transcript.entry($0)?.text }
        if let words = reply.text {
            transcript.add(.init(id: id, chat: chat, isFromBot: true, text: TextLayout.snippet(words)))
        }
        let layout = ReplyLayout(botName: botName, style: style, width: output.width)
        try await put(layout.text(for: reply, chat: chat == self.chat ? nil : chat, quoted: quoted) + "\n")
    }

    func showTyping(in chat: ChatID) async throws {
        guard isEditing, chat.name == self.chat, !isTyping else { return }
        isTyping = true
        try await put("")
    }

    func showIdle() async throws {
        guard isTyping else { return }
        isTyping = false
        try await put("")
    }

    func showProblem(_ problem: String) async throws { try await put(style.text(problem, .problem) + "\n") }

    func close() async {
        guard isEditing else { return }
        isEditing = false
        try? await output.write(PromptLine.erase + Self.pasteMarks.off)
        terminal?.giveBack()
    }

    // MARK: - Lines of the user

    private func take(_ lines: [LineSplitter.Line]) async throws -> [ConsoleRequest] {
        var requests: [ConsoleRequest] = []
        var shown = ""
        for line in lines {
            guard case .bytes(let bytes) = line else {
                shown += style.text("a line must have at most 1048576 bytes", .problem) + "\n"
                continue
            }
            let (said, asked) = read(String(decoding: bytes, as: UTF8.self))
            shown += said
            requests += asked.map { [$0] } ?? []
        }
        if !shown.isEmpty { try await output.write(shown) }
        return requests
    }

    /// Takes a line that was edited: it stays on the screen, and in the history.
    private func submit(_ line: String) -> (said: String, asked: ConsoleRequest?) {
        guard line.contains(where: { !$0.isWhitespace }) else { return ("", nil) }
        if history.add(line) { editor.remember(line) }
        let written = style.text(prompt, .member) + TextLayout.printable(line) + "\n"
        let (said, asked) = read(line)
        return (written + said, asked)
    }

    /// - Returns: what to say about it, in whole lines, and what it asks for.
    private func read(_ line: String) -> (said: String, asked: ConsoleRequest?) {
        guard line.contains(where: { !$0.isWhitespace }) else { return ("", nil) }
        guard let command = ConsoleCommand(line) else {
            let text = ConsoleCommand.message(in: line)
            return ("", .message(message(.text(text), saying: text)))
        }
        switch command {
        case .help: return (aside(ConsoleCommand.helpText), nil)
        case .quit: return ("", .quit)
        case .history: return (aside(listing), nil)
        case .sender(let number):
            sender = number
            return (aside("You are \(number.digits) now."), nil)
        case .group(let name):
            group = name
            quoting = nil
            return (aside(name.map { "You are in the group \($0) now." } ?? "You are in the direct chat now."), nil)
        case .quote(let place):
            guard let entry = transcript.entry(place, in: chat) else {
                return (problem("there are not so many messages here; :history lists them"), nil)
            }
            quoting = entry.id
            return (aside("The next message quotes: \(entry.text)"), nil)
        case .file(let path, let caption):
            do {
                let media = try ConsoleFile(typed: path).media(caption: caption)
                return ("", .message(message(.media(media), saying: caption ?? "[\(media.kind.rawValue)]")))
            } catch {
                return (problem("that file \(error.rawValue)"), nil)
            }
        case .wrong(let words): return (problem(words), nil)
        }
    }

    private func message(_ content: InboundMessage.Content, saying text: String) -> ConsoleMessage {
        defer { quoting = nil }
        let message = ConsoleMessage(
            id: ConsoleMessage.newID(), chat: chat, isGroup: group != nil, sender: sender, content: content,
            quotes: quoting)
        transcript.add(.init(id: message.id, chat: chat, isFromBot: false, text: TextLayout.snippet(text)))
        return message
    }

    private var listing: String {
        let last = transcript.last(Self.listed, in: chat)
        guard !last.isEmpty else { return "There are no messages here yet." }
        return last.map { "\($0.place)  \($0.entry.isFromBot ? botName : "you"): \($0.entry.text)" }
            .joined(separator: "\n")
    }

    // MARK: - The screen

    /// The name of the chat that the user is in.
    private var chat: String { group ?? sender.digits }

    private var prompt: String {
        (isTyping ? "… " : "") + (quoting == nil ? "" : "↪ ") + (group.map { "\($0)/" } ?? "") + sender.digits + "> "
    }

    private var promptLine: String {
        PromptLine(prompt: prompt, colour: style.marks(.member), before: editor.before, after: editor.after)
            .drawn(width: output.width ?? 80)
    }

    /// Writes whole lines above the prompt, which is drawn again with what is being typed.
    private func put(_ lines: String) async throws {
        try await output.write(isEditing ? PromptLine.erase + lines + promptLine : lines)
    }

    private func aside(_ text: String) -> String { style.text(text, .aside) + "\n" }

    private func problem(_ text: String) -> String { style.text(text, .problem) + "\n" }
}
