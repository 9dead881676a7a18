public import ArgumentParser

/// `whatsapp-emulator`: WhatsApp's servers for people who develop bots.
public struct WhatsAppEmulatorCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "whatsapp-emulator",
        abstract: "Plays WhatsApp's servers, so that bots can be developed and tested without an account.",
        subcommands: [GraphCommand.self, WebCommand.self, PhoneCommand.self, EchoModelCommand.self])

    public init() {}
}
