import ArgumentParser
import BotCore
import BotKit
import Foundation

/// `martlet audit`: who did what that needs a permission.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look at the record of privileged acts, and whether it is whole.",
        discussion: """
            Entries form a chain of hashes, and the end of the chain is signed, so that whoever changes, removes or \
            adds one is found out. People are keyed hashes, as in the log.

            EXAMPLES
              martlet audit last --limit 20
              martlet audit verify
              martlet audit verify --seals /mnt/elsewhere/audit.seals
              martlet audit export audit.jsonl
              martlet audit verify --file audit.jsonl
            """,
        subcommands: [Last.self, Verify.self, Export.self])

    /// `martlet audit last`.
    struct Last: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the newest entries, newest first.",
            discussion: """
                EXAMPLES
                  martlet audit last --limit 100 --action CONFIG_UPDATE
                  martlet audit last --about +15550000001 --outcome denied --since 2026-03-01
                """)

        @Option(help: "How many, from 1 to 1000.")
        var limit = 20

        @Option(help: "Only entries of this action, such as CONFIG_UPDATE.", transform: AuditCommand.action)
        var action: AuditEntry.Action?

        @Option(help: "Only entries with this outcome: done, denied or failed.", transform: AuditCommand.outcome)
        var outcome: AuditEntry.Outcome?

        @Option(
            help: "Only what this person did or had done to them: a telephone number, or a name such as cloud/u12.",
            transform: AuditCommand.person)
        var about: Person?

        @Option(help: "Only entries from this day or time (UTC) on.", transform: AuditCommand.time)
        var since: Date?

        @Option(help: "Only entries before the one with this number.")
        var before: Int64?

        @OptionGroup var sources: ConfigurationOptions

        func validate() throws {
            guard (1...1_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000.") }
        }

        func run() async throws {
            let filter = AuditFilter(action: action, outcome: outcome, person: about, since: since, before: before)
            let records = try await AuditCommand.withArchive(sources) { archive, _, audit in
                let records = try await archive.last(limit, of: filter)
                var details = ["entries": "\(records.count)"]
                if let newest = records.first, let oldest = records.last {
                    details["newest"] = "\(newest.sequence)"
                    details["oldest"] = "\(oldest.sequence)"
                }
                try await audit.commit([], recording: [.init(AuditEntry(.auditRead, details: details), by: .terminal)])
                return records
            }
            for record in records {
                let parts = [
                    "\(record.sequence)", record.time.formatted(.iso8601), record.actor, record.action,
                    record.outcome, record.subject, record.reference, record.details,
                ]
                print(parts.map { $0.isEmpty ? "-" : $0 }.joined(separator: " "))
            }
            if records.isEmpty { print("none") }
        }
    }

    /// `martlet audit verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every entry; the first that is wrong is named.",
            discussion: """
                Exits with 1 when something is wrong. An export is checked with audit.pub of the data folder, or with \
                the key that --key gives; it needs no database.

                Whoever may write the data folder can cut the end off the database and off audit.seals together. Only \
                a copy of audit.seals that was kept elsewhere tells of that: give it with --seals.

                EXAMPLES
                  martlet audit verify
                  martlet audit verify --seals /mnt/elsewhere/audit.seals
                  martlet audit verify --file audit.jsonl --key "$(cat audit.pub)"
                """)

        @Option(help: "An export to check instead of the database.")
        var file: String?

        @Option(help: "The public key, 64 hexadecimal digits, instead of the one in the data folder.")
        var key: String?

        @Option(help: "A copy of audit.seals to check the database against as well.")
        var seals: String?

        @OptionGroup var sources: ConfigurationOptions

        func validate() throws {
            if file == nil, key != nil { throw ValidationError("--key goes with --file.") }
            if file != nil, seals != nil { throw ValidationError("--seals checks the database, --file an export.") }
        }

        func run() async throws {
            let verdict: AuditVerdict
            if let file {
                let publicKey = try key ?? AuditKey.publicText(in: Home(lookingAt: try sources.reader()).folder)
                verdict = try AuditArchive.verify(export: URL(filePath: file), publicKey: publicKey)
            } else {
                let settings = try AuditSettings(try sources.reader())
                let home = try Home(lookingAt: try sources.reader())
                verdict = try await Stores.using(home) { database in
                    let key = try AuditKey(lookingAt: home.folder)
                    let archive = AuditArchive(database, pseudonyms: try Pseudonyms(home: home.folder))
                    return try await archive.verify(
                        key, sealEvery: settings.sealEvery, copy: seals.map { URL(filePath: $0) })
                }
            }
            if let fault = verdict.fault {
                print("the audit is not whole: \(fault)")
                throw ExitCode(1)
            }
            print("\(verdict.entries) entries, sealed up to \(verdict.sealed): whole")
        }
    }

    /// `martlet audit export FILE`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all entries to a file as JSON lines, with a seal at the end.",
            discussion: """
                EXAMPLES
                  martlet audit export /var/backups/audit-2026.jsonl
                """)

        @Argument(help: "The file to write; it must not exist.")
        var file: String

        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw Misconfiguration(
                    "the file", "cannot be made (\(String(cString: strerror(errno))))",
                    remedy: "Name a file that does not exist, in a folder that you may write.")
            }
            let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            do {
                try await AuditCommand.withArchive(sources) { archive, key, audit in
                    // First, so that the file has it.
                    try await audit.commit(
                        [],
                        recording: [.init(AuditEntry(.auditRead, details: ["command": "audit export"]), by: .terminal)])
                    try await archive.export(key, at: SystemTime().now) { try handle.write(contentsOf: Data($0.utf8)) }
                }
                try handle.synchronize()
            } catch {
                unlink(file)
                throw error
            }
            print("wrote \(file)")
        }
    }

    private static func withArchive<Result>(
        _ sources: ConfigurationOptions, _ body: (AuditArchive, AuditKey, AuditLog) async throws -> Result
    ) async throws -> Result {
        let home = try Home(lookingAt: try sources.reader())
        return try await Stores.using(home) { database in
            let archive = AuditArchive(database, pseudonyms: try Pseudonyms(home: home.folder))
            let log = try await AuditLog.beside(database, in: home)
            return try await body(archive, try AuditKey(lookingAt: home.folder), log)
        }
    }
}

extension AuditCommand {
    fileprivate static func action(_ word: String) throws -> AuditEntry.Action {
        guard let action = AuditEntry.Action(rawValue: word.uppercased()) else {
            let known = AuditEntry.Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("It is one of \(known).")
        }
        return action
    }

    fileprivate static func outcome(_ word: String) throws -> AuditEntry.Outcome {
        guard let outcome = AuditEntry.Outcome(rawValue: word.lowercased()) else {
            throw ValidationError("It is done, denied or failed.")
        }
        return outcome
    }

    fileprivate static func person(_ word: String) throws -> Person {
        guard let person = Person(word) else {
            throw ValidationError("It is a telephone number, an id of the network, or a name such as cloud/u12.")
        }
        return person
    }

    fileprivate static func time(_ word: String) throws -> Date {
        guard let time = AuditFilter.time(word) else {
            throw ValidationError("It is a day such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z.")
        }
        return time
    }
}
