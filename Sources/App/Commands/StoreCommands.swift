import ArgumentParser
import BotCore
import BotKit
import Foundation

/// `martlet migrate`: brings the database up to date.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database up to date (run does so by itself).",
        discussion: """
            EXAMPLES
              martlet migrate --dry-run    say what would be done
              martlet migrate
            """)

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        let config = try sources.reader()
        guard !dryRun else { return try await sayWhatIsMissing(in: Home(lookingAt: config)) }
        let database = try Stores.open(try Home(config))
        let applied = try await Migrator(database, ProductSchema.whole.migrations, time: SystemTime()).apply()
        print(applied.isEmpty ? "nothing to do" : applied.map { "applied \($0)" }.joined(separator: "\n"))
        try await database.close()
    }

    private func sayWhatIsMissing(in home: Home) async throws {
        var missing = ProductSchema.whole.migrations
        if Stores.exists(in: home) {
            let database = try Stores.openExisting(home)
            missing = try await Migrator(database, missing, time: SystemTime()).pending()
            try await database.close()
        }
        print(missing.isEmpty ? "nothing to do" : missing.map { "would apply \($0.id)" }.joined(separator: "\n"))
    }
}

/// `martlet backup FILE`: a copy of the database, while the bot runs.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database to a file, while the bot runs.",
        discussion: """
            The copy is whole or not there at all, and readable for you alone; a damaged database is not copied. To \
            restore it, stop the bot, remove martlet.sqlite, martlet.sqlite-wal and martlet.sqlite-shm in the data \
            folder, and put the copy there as martlet.sqlite with mode 0600.

            EXAMPLES
              martlet backup /var/backups/martlet-monday.sqlite
            """)

    @Argument(help: "The file to write; it must not exist.")
    var file: String

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        let home = try Home(lookingAt: try sources.reader())
        let database = try Stores.openExisting(home)
        let result: Result<Void, any Error>
        do { result = .success(try await copy(database, in: home)) } catch { result = .failure(error) }
        try await database.close()
        try result.get()
        print("wrote \(file)")
    }

    private func copy(_ database: Stores.Store, in home: Home) async throws {
        guard !FileManager.default.fileExists(atPath: file) else { return try await database.backup(to: file) }
        // A database of a time before the audit is copied as it is.
        let migrator = Migrator(database, ProductSchema.whole.migrations, time: SystemTime())
        let pending = (try? await migrator.pending()) ?? []
        if !pending.contains(where: { $0.id.hasPrefix("audit.") }) {
            // First, so that the copy has it. Where nothing can be recorded any more, the data is worth saving most.
            let entry = AuditEntry(.export, details: ["command": "backup"])
            do {
                try await AuditLog.beside(database, in: home).commit([], recording: [.init(entry, by: .terminal)])
            } catch {
                let problem = "the backup is not in the audit: \(error.safeDescription)\n"
                FileHandle.standardError.write(Data(problem.utf8))
            }
        }
        try await database.backup(to: file)
    }
}

/// `martlet dead-letters`: what was given up.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "List jobs and replies that are not tried again.",
        discussion: """
            EXAMPLES
              martlet dead-letters --limit 20
            """)

    @Option(help: "How many, newest first.")
    var limit = 100

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        let letters = try await Stores.using(try Home(lookingAt: try sources.reader())) {
            try await $0.deadLetters(limit: max(1, limit))
        }
        for letter in letters {
            print(
                "\(letter.createdAt.formatted(.iso8601)) \(letter.sort) \(letter.kind) \(letter.reference): "
                    + "\(letter.problem) after \(letter.attempts) attempts")
        }
        if letters.isEmpty { print("none") }
    }
}
