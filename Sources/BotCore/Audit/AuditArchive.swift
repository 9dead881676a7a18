public import BotKit
import Crypto
public import Foundation

/// Reads the audit: newest entries, all of it as an export, and whether it is whole.
public struct AuditArchive: AuditReader {
    private static let page = 2_000
    private static let entryHead = #"{"entry":"#
    private static let hashHead = #","hash":""#
    /// The longest line of an export that is looked at.
    private static let longestLine = 64 * 1024

    private let database: any Database
    private let pseudonyms: Pseudonyms

    public init(_ database: any Database, pseudonyms: Pseudonyms) {
        self.database = database
        self.pseudonyms = pseudonyms
    }

    public func last(_ limit: Int, of wanted: AuditFilter = AuditFilter()) async throws -> [AuditRecord] {
        var filter: SQL = "1 = 1"
        if let action = wanted.action { filter = "\(filter) AND action = \(action.rawValue)" }
        if let outcome = wanted.outcome { filter = "\(filter) AND outcome = \(outcome.rawValue)" }
        if let since = wanted.since { filter = "\(filter) AND created_at >= \(since)" }
        if let before = wanted.before { filter = "\(filter) AND sequence < \(before)" }
        if let person = wanted.person {
            var isTheirs: SQL = "1 = 0"
            for name in try await names(of: person) { isTheirs = "\(isTheirs) OR \(name) IN (actor, subject)" }
            filter = "\(filter) AND (\(isTheirs))"
        }
        let rows = try await database.rows(
            """
            SELECT * FROM audit_entry WHERE \(filter)
            ORDER BY sequence DESC LIMIT \(max(1, min(limit, 1_000)))
            """)
        return try rows.map(AuditLine.init).map {
            AuditRecord(
                sequence: $0.sequence, time: $0.time, actor: $0.actor, action: $0.action, outcome: $0.outcome,
                subject: $0.subject, reference: $0.reference, details: $0.details)
        }
    }

    /// What a person is called in the entries.
    private func names(of person: Person) async throws -> [String] {
        switch person {
        case .id(let id): return [pseudonyms.of(id)]
        case .number(let number):
            let rows = try await database.rows(
                """
                SELECT member FROM access_identity WHERE phone = \(number.digits)
                UNION SELECT other FROM access_identity WHERE phone = \(number.digits) AND other IS NOT NULL LIMIT 100
                """)
            return [pseudonyms.of(number)] + (try rows.map { pseudonyms.of(try $0.id("member") as MemberID) })
        case .member(let member):
            let rows = try await database.rows(
                "SELECT phone FROM access_identity WHERE member = \(member) OR other = \(member) LIMIT 100")
            let numbers = try rows.compactMap { PhoneNumber(try $0.text("phone")) }
            return [pseudonyms.of(member)] + numbers.map { pseudonyms.of($0) }
        }
    }

    // MARK: - Verifying

    /// Looks at every entry of the database, at the seals of the database, of the seals' file and of a copy, and at
    /// what the daily look found last.
    /// - Parameters:
    ///   - sealEvery: after how many entries the last of them is sealed.
    ///   - copy: an `audit.seals` of an earlier day. Nothing else shows that the ends of the database and of the seals'
    ///     file were cut off together.
    /// - Throws: `Misconfiguration` when the copy cannot be read or holds nothing.
    public func verify(_ key: AuditKey, sealEvery: Int, copy: URL? = nil) async throws -> AuditVerdict {
        var kept: [String] = []
        if let copy {
            kept = AuditKey.seals(in: copy) ?? []
            guard !kept.isEmpty else {
                throw Misconfiguration(
                    "the copy of the seals", "cannot be read or is empty (\(copy.path))",
                    remedy: "Name a copy of audit.seals that you may read.")
            }
        }
        let found = try await AlertStore(database: database).mark(AuditAnchor.mark).flatMap { AuditAnchor($0) }
        return try await verify(key, sealEvery: sealEvery, from: nil, found: found, copy: kept)
    }

    /// - Parameters:
    ///   - anchor: the entry to begin with, the chain before it being taken for sound; `nil` is the first.
    ///   - found: an entry that an earlier look found sound.
    func verify(
        _ key: AuditKey, sealEvery: Int, from anchor: AuditAnchor?, found: AuditAnchor? = nil, copy: [String] = []
    ) async throws -> AuditVerdict {
        let start = anchor?.sequence ?? 0
        // What comes meanwhile is left to the next look; its seals would be missing from those that are read now.
        let head = try await database.rows("SELECT COALESCE(MAX(sequence), 0) AS last FROM audit_entry")[0].int("last")
        guard head >= start else {
            return AuditVerdict(entries: head, sealed: 0, fault: .cutOff(after: head, sealed: start))
        }
        var seals = try await storedSeals(from: start)
        let file = key.storedSeals
        for lines in [file, copy] {
            for (index, line) in lines.enumerated() {
                guard let seal = AuditSeal(json: Data(line.utf8)) else {
                    return AuditVerdict(entries: 0, sealed: 0, fault: .unreadable(line: index + 1))
                }
                if seal.sequence >= start { seals.append(seal) }
            }
        }
        let end = seals.reduce(head) { max($0, $1.sequence) }
        var verifier = AuditVerifier(seals: seals, key: key.key.publicKey)
        if let anchor { verifier.begin(with: anchor) }
        if let found { verifier.expect(found) }
        try await forEach(from: start) { row in
            guard let line = try? AuditLine(row), let hash = try? row.text("hash") else {
                verifier.takeDamaged()
                return false
            }
            guard line.sequence <= end else { return false }
            verifier.take(line.bytes, sequence: line.sequence, previous: line.previous, hash: hash)
            return verifier.fault == nil
        }
        var verdict = verifier.verdict()
        guard verdict.fault == nil else { return verdict }
        if verdict.entries - verdict.sealed >= Int64(sealEvery) {
            verdict.fault = .endNotSealed(from: verdict.sealed + 1, to: verdict.entries)
        } else if file.isEmpty, verdict.entries > Int64(sealEvery) {
            // The very first seal may be on its way to the file.
            verdict.fault = .noSeals
        }
        return verdict
    }

