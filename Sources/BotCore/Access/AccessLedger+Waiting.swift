public import BotKit
public import Foundation

/// Who waits to be let in.
extension AccessLedger {
    /// The code of somebody whom nobody knows yet.
    /// - Returns: `nil` when they have been told theirs, or too many wait already.
    func code(for turn: Turn) async throws -> String? {
        let now = turn.receivedAt
        let account = turn.chat.id.account
        try await database.run("DELETE FROM access_pairing WHERE NOT (\(isValid(at: now)))")
        let code = ShortCode.random(8)
        try await database.run(
            """
            INSERT INTO access_pairing (code, account, member, chat, phone, language, turn, expires_at)
            SELECT \(code), \(account), \(turn.member.id), \(turn.chat.id), \(turn.member.phone?.digits), \
            \(turn.language), \(turn.id), \(now.adding(settings.codeLifetime))
            WHERE (SELECT COUNT(*) FROM access_pairing WHERE account = \(account)) < \(Int64(settings.codesWaiting))
            ON CONFLICT (member) DO NOTHING
            """)
        let row = try await database.rows(
            "SELECT code FROM access_pairing WHERE member = \(turn.member.id) AND turn = \(turn.id)"
        ).first
        return try row?.text("code")
    }

    /// A code that would be valid for longer than one is was made before the clock was set back: it has expired.
    private func isValid(at now: Date) -> SQL {
        let latest = now.adding(settings.codeLifetime + .clockTolerance)
        return "expires_at > \(now) AND expires_at <= \(latest)"
    }

    public func request(_ code: String, at time: Date) async throws -> PairingRequest? {
        try await database.rows(
            "SELECT * FROM access_pairing WHERE code = \(code.uppercased()) AND \(isValid(at: time))"
        ).first.map(Self.request)
    }

    public func requests(at time: Date) async throws -> [PairingRequest] {
        try await database.rows(
            "SELECT * FROM access_pairing WHERE \(isValid(at: time)) ORDER BY expires_at LIMIT 1000"
        ).map(Self.request)
    }

    public func approving(_ request: PairingRequest, at time: Date) -> [SQL] {
        let removal: SQL = "DELETE FROM access_pairing WHERE code = \(request.code)"
        // A role that was given with another number is not theirs to approve who lets people in.
        let known: SQL = """
            UPDATE access_rule SET known_as = \(request.phone?.digits),
                role = CASE WHEN known_as <> \(request.phone?.digits ?? "") THEN NULL ELSE role END
            WHERE member = \(request.member)
            """
        return [removal.requiring(rows: 1)]
            + admitting(.allowed, .member(request.member), until: nil, at: time) + [known]
    }

    private static func request(_ row: Row) throws -> PairingRequest {
        PairingRequest(
            code: try row.text("code"), member: try row.id("member"), chat: try row.id("chat"),
            phone: try row.optionalText("phone").flatMap { PhoneNumber($0) },
            language: Language(rawValue: try row.text("language")), expiresAt: try row.date("expires_at"))
    }
}
