import ArgumentParser
import BotCore
import BotKit
import Foundation
import Logging
import Providers

/// `martlet link`: makes the bot a linked device of a number.
struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Link a WhatsApp account by a QR code or by a code to type.",
        discussion: """
            Shows a QR code to scan under WhatsApp > Settings > Linked devices > Link a device, and ends when the \
            account can be used; martlet run then connects it. WhatsApp may ban a number that a bot writes with: use a \
            second one. docs/whatsapp-web.md says more.

            With --plain, or when the output is no terminal, each QR code's text, or the code to type, is a line of \
            standard output. The exit code is 0 when the account is linked, 1 when that may work later (nobody \
            scanned, no network, a ban for a while), 78 when something must be put right first.

            EXAMPLES
              martlet link
              martlet link --account work --code 15550000001
              martlet link --plain | while read -r text; do
                qrencode -o code.png "$text"; done
            """)

    @Option(help: "What to call the account: a to z, 0 to 9 and hyphens, 32 at most.")
    var account = "main"

    @Option(help: "Link by a code to type on the phone with this number, instead of a QR code.")
    var code: String?

    @Flag(help: "Print each QR code's text, or the code, on a line of its own, for scripts.")
    var plain = false

    @OptionGroup var sources: ConfigurationOptions

    func validate() throws {
        guard WebAccount.isName(account) else {
            throw ValidationError("--account must have 1 to 32 of the letters a to z, digits and hyphens.")
        }
        guard code.map({ PhoneNumber($0)?.digits.first != "0" && PhoneNumber($0) != nil }) ?? true else {
            throw ValidationError("--code must be a telephone number of 7 to 15 digits, with its country's code.")
        }
    }

    func run() async throws {
        let config = try sources.reader()
        let settings = try ProductSettings(config)
        guard settings.web.isOn else {
            throw Misconfiguration(
                "WHATSAPP_WEB", "is off, so that no linked account would be connected",
                remedy: "Remove it, or set it to on.")
        }
        try settings.web.check()
        let home = try Home(config)
        let isPlain = plain || isatty(STDOUT_FILENO) == 0
        // Lines of a log would tear the picture.
        let isLogged = try isPlain || sources.names("LOG_LEVEL", in: config)
        let logger =
            isLogged
            ? ProductLogging.start(settings.logs, usesTerminal: true)
            : Logger(label: "link") { _ in SwiftLogNoOpLogHandler() }
        let screen = LinkScreen(
            isPlain: isPlain, language: settings.core.pipeline.language, phrasebook: try Languages.phrasebook())
        await screen.note(LinkTexts.risk)
        if settings.web.hasForeignRoot { await screen.note(LinkTexts.foreignRoot) }
        try await LinkDesk.with(home, settings, logger: logger) { desk in
            try await desk.note(.link, of: account)
            let linker = AccountLinker(desk: desk, screen: screen, time: SystemTime())
            let linked = try await linker.link(account, code: code.flatMap { PhoneNumber($0)?.digits })
            await screen.note(LinkTexts.linked(linked))
            await screen.note(desk.isAlone ? LinkTexts.start : LinkTexts.restart)
        }
    }
}
