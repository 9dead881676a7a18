import BotKit
import Foundation

/// A wipe as it is stored, from the question to its end.
struct StoredWipe: Sendable {
    enum State: String { case asked, running, erased, told }

    let id: Int64
    let range: WipeRange
    let member: MemberID
    let chat: ChatID
    let language: Language
    let words: [String]
    let state: State
    /// How many rows there were, by table; `nil` before they were counted.
    let counts: [String: Int]?
    /// The hash of its entry in the audit.
    let auditHash: String?
    let requestedAt: Date
    let toldAt: Date?

    /// - Returns: `nil` when there is none.
    static func load(_ id: Int64, from database: any Database) async throws -> StoredWipe? {
        try await database.rows("SELECT * FROM data_wipe WHERE id = \(id)").first.flatMap(StoredWipe.init)
    }

    private init?(_ row: Row) throws {
        guard let range = WipeRange(rawValue: try row.text("extent")),
            let state = State(rawValue: try row.text("state"))
        else { return nil }
        self.range = range
        self.state = state
        id = try row.int("id")
        member = try row.id("member")
        chat = try row.id("chat")
        language = try row.id("language")
        words = try JSONDecoder().decode([String].self, from: Data(try row.text("words").utf8))
        counts = try row.optionalText("counts").map {
            try JSONDecoder().decode([String: Int].self, from: Data($0.utf8))
        }
        auditHash = try row.optionalText("audit_hash")
        requestedAt = try row.date("requested_at")
        toldAt = try row.optionalDate("told_at")
    }
}
