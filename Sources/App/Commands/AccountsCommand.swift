import ArgumentParser
import BotCore
import BotKit
import Foundation
import Logging
import Providers
import WhatsAppWeb

/// `martlet accounts`: the linked accounts of WhatsApp.
struct AccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts", abstract: "List the linked WhatsApp accounts, or unlink one.",
        discussion: """
            EXAMPLES
              martlet accounts
              martlet accounts --json          one JSON object a line
              martlet accounts unlink work
            """,
        subcommands: [List.self, Unlink.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the linked accounts with their state.",
            discussion: """
                EXAMPLES
                  martlet accounts
                  martlet accounts list --json
                """)

        @Flag(help: "Print one JSON object a line.")
        var json = false

        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            let home = try Home(lookingAt: try sources.reader())
            let accounts = try await Stores.using(home) { database in
                let accounts = try await WebAccounts(database).all()
                try await AuditLog.beside(database, in: home).note(reading: "accounts")
                return accounts
            }
            if json {
                for line in try AccountTable.json(accounts) { print(line) }
            } else {
                print(accounts.isEmpty ? "none; link one with martlet link" : AccountTable.text(accounts))
            }
        }
    }

    struct Unlink: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Log a linked account out and forget its keys.",
            discussion: """
                The device goes from the phone's list when WhatsApp can be reached. Everything that was kept to \
                decrypt and to send with it is deleted; conversations stay. The bot must not run meanwhile.

                EXAMPLES
                  martlet accounts unlink work
                  martlet accounts unlink work --yes
                """)

        @Argument(help: "The account's name, as martlet accounts lists it.")
        var name: String

        @Flag(help: "Do not ask.")
        var yes = false

        @OptionGroup var sources: ConfigurationOptions

        func validate() throws {
            if !yes, isatty(STDIN_FILENO) == 0 { throw ValidationError("Without a terminal to ask at, give --yes.") }
        }

        func run() async throws {
            let config = try sources.reader()
            let settings = try ProductSettings(config)
            let home = try Home(config)
            let logger = Logger(label: "accounts") { _ in SwiftLogNoOpLogHandler() }
            try await LinkDesk.with(home, settings, logger: logger) { desk in
                guard let account = try await desk.accounts.account(named: name) else {
                    throw Misconfiguration(
                        "account \(name)", "is not there", remedy: "See martlet accounts for those that are.")
                }
                guard desk.isAlone else {
                    throw Misconfiguration(
                        "account \(name)", "cannot be unlinked while a bot is running with it",
                        remedy: "Stop the bot first.")
                }
                let called = account.number.map { "\(name) (+\($0))" } ?? name
                if !yes {
                    let answer = Terminal().ask("Unlink \(called) and delete its keys? Type yes", suggestion: "no")
                    guard answer?.lowercased() == "yes" else { return print("nothing was changed") }
                }
                try await desk.note(.unlink, of: name)
                let isLoggedOut = await AccountRemoval(desk: desk, time: SystemTime()).logOut(account)
                try await desk.accounts.remove(name)
                print("unlinked \(called)")
                if !isLoggedOut, account.state == .linked {
                    StandardError.write(
                        "WhatsApp was not told: remove the device on the phone under Settings > Linked devices.")
                }
            }
        }
    }
}
