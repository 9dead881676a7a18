/// Asks whether more of a chat may be kept than its running conversation.
public protocol ConsentDesk: Sendable {
    /// What to say beside the answer of a turn, when something here has come to be older than a running conversation.
    /// - Returns: `nil` when that is not so, when it was asked before, and when somebody has decided.
    /// - Throws: `DatabaseError`.
    func question(for turn: Turn) async throws -> Answer?
}
