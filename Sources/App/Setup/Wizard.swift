import AsyncHTTPClient
import BotKit
import ControlPlane
import Foundation

/// The first run: three questions, the answers tried out at once, then `.env`.
struct Wizard {
    /// What was answered, as settings, in the order of the file.
    typealias Answers = [(name: String, value: String)]

    let terminal: Terminal
    let sources: ConfigurationOptions

    /// Asks until all is answered and works, and writes the file of settings.
    /// - Throws: `Misconfiguration` when the input ends before that, or the file cannot be written.
    func run() async throws {
        // What the questions cannot mend is told before they are asked.
        try ProductSettings(try sources.reader()).control.checkAddress()
        try EnvFile.check(sources.envFile)
        try await terminal.guarded {
            terminal.say("Welcome to Martlet. Three steps and your bot runs; Ctrl-C leaves without settings.\n")
            let network = try await askNetwork()
            let model = try await askModel()
            let answers = network + model
            // Nothing is written that the start would refuse.
            _ = try ProductSettings(try sources.reader(answers: answers))
            try EnvFile(answers).write(to: sources.envFile)
            terminal.say(
                "\nWrote \(sources.envFile), readable for you alone. Edit it any time; docs/configuration.md lists all "
                    + "settings.")
            terminal.say("Starting…\n")
        }
    }

    /// A line that is not empty; `nil` at the end of the input.
    func askNonempty(_ ask: () -> String?) -> String? {
        while let text = ask() {
            if !text.isEmpty { return text }
            terminal.say("It cannot be empty.")
        }
        return nil
    }

    func answered<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw Misconfiguration(
                "the first-run questions", "ended before they were answered",
                remedy: "Start again, or write a .env file; docs/configuration.md lists the settings.")
        }
        return value
    }

    /// Runs `body` with a client that is closed afterwards.
    func with<Result>(_ http: HTTPClient, _ body: () async throws -> Result) async throws -> Result {
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        try await http.shutdown()
        return try result.get()
    }
}
