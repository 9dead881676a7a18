import BotCore
import BotKit
import Logging
import Providers

extension Wizard {
    /// What the account is called that the first run links.
    private static let account = "main"

    /// Links an account on the spot, as `martlet link` does.
    /// - Returns: no settings: what is linked is in the database.
    func linkAccount() async throws -> Answers {
        let config = try sources.reader()
        let settings = try ProductSettings(config)
        let screen = LinkScreen(
            isPlain: false, language: settings.core.pipeline.language, phrasebook: try Languages.phrasebook())
        await screen.note(LinkTexts.risk)
        if settings.web.hasForeignRoot { await screen.note(LinkTexts.foreignRoot) }
        while true {
            do {
                try settings.web.check()
                let linked = try await LinkDesk.with(
                    Home(config), settings, logger: Logger(label: "wizard") { _ in SwiftLogNoOpLogHandler() }
                ) { desk in
                    try await AccountLinker(desk: desk, screen: screen, time: SystemTime())
                        .link(Self.account, code: nil)
                }
                await screen.note(LinkTexts.linked(linked))
                return []
            } catch let problem as any ClassifiedError where problem.failureClass != .defect {
                terminal.say("That does not work: \(problem.description)")
                let next = try answered(
                    terminal.choose("What now?", ["Try again with a new code", "Go on; I run martlet link later"]))
                if next == 1 { return [] }
            }
        }
    }
}
