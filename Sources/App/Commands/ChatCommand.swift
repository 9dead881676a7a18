import ArgumentParser
import BotCore
import BotKit
import Foundation
import Logging
import Providers

/// `martlet chat`: the whole product in the terminal, with the person there as a simulated member.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talk to the bot in this terminal, as a simulated member.",
        discussion: """
            The same pipeline and the same store as on a network. Lines that begin with a colon are for the terminal \
            itself: type :help there.

            With --json each line in is one object with any of from, chat, text, quote, media; each line out is one \
            object with chat, kind, id, text, quote, media, menu, or {"idle":true} when nothing is left to do.

            EXAMPLES
              martlet chat
              martlet chat --as 15550000002 --group family
              echo '{"text":"hello"}' | martlet chat --json
              martlet chat --json --manual-clock

            Under --manual-clock, a line {"advance":60} moves the clock by a minute, and what the data folder holds \
            grows old with it: a folder with messages of other networks is refused.
            """)

    @Option(name: .customLong("as"), help: "The telephone number of the simulated member.")
    var number = "15550000001"

    @Option(help: "The name of a group to write in, instead of a direct chat.")
    var group: String?

    @Flag(help: "Read and write one JSON object a line.")
    var json = false

    @Flag(help: "Let the clock stand still but for lines {\"advance\":SECONDS}. Needs --json.")
    var manualClock = false

    @OptionGroup var sources: ConfigurationOptions

    func validate() throws {
        guard PhoneNumber(number) != nil else {
            throw ValidationError("--as must be a telephone number of 7 to 15 digits.")
        }
        if manualClock && !json { throw ValidationError("--manual-clock needs --json.") }
    }

    func run() async throws {
        let (config, namesInFile) = try sources.read()
        var settings = try ProductSettings(config)
        settings.web.disconnect()
        settings.cloud.disconnect()
        // A script does not type in bursts; waiting for one would only slow it down.
        if json, try !sources.names("SETTLE_MILLISECONDS", in: config) { settings.core.pipeline.settle = .zero }
        try StartCheck(settings: settings).run(listens: false)
        let home = try Home(config)
        let logger = ProductLogging.start(settings.logs, usesTerminal: true)
        try UnknownSetting.all(among: namesInFile, in: config).log(to: logger)
        var options = Assembly.Options()
        options.manualTime = manualClock ? ManualTime(Date(milliseconds: Date().milliseconds)) : nil
        options.console = try ConsoleOptions(as: number, group: group, json: json, manualClock: manualClock)
        try await Assembly.run(home: home, settings: settings, logger: logger, options: options)
    }
}
