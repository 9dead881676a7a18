/// Whom a feature asks before it stores more of a chat than the running conversation.
public protocol ConsentDesk: Sendable {
    /// What to answer instead of storing.
    /// - Returns: `nil` when more may be stored. Otherwise the question, the first time it comes up in the chat, and
    ///   afterwards a sentence that says how to agree.
    /// - Throws: `DatabaseError`.
    func question(for turn: Turn) async throws -> Answer?
}
