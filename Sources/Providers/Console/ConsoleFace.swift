import BotKit

/// How the console and its user talk: by lines of JSON or as a conversation.
protocol ConsoleFace: Sendable {
    /// Begins the talk.
    func open() async throws
    /// Takes bytes of the user and gives what they ask for, in order.
    func take(_ bytes: [UInt8]) async throws -> [ConsoleRequest]
    /// Gives what a last line without an end asks for.
    func finish() async throws -> [ConsoleRequest]
    /// Shows what the bot says or does.
    func show(_ message: OutgoingMessage, as id: MessageID) async throws
    /// An answer is being written in `chat`.
    func showTyping(in chat: ChatID) async throws
    /// Nothing is left to do.
    func showIdle() async throws
    /// Something cannot be done; `problem` says what and why.
    func showProblem(_ problem: String) async throws
    /// Ends the talk and leaves the terminal as it was.
    func close() async
}