    /// The hash of an entry; `nil` when there is none.
    func hash(of sequence: Int64) async throws -> String? {
        try await database.rows("SELECT hash FROM audit_entry WHERE sequence = \(sequence)").first?.text("hash")
    }

    private func storedSeals(from start: Int64) async throws -> [AuditSeal] {
        try await database.rows(
            "SELECT sequence, hash, created_at, signature FROM audit_seal WHERE sequence >= \(start) ORDER BY sequence"
        ).map {
            // A seal with values that none is written with is signed by nobody.
            AuditSeal(
                sequence: try $0.int("sequence"), hash: (try? $0.text("hash")) ?? "",
                time: (try? $0.date("created_at")) ?? .distantPast, signature: (try? $0.text("signature")) ?? "")
        }
    }

    /// - Parameter take: returns whether to go on.
    private func forEach(from start: Int64 = 0, _ take: (Row) throws -> Bool) async throws {
        var after = start > 1 ? start - 1 : Int64.min
        while true {
            let rows = try await database.rows(
                "SELECT * FROM audit_entry WHERE sequence > \(after) ORDER BY sequence LIMIT \(Self.page)")
            for row in rows where try !take(row) { return }
            guard rows.count == Self.page, let last = rows.last else { return }
            after = try last.int("sequence")
        }
    }

    // MARK: - Exports

    /// All entries as JSON lines, oldest first, and at the end the seal of the last one.
    /// - Parameter write: takes some whole lines.
    public func export(_ key: AuditKey, at time: Date, write: (String) throws -> Void) async throws {
        var batch = ""
        var last: (line: AuditLine, hash: String)?
        try await forEach { row in
            let (line, hash) = (try AuditLine(row), try row.text("hash"))
            last = (line, hash)
            batch += Self.entryHead + String(decoding: line.bytes, as: UTF8.self) + Self.hashHead + hash + "\"}\n"
            if batch.utf8.count > 1 << 20 {
                try write(batch)
                batch = ""
            }
            return true
        }
        if let last { batch += try AuditSeal(last.line, hash: last.hash, at: time, by: key.key).json + "\n" }
        try write(batch)
    }

    /// Looks at an export, which needs no database.
    /// - Parameters:
    ///   - file: what `export` wrote.
    ///   - publicKey: 64 hexadecimal digits, as in `audit.pub`.
    /// - Throws: `Misconfiguration` when the file cannot be read or the key is none.
    public static func verify(export file: URL, publicKey: String) throws -> AuditVerdict {
        guard let bytes = Hexadecimal.bytes(publicKey.trimmingCharacters(in: .whitespacesAndNewlines)),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else {
            throw Misconfiguration(
                "the key", "is not 64 hexadecimal digits", remedy: "Give the content of audit.pub of the data folder.")
        }
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else {
            throw Misconfiguration(
                "the file", "cannot be read (\(file.path))", remedy: "Name a file that you may read.")
        }
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { return AuditVerdict(entries: 0, sealed: 0, fault: nil) }
        let seal = lines.last.flatMap { AuditSeal(json: $0) }
        if seal != nil { lines.removeLast() }
        var verifier = AuditVerifier(seals: seal.map { [$0] } ?? [], key: key)
        for (index, line) in lines.enumerated() where verifier.fault == nil {
            guard let entry = exported(line) else {
                verifier.takeUnreadable(line: index + 1)
                break
            }
            verifier.take(entry.bytes, sequence: entry.sequence, previous: entry.previous, hash: entry.hash)
        }
        var verdict = verifier.verdict()
        if verdict.fault == nil, verdict.sealed < verdict.entries || seal == nil {
            verdict.fault = .notSealed(after: verdict.entries)
        }
        return verdict
    }

    /// The parts of a line of an export.
    private static func exported(
        _ line: Data
    ) -> (bytes: Data, sequence: Int64, previous: String, hash: String)? {
        let tail = hashHead.utf8.count + 64 + 2
        guard line.count <= longestLine, line.count > entryHead.utf8.count + tail,
            line.starts(with: entryHead.utf8), line.suffix(2).elementsEqual(#""}"#.utf8)
        else { return nil }
        let end = line.endIndex - tail
        guard line[end..<end + hashHead.utf8.count].elementsEqual(hashHead.utf8) else { return nil }
        let bytes = line[line.startIndex + entryHead.utf8.count..<end]
        let hash = String(decoding: line[end + hashHead.utf8.count..<line.endIndex - 2], as: UTF8.self)
        // In a string of canonical JSON a quote is escaped, and only plain fields follow these two.
        guard let previous = field(#","previous":""#, until: UInt8(ascii: "\""), in: bytes),
            let sequence = field(#","sequence":"#, until: UInt8(ascii: ","), in: bytes).flatMap(Int64.init)
        else { return nil }
        return (bytes, sequence, previous, hash)
    }

    private static func field(_ head: String, until end: UInt8, in bytes: Data) -> String? {
        guard let found = bytes.range(of: Data(head.utf8), options: .backwards),
            let stop = bytes[found.upperBound...].firstIndex(of: end)
        else { return nil }
        return String(decoding: bytes[found.upperBound..<stop], as: UTF8.self)
    }
}
