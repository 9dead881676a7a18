import BotKit
import Foundation

/// Talks with a script: one JSON object a line, both ways; `docs/console.md` lists the fields.
///
/// It does not tell of typing, since a script that compares lines would have to know how long answers take.
actor ScriptFace: ConsoleFace {
    private let options: ConsoleOptions
    private let output: any ConsoleOutput
    private let encoder: JSONEncoder
    private var splitter = LineSplitter()

    init(options: ConsoleOptions, output: any ConsoleOutput) {
        self.options = options
        self.output = output
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func open() {}

    func take(_ bytes: [UInt8]) -> [ConsoleRequest] { splitter.take(bytes).compactMap(request) }

    func finish() -> [ConsoleRequest] { [splitter.finish()].compactMap { $0 }.compactMap(request) }

    func show(_ message: OutgoingMessage, as id: MessageID) async throws {
        try await write(ScriptEvent(message, as: id))
    }

    func showTyping(in chat: ChatID) {}

    func showIdle() async throws { try await write(["idle": true]) }

    func showProblem(_ problem: String) async throws { try await write(["error": problem]) }

    func close() {}

    /// - Returns: `nil` for a blank line.
    private func request(for line: LineSplitter.Line) -> ConsoleRequest? {
        guard case .bytes(let bytes) = line else { return .problem("a line must have at most 1048576 bytes") }
        guard bytes.contains(where: { !" \t".utf8.contains($0) }) else { return nil }
        do {
            return try ScriptLine(json: bytes).request(by: options)
        } catch {
            return .problem((error as? BadLine)?.problem ?? error.safeDescription)
        }
    }

    /// One write a line, so that lines never mix with those of another program.
    private func write(_ value: some Encodable) async throws {
        let line = String(decoding: try encoder.encode(value), as: UTF8.self)
        try await output.write(line + "\n")
    }
}
