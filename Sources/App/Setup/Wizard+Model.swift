import AIServices
import AsyncHTTPClient
import BotKit
import Foundation
import Logging

extension Wizard {
    /// Steps 2 and 3: a model that answers a real question, and a message of the operator's own.
    func askModel() async throws -> Answers {
        var previous: Answers = []
        var choice = 0
        while true {
            choice = try answered(
                terminal.choose(
                    "\nStep 2 of 3: which language model shall answer?",
                    ["OpenAI", "Ollama on this machine", "Another server that speaks the OpenAI API"],
                    suggestion: choice))
            let answers = try askEndpoint(choice, previous)
            if try await isAnswering(answers) { return answers }
            terminal.say("Let us try that again.")
            previous = answers
        }
    }

    /// Asks where the model is; what was typed before is suggested, but for keys.
    private func askEndpoint(_ choice: Int, _ previous: Answers) throws -> Answers {
        func before(_ name: String) -> String? { previous.first { $0.name == name }?.value }
        switch choice {
        case 0:
            return [
                ("OPENAI_API_KEY", try answered(askNonempty { terminal.askSecretly("OpenAI API key (not shown)") }))
            ]
        case 1:
            let address = before("OPENAI_BASE_URL") ?? "http://localhost:11434/v1"
            return [
                ("OPENAI_BASE_URL", try answered(terminal.ask("Address", suggestion: address))),
                (
                    "OPENAI_GPT_MODEL",
                    try answered(terminal.ask("Model", suggestion: before("OPENAI_GPT_MODEL") ?? "llama3.2"))
                ),
            ]
        default:
            let address = try answered(
                askNonempty {
                    terminal.ask("Address, such as http://127.0.0.1:8000/v1", suggestion: before("OPENAI_BASE_URL"))
                })
            let name = try answered(askNonempty { terminal.ask("Model", suggestion: before("OPENAI_GPT_MODEL")) })
            let key = try answered(terminal.askSecretly("API key (not shown; empty if it needs none)"))
            let answers: Answers = [("OPENAI_BASE_URL", address), ("OPENAI_GPT_MODEL", name)]
            return key.isEmpty ? answers : answers + [("OPENAI_API_KEY", key)]
        }
    }

    /// Puts two real questions to the model with these settings, one of them from the operator.
    private func isAnswering(_ answers: Answers) async throws -> Bool {
        terminal.say("Asking the model a real question…")
        var settings: LanguageModelSettings
        do {
            settings = try LanguageModelSettings(try sources.reader(answers: answers))
        } catch let problem as Misconfiguration {
            terminal.say(problem.description)
            return false
        }
        // A person waits: what fails is told at once.
        settings.maxRetries = 0
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: LanguageModels.clientConfiguration(for: settings))
        return try await with(http) {
            let model: any LanguageModel
            do {
                model = try LanguageModels.make(
                    settings, http: http, time: SystemTime(), prices: PriceBook(try PriceList.builtIn()),
                    logger: Logger(label: "wizard") { _ in SwiftLogNoOpLogHandler() })
            } catch let problem as Misconfiguration {
                terminal.say(problem.description)
                return false
            }
            guard try await reply(of: model, to: "Answer with the word: yes") != nil else { return false }
            terminal.say("It answers.")
            let message = try answered(
                terminal.ask("\nStep 3 of 3: a test message", suggestion: "Say hello in one sentence."))
            guard let reply = try await reply(of: model, to: message) else { return false }
            // Only what can be read is shown: the server is not trusted with the terminal.
            let text = reply.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }
            terminal.say("→ \(String(String.UnicodeScalarView(text)))")
            return true
        }
    }

    /// The model's answer; `nil` after it was said why there is none.
    private func reply(of model: any LanguageModel, to text: String) async throws -> String? {
        do {
            return try await model.reply(to: ModelRequest(messages: [.init(.user, text)])).text
        } catch {
            terminal.say("It does not answer. \(error.safeDescription)")
            return nil
        }
    }
}
