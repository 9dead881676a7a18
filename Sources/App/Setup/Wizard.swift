import AIServices
import AsyncHTTPClient
import BotKit
import Configuration
import Foundation
import Logging

/// The first run: three questions, each tried out at once, then `.env`.
struct Wizard {
    let terminal: Terminal
    let envFile: String

    func run() async throws {
        terminal.say("Welcome to Martlet. Three steps and your bot runs; Ctrl-C leaves without changes.\n")
        var values: [(String, String)] = []
        try askNetwork(into: &values)
        try await askModel(into: &values)
        try EnvFile(values).write(to: envFile)
        terminal.say(
            "\nWrote \(envFile), readable for you alone. Edit it any time; docs/configuration.md lists all settings.")
        terminal.say("Starting…\n")
    }

    // MARK: - Step 1

    private func askNetwork(into values: inout [(String, String)]) throws {
        let choice = try answered(
            terminal.choose(
                "Step 1 of 3: where shall the bot talk?",
                ["This terminal only (try it out)", "WhatsApp Business number through Meta's Cloud API"]))
        guard choice == 1 else { return values.append(("MARTLET_TERMINAL", "true")) }
        terminal.say(
            """
            From your app at developers.facebook.com, page "WhatsApp > API Setup". Meta's terms restrict general-purpose
            AI assistants on this network; docs/cloud-api.md says what that means for you.
            """)
        values.append(("CLOUD_PHONE_NUMBER_ID", try answered(askDigits("Phone number ID"))))
        values.append(
            ("CLOUD_ACCESS_TOKEN", try answered(askNonempty { terminal.askSecretly("Access token (not shown)") })))
        values.append(
            ("CLOUD_APP_SECRET", try answered(askNonempty { terminal.askSecretly("App secret (not shown)") })))
        let token = (0..<24).map { _ in String(UInt8.random(in: 0...255), radix: 16) }.joined()
        values.append(("CLOUD_VERIFY_TOKEN", token))
        terminal.say("Verify token for the webhook page at Meta, made for you: \(token)")
    }

    private func askDigits(_ question: String) -> String? {
        while let text = terminal.ask(question) {
            if (5...20).contains(text.count), text.allSatisfy({ ("0"..."9").contains($0) }) { return text }
            terminal.say("That is a number of 5 to 20 digits, not the telephone number itself.")
        }
        return nil
    }

    private func askNonempty(_ ask: () -> String?) -> String? {
        while let text = ask() {
            if !text.isEmpty { return text }
            terminal.say("It cannot be empty.")
        }
        return nil
    }

    // MARK: - Steps 2 and 3

    private func askModel(into values: inout [(String, String)]) async throws {
        while true {
            let choice = try answered(
                terminal.choose(
                    "\nStep 2 of 3: which language model shall answer?",
                    ["OpenAI", "Ollama on this machine", "Another server that speaks the OpenAI API"]))
            let model = try modelValues(choice)
            if try await tries(model) {
                values += model
                return
            }
            terminal.say("Let us try that again.")
        }
    }

    private func modelValues(_ choice: Int) throws -> [(String, String)] {
        switch choice {
        case 0:
            return [
                ("OPENAI_API_KEY", try answered(askNonempty { terminal.askSecretly("OpenAI API key (not shown)") }))
            ]
        case 1:
            return [
                ("OPENAI_BASE_URL", try answered(terminal.ask("Address", suggestion: "http://localhost:11434/v1"))),
                ("OPENAI_GPT_MODEL", try answered(terminal.ask("Model", suggestion: "llama3.2"))),
            ]
        default:
            let address = try answered(askNonempty { terminal.ask("Address, such as http://127.0.0.1:8000/v1") })
            let name = try answered(askNonempty { terminal.ask("Model") })
            let key = try answered(terminal.askSecretly("API key (not shown; empty if it needs none)"))
            let values = [("OPENAI_BASE_URL", address), ("OPENAI_GPT_MODEL", name)]
            return key.isEmpty ? values : values + [("OPENAI_API_KEY", key)]
        }
    }

    /// Puts a real question to the model with these settings.
    private func tries(_ values: [(String, String)]) async throws -> Bool {
        terminal.say("Asking the model a real question…")
        let logger = Logger(label: "wizard") { _ in SwiftLogNoOpLogHandler() }
        let provider = EnvironmentVariablesProvider(environmentVariables: Dictionary(values) { $1 })
        let settings: LanguageModelSettings
        do {
            settings = try LanguageModelSettings(ConfigReader(provider: provider))
        } catch let problem as Misconfiguration {
            terminal.say(problem.description)
            return false
        }
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: LanguageModels.clientConfiguration(for: settings))
        let worked: Bool
        do {
            let model = try LanguageModels.make(
                settings, http: http, time: SystemTime(), prices: PriceBook(try PriceList.builtIn()), logger: logger)
            _ = try await model.reply(to: ModelRequest(messages: [.init(.user, "Answer with the word: yes")]))
            terminal.say("It answers.")
            try await testMessage(to: model)
            worked = true
        } catch {
            terminal.say("It does not answer. \(error.safeDescription)")
            worked = false
        }
        try await http.shutdown()
        return worked
    }

    private func testMessage(to model: any LanguageModel) async throws {
        let text = try answered(terminal.ask("\nStep 3 of 3: a test message", suggestion: "Say hello in one sentence."))
        let reply = try await model.reply(to: ModelRequest(messages: [.init(.user, text)]))
        terminal.say("→ \(reply.text)")
    }

    private func answered<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw Misconfiguration(
                "the first-run questions", "ended before they were answered",
                remedy: "Start again, or write a .env file; docs/configuration.md lists the settings.")
        }
        return value
    }
}
