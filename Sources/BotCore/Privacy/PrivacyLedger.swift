public import BotKit
public import Foundation

/// The tables in which it is written what chats decided about what is kept of them.
public struct PrivacyLedger: PrivacyBook {
    /// How long a question whether to wipe waits for its answer.
    private static let wipeLifetime: TimeInterval = 600

    let database: any Database
    private let ids: RowIDs
    private let settings: PrivacySettings
    private let directory: ProviderDirectory
    private let finder: PersonFinder
    private let erasure: Erasure
    let rests = ConsentRests()

    /// - Parameters:
    ///   - personalData: of all tables of the product.
    ///   - directory: the accounts, which know other names of a person.
    public init(
        database: any Database, ids: RowIDs, settings: PrivacySettings, personalData: [PersonalData],
        directory: ProviderDirectory
    ) {
        self.database = database
        self.ids = ids
        self.settings = settings
        self.directory = directory
        finder = PersonFinder(database: database, personalData: personalData, directory: directory)
        erasure = Erasure(database: database, personalData: personalData, files: nil)
    }

    // MARK: - Choices

    public func choice(of chat: ChatID) async throws -> PrivacyChoice {
        let row = try await database.rows(
            "SELECT retention_days, consent, asked_at FROM privacy_choice WHERE chat = \(chat)"
        ).first
        let own = try row?.optionalInt("retention_days").map { Int($0) }
        let consent = try row?.optionalText("consent").flatMap(PrivacyChoice.Consent.init(rawValue:))
        return PrivacyChoice(
            days: own ?? settings.days, isOwn: own != nil, consent: consent, runningHours: settings.runningHours,
            isAsked: try row?.optionalDate("asked_at") != nil)
    }

    public func keeping(_ chat: ChatID, days: Int, at time: Date) -> [SQL] {
        [
            """
            INSERT INTO privacy_choice (chat, retention_days, changed_at) VALUES (\(chat), \(days), \(time))
            ON CONFLICT (chat) DO UPDATE SET retention_days = excluded.retention_days, changed_at = excluded.changed_at
            """
        ]
    }

    public func noting(_ consent: PrivacyChoice.Consent, in chat: ChatID, at time: Date) -> [SQL] {
        [
            """
            INSERT INTO privacy_choice (chat, consent, changed_at) VALUES (\(chat), \(consent.rawValue), \(time))
            ON CONFLICT (chat) DO UPDATE SET consent = excluded.consent, changed_at = excluded.changed_at
            """
        ]
    }

    // MARK: - Exports

    public func requestingExport(for turn: Turn) async throws -> ExportRequest {
        let now = turn.receivedAt
        let last = try await database.rows(
            """
            SELECT state, requested_at FROM data_export WHERE member = \(turn.member.id)
            ORDER BY requested_at DESC LIMIT 1
            """
        ).first
        if let last {
            let requestedAt = try last.date("requested_at")
            // What was not made within a day never will be.
            if try last.text("state") == "making", requestedAt.addingTimeInterval(86_400) > now { return .underWay }
            let nextAt = requestedAt.addingTimeInterval(Double(settings.exportHours) * 3_600)
            // What was asked in the future was asked before the clock was set back.
            if nextAt > now, requestedAt <= now.adding(.clockTolerance) { return .tooSoon(nextAt: nextAt) }
        }
        let id = ids.next(at: now)
        let form = DataExport.Form(for: directory.provider(of: turn.chat.id)?.abilities)
        let write: SQL = """
            INSERT INTO data_export (id, member, chat, language, words, state, file, requested_at)
            VALUES (\(id), \(turn.member.id), \(turn.chat.id), \(turn.language), \(try Self.json(turn.personalWords)),
                'making', \(DataExport.fileName(of: id, as: form)), \(now))
            """
        return .accepted(job: MakeExport(export: id), writes: [write])
    }

    // MARK: - Wipes

    public func askingWipe(of range: WipeRange, for turn: Turn) async throws -> WipeQuestion {
        let now = turn.receivedAt
        let scope = try await finder.scope(
            range, of: turn.member.id, in: turn.chat.id, words: turn.personalWords)
        let counts = try await erasure.counts(scope, [.record, .address], until: now)
        // It guards against a slip, not against guessing: it is good for one member in one chat.
        let code = ShortCode.random(6)
        let write: SQL = """
            INSERT INTO data_wipe (id, extent, member, chat, language, words, code, state, requested_at)
            VALUES (\(ids.next(at: now)), \(range.rawValue), \(turn.member.id), \(turn.chat.id), \(turn.language),
                \(try Self.json(turn.personalWords)), \(code), 'asked', \(now))
            """
        return WipeQuestion(
            code: code, rows: counts.values.reduce(0, +), writes: droppingWipe(for: turn) + [write])
    }

    public func confirmingWipe(of range: WipeRange, by code: String, for turn: Turn) async throws
        -> (job: any Job, writes: [SQL])?
    {
        let oldest = turn.receivedAt.addingTimeInterval(-Self.wipeLifetime)
        // What was asked in the future was asked before the clock was set back.
        let newest = turn.receivedAt.adding(.clockTolerance)
        let row = try await database.rows(
            """
            SELECT id FROM data_wipe WHERE member = \(turn.member.id) AND chat = \(turn.chat.id)
                AND extent = \(range.rawValue) AND code = \(code.uppercased()) AND state = 'asked'
                AND requested_at > \(oldest) AND requested_at <= \(newest)
            """
        ).first
        guard let id = try row?.int("id") else { return nil }
        let begin: SQL = """
            UPDATE data_wipe SET state = 'running', requested_at = \(turn.receivedAt)
            WHERE id = \(id) AND state = 'asked'
            """
        return (WipePersonalData(wipe: id), [begin.requiring(rows: 1)])
    }

    public func droppingWipe(for turn: Turn) -> [SQL] {
        [
            """
            DELETE FROM data_wipe WHERE member = \(turn.member.id) AND chat = \(turn.chat.id) AND state = 'asked'
            """
        ]
    }

    private static func json(_ words: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(words), as: UTF8.self)
    }
}
