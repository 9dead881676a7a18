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

    public func last(
        _ limit: Int, of action: AuditEntry.Action? = nil, about person: MemberID? = nil
    ) async throws -> [AuditRecord] {
        var filter: SQL = "1 = 1"
        if let action { filter = "\(filter) AND action = \(action.rawValue)" }
        if let name = person.map({ pseudonyms.of($0) }) { filter = "\(filter) AND \(name) IN (actor, subject)" }
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

    // MARK: - Verifying

    /// Looks at every entry of the database, and at the seals of the database and of the seals' file.
    /// - Parameter start: the entry to begin with, of which the chain before it is taken to be sound; 0 is the first.
    public func verify(_ key: AuditKey, from start: Int64 = 0) async throws -> AuditVerdict {
        var seals = try await storedSeals().filter { $0.sequence >= start }
        for (index, line) in try key.storedSeals().enumerated() {
            guard let seal = AuditSeal(json: Data(line.utf8)) else {
                return AuditVerdict(entries: 0, sealed: 0, fault: .unreadable(line: index + 1))
            }
            if seal.sequence >= start { seals.append(seal) }
        }
        var verifier = AuditVerifier(seals: seals, key: key.key.publicKey)
        if start > 1 { verifier.begin(with: start) }
        try await forEach(from: start) { line, hash in
            verifier.take(line.bytes, sequence: line.sequence, previous: line.previous, hash: hash)
            return verifier.fault == nil
        }
        return verifier.verdict()
    }

    private func storedSeals() async throws -> [AuditSeal] {
        try await database.rows("SELECT sequence, hash, created_at, signature FROM audit_seal ORDER BY sequence").map {
            AuditSeal(
                sequence: try $0.int("sequence"), hash: try $0.text("hash"), time: try $0.date("created_at"),
                signature: try $0.text("signature"))
        }
    }

    /// - Parameter take: returns whether to go on.
    private func forEach(
        from start: Int64 = 0, _ take: (AuditLine, _ hash: String) throws -> Bool
    ) async throws {
        var after = start > 1 ? start - 1 : Int64.min
        while true {
            let rows = try await database.rows(
                "SELECT * FROM audit_entry WHERE sequence > \(after) ORDER BY sequence LIMIT \(Self.page)")
            for row in rows where try !take(try AuditLine(row), try row.text("hash")) { return }
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
        try await forEach { line, hash in
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
