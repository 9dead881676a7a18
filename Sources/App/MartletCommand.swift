import ArgumentParser

/// `martlet`: the product's one command.
struct MartletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A self-hosted WhatsApp assistant.",
        discussion: """
            EXAMPLES
              martlet run                  start the bot with the settings of the environment and .env
              martlet link                 scan a QR code, so that the bot answers on a WhatsApp number
              martlet chat                 talk to the bot in this terminal
              martlet doctor               check settings, database, disk, network and clock
              martlet backup copy.sqlite   copy the database while the bot runs
            """,
        version: ProductVersion.text,
        subcommands: [
            RunCommand.self, LinkCommand.self, AccountsCommand.self, ChatCommand.self, DoctorCommand.self,
            MigrateCommand.self, ConfigCommand.self,
            BackupCommand.self, WebhookCommand.self, DeadLettersCommand.self, VersionCommand.self,
        ],
        defaultSubcommand: nil)
}

/// The product's version.
enum ProductVersion {
    static let text = "0.1.0"
}
