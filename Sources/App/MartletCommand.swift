import ArgumentParser

/// `martlet`: the product's one command.
struct MartletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "A self-hosted WhatsApp assistant.",
        discussion: """
            EXAMPLES
              martlet run                  start the bot
              martlet link                 connect a WhatsApp account
              martlet chat                 talk to the bot here
              martlet doctor               see whether all is well
              martlet why MESSAGE          why it was answered, or not
              martlet backup copy.sqlite   copy the running database
            """,
        version: ProductVersion.text,
        subcommands: [
            RunCommand.self, LinkCommand.self, AccountsCommand.self, ChatCommand.self, DoctorCommand.self,
            ApproveCommand.self, AccessCommand.self, AuditCommand.self, WhyCommand.self, MigrateCommand.self,
            ConfigCommand.self,
            ImportEnvCommand.self, BackupCommand.self, WebhookCommand.self, DeadLettersCommand.self,
            VersionCommand.self,
        ],
        defaultSubcommand: nil)
}

/// The product's version.
enum ProductVersion {
    static let text = "0.1.0"
}
