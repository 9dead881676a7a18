import ArgumentParser
import BotKit
import Foundation

/// `martlet import-env FILE`: the settings of the bot that was there before.
struct ImportEnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-env", abstract: "Take over the .env of whatsapp-chatgpt or of its fork.",
        discussion: """
            Says line by line what each setting means here, and writes ours. The file itself is only read; comments \
            are not taken over, and secrets are not shown. While a line is invalid nothing is written, so that no \
            list of numbers is lost on the way. Exits with 78 then. docs/migration.md has all the steps.

            EXAMPLES
              martlet import-env ../whatsapp-chatgpt/.env --dry-run
              martlet import-env ../whatsapp-chatgpt/.env
              martlet import-env old.env --output martlet.env --force
              martlet import-env --table
            """)

    @Argument(help: "The .env of the earlier bot.")
    var file: String?

    @Option(help: "The file to write, readable for you alone.")
    var output = ".env"

    @Flag(help: "Only say what would be written.")
    var dryRun = false

    @Flag(help: "Replace the file to write if there is one.")
    var force = false

    @Flag(help: "Print what becomes of every variable of both bots instead.")
    var table = false

    func validate() throws {
        guard table || file != nil else { throw ValidationError("Name the .env of the earlier bot.") }
    }

    func run() throws {
        guard !table, let file else { return print(EarlierVariable.markdown, terminator: "") }
        let imported = try EnvImport(try text(of: file), at: SystemTime().now)
        if !dryRun { try checkOutput(besides: file) }
        for line in imported.report { print(line) }
        guard imported.invalidCount == 0 else {
            let isOne = imported.invalidCount == 1
            throw Misconfiguration(
                file, "has \(imported.invalidCount) invalid line\(isOne ? "" : "s"), so nothing was written",
                remedy: "Correct \(isOne ? "it" : "them"), or put # in front, and run this again.")
        }
        if dryRun {
            print("Nothing was written (--dry-run).")
        } else {
            try EnvFile(imported.settings).write(to: output, replacing: force)
            print("Wrote \(output), readable for you alone. \(file) stays as it is.")
        }
        if !imported.namesAModel {
            print("No model is named: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.")
        }
        print("Next: martlet link (the earlier session cannot be taken over), martlet doctor, martlet run.")
        if output != ".env" { print("Each of them needs --env-file \(output), as it is not called .env.") }
    }

    private func text(of path: String) throws -> String {
        do {
            return try EnvFile.text(of: path)
        } catch {
            let words: (problem: String, remedy: String) =
                switch error {
                case .missing: ("does not exist", "Correct the path.")
                case .unreadable: ("cannot be read", "Name a file that this user may read, not a folder.")
                case .tooLarge: ("has more than 1 MiB, which no .env has", "Name the .env of the earlier bot.")
                case .notText: ("is no text in UTF-8", "Name the .env of the earlier bot, or save it as UTF-8.")
                }
            throw Misconfiguration(path, words.problem, remedy: words.remedy)
        }
    }

    /// - Throws: `Misconfiguration` when the file to write is the one that is read, or may not be replaced.
    private func checkOutput(besides file: String) throws {
        guard FileManager.default.fileExists(atPath: output) else { return try EnvFile.check(output) }
        guard identity(of: output) != identity(of: file) else {
            throw Misconfiguration(
                output, "is the file that is read, and is not replaced",
                remedy: "Name another one with --output, or run this in another folder.")
        }
        guard force else {
            throw Misconfiguration(
                output, "is there already",
                remedy: "Name another file with --output, or replace it with --force.")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: output, isDirectory: &isFolder), !isFolder.boolValue else {
            throw Misconfiguration(output, "is a folder", remedy: "Name a file with --output.")
        }
        try EnvFile.check(output, replacing: true)
    }

    private func identity(of path: String) -> [NSNumber?] {
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return [attributes?[.systemNumber] as? NSNumber, attributes?[.systemFileNumber] as? NSNumber]
    }
}
