public import BotKit
import Crypto
import Foundation

/// Sessions of admins: a random token, known by its hash, good for one member in one chat of one account, for a while
/// after each use. Whoever guesses is locked out for ever longer.
public struct AdminSessionStore: AdminSessions {
    /// How many wrong tokens in a row lock a member out.
    private static let guesses = 5

    private let database: any Database
    private let settings: AccessSettings

    public init(database: any Database, settings: AccessSettings) {
        self.database = database
        self.settings = settings
    }

    public func opening(for turn: Turn) -> (token: String, writes: [SQL]) {
        let token = UUID().uuidString.lowercased()
        let end = turn.receivedAt.adding(settings.sessionLifetime)
        return (
            token,
            [
                """
                INSERT INTO admin_session (member, chat, token_hash, expires_at)
                VALUES (\(turn.member.id), \(turn.chat.id), \(Self.hash(token)), \(end))
                ON CONFLICT (member, chat) DO UPDATE SET token_hash = excluded.token_hash, \
                expires_at = excluded.expires_at
                """
            ]
        )
    }

    public func closing(for turn: Turn) -> [SQL] {
        ["DELETE FROM admin_session WHERE member = \(turn.member.id) AND chat = \(turn.chat.id)"]
    }

    /// Whose open session a token is the key to.
    func holder(of token: String, at now: Date) async throws -> MemberID? {
        try await database.rows(
            "SELECT member FROM admin_session WHERE token_hash = \(Self.hash(token)) AND \(isOpen(at: now))"
        ).first?.id("member")
    }

    /// A session that would last longer than one does was opened before the clock was set back: it is over.
    private func isOpen(at now: Date) -> SQL {
        "expires_at > \(now) AND expires_at <= \(now.adding(settings.sessionLifetime + .clockTolerance))"
    }

    /// Ends the session that a token is the key to.
    func ending(_ token: String) -> SQL { "DELETE FROM admin_session WHERE token_hash = \(Self.hash(token))" }

    /// - Throws: `Refusal` unless the turn carries the token of an open session of its member in its chat.
    func require(_ turn: Turn) async throws {
        let now = turn.receivedAt
        if let lock = try await lock(of: turn.member.id, at: now) {
            let minutes = Int((lock.timeIntervalSince(now) / 60).rounded(.up))
            throw Refusal(.sessionLocked.with(["minutes": "\(minutes)"]), reason: "session_locked")
        }
        guard let token = turn.session else { throw Refusal(.sessionNeeded, reason: "session_needed") }
        let stored = try await database.rows(
            """
            SELECT token_hash FROM admin_session
            WHERE member = \(turn.member.id) AND chat = \(turn.chat.id) AND \(isOpen(at: now))
            """
        ).first?.text("token_hash")
        guard let stored, Self.isEqual(stored, Self.hash(token)) else {
            try await noteFailure(of: turn)
            throw Refusal(.sessionInvalid, reason: "session_invalid")
        }
        try await database.transaction([
            """
            UPDATE admin_session SET expires_at = \(now.adding(settings.sessionLifetime))
            WHERE member = \(turn.member.id) AND chat = \(turn.chat.id)
            """,
            "DELETE FROM admin_lock WHERE member = \(turn.member.id)",
        ])
    }

    /// Until when a member is locked out; `nil` when they are not.
    private func lock(of member: MemberID, at now: Date) async throws -> Date? {
        let row = try await database.rows(
            "SELECT failures, locked_until FROM admin_lock WHERE member = \(member)"
        ).first
        guard let row else { return nil }
        let end = try row.date("locked_until")
        guard end > now else { return nil }
        let longest = now.adding(span(after: try row.int("failures")))
        guard end > longest.adding(.clockTolerance) else { return end }
        // The clock was set back since: the whole time begins once more, and does not last until that is made up for.
        try await database.run(
            "UPDATE admin_lock SET locked_until = \(longest) WHERE member = \(member) AND locked_until = \(end)")
        return longest
    }

    /// How long so many wrong tokens lock out.
    private func span(after failures: Int64) -> Duration {
        let doublings = min(max(failures - Int64(Self.guesses), 0), 12)
        return min(settings.sessionLifetime * (1 << doublings), .seconds(86_400))
    }

    /// The fifth wrong token locks for as long as a session lasts, each one after it for twice as long, up to a day.
    private func noteFailure(of turn: Turn) async throws {
        // Guesses in two chats at once count as two.
        try await database.run(
            """
            INSERT INTO admin_lock (member, failures, locked_until) VALUES (\(turn.member.id), 1, 0)
            ON CONFLICT (member) DO UPDATE SET failures = admin_lock.failures + 1
            """)
        let failures =
            try await database.rows("SELECT failures FROM admin_lock WHERE member = \(turn.member.id)").first?
            .int("failures") ?? 1
        guard failures >= Self.guesses else { return }
        let end = turn.receivedAt.adding(span(after: failures))
        try await database.run(
            "UPDATE admin_lock SET locked_until = \(end) WHERE member = \(turn.member.id) AND locked_until < \(end)")
    }

    private static func hash(_ token: String) -> String {
        Hexadecimal.text(SHA256.hash(data: Data(token.utf8)))
    }

    /// Compares without telling by its time where the texts differ.
    private static func isEqual(_ a: String, _ b: String) -> Bool {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension String {
    /// Whether it has the form of a token.
    var isSessionToken: Bool { utf8.count == 36 && UUID(uuidString: self) != nil }

    /// The text without `--session TOKEN`, and the token.
    func splittingSession() -> (text: String, token: String?) {
        guard let mark = sessionMark else { return (self, nil) }
        let rest = self[mark.upperBound...].trimmingInvisible
        let token = rest.prefix { !$0.isWhitespace }
        guard !token.isEmpty, token.utf8.count <= 64 else { return (self, nil) }
        // What is no command by its sign may be one by a word of the operator's own; a token is one in any case.
        guard CommandCall(self) != nil || String(token).isSessionToken else { return (self, nil) }
        let text = self[..<mark.lowerBound] + rest[token.endIndex...]
        return (String(text.trimmingInvisible), String(token))
    }
    /// Where `--session` stands first. Every message is looked at: a regular expression would be compiled each time.
    private var sessionMark: Range<Index>? {
        let word = "session".utf8
        var start = utf8.startIndex
        while let first = utf8[start...].firstIndex(of: UInt8(ascii: "s")) {
            start = utf8.index(after: first)
            guard utf8[first...].starts(with: word) else { continue }
            // Telephones write a dash for two hyphens.
            let before = utf8[..<first].reversed()
            for dash in ["--", "—", "–"] where before.starts(with: dash.utf8.reversed()) {
                return utf8.index(first, offsetBy: -dash.utf8.count)..<utf8.index(first, offsetBy: word.count)
            }
        }
        return nil
    }
}
