import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import TestKit

@testable import WhatsAppEmulator

/// The first run, on a real terminal, against a real model server.
@Suite struct WizardTests {
    /// What does not come from the questions; the address of the emulated Meta is no sign of a configured product.
    private let surroundings = ["HEALTH_PORT": "0", "SETTLE_MILLISECONDS": "0"]

    private func settings(in home: TemporaryFolder) throws -> [String] {
        try String(contentsOf: home.url.appending(path: ".env"), encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    private func mode(of file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test func `asks until everything works, keeps the answers to itself, and starts`() async throws {
        let home = try TemporaryFolder()
        try await ModelStub.serving { model, environment in
            let address = try #require(environment["OPENAI_BASE_URL"])
            let bot = try TerminalProcess(["run"], home: home, environment: surroundings)
            try await bot.answer("Step 1 of 3", "7")
            try await bot.answer("a number from 1 to 3", "3")

            try await bot.answer("Step 2 of 3", "3")
            try await bot.answer("Address", "http://127.0.0.1:1/v1")
            try await bot.answer("Model", "stub-model")
            try await bot.answer("API key", ModelStub.wrongKey)
            try await bot.shows("connection refused")
            try await bot.shows("OPENAI_BASE_URL")

            try await bot.answer("Step 2 of 3", "")
            try await bot.answer("Address, such as http://127.0.0.1:8000/v1 [http://127.0.0.1:1/v1]", address)
            try await bot.answer("Model [stub-model]", "")
            try await bot.answer("API key", ModelStub.wrongKey)
            try await bot.shows("refuses the key: check OPENAI_API_KEY")

            try await bot.answer("Step 2 of 3", "3")
            try await bot.answer("Address", "")
            try await bot.answer("Model", "")
            try await bot.shows("API key (not shown; empty if it needs none): ")
            #expect(!bot.echoes)
            bot.type("sk-test '\"$#\\0000\n")
            try await bot.shows("It answers.")
            #expect(bot.echoes)
            try await bot.answer("Step 3 of 3: a test message", "מה שלומך?")
            try await bot.shows("→ echo: מה שלומך?")
            try await bot.shows("Starting…")
            #expect(model.questions.map { $0.last?.text } == ["Answer with the word: yes", "מה שלומך?"])
            #expect(model.keys == ["sk-test '\"$#\\0000", "sk-test '\"$#\\0000"])

            // The product runs with what was answered: the key is read back as it was typed.
            bot.type("hello\n")
            try await bot.shows("echo: hello")
            #expect(model.keys.last == "sk-test '\"$#\\0000")
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
            #expect(bot.echoes)
            #expect(!bot.screen.contains(ModelStub.wrongKey) && !bot.screen.contains("sk-test"))
            #expect(try mode(of: home.url.appending(path: ".env")) == 0o600)
            #expect(try mode(of: home.data) == 0o700)
            #expect(
                try settings(in: home).dropFirst() == [
                    "MARTLET_TERMINAL=true", "OPENAI_BASE_URL='\(address)'".replacing("'", with: ""),
                    "OPENAI_GPT_MODEL=stub-model", #"OPENAI_API_KEY="sk-test '\"\$#\\0000""#,
                ])

            // The second start asks nothing.
            let again = try TerminalProcess(["run"], home: home, environment: surroundings)
            _ = try await eventually("the second start takes a message") { again.echoes ? nil : true }
            again.type("again\n")
            try await again.shows("echo: again")
            #expect(!again.screen.contains("Step 1"))
            again.signal(SIGTERM)
            #expect(try await again.exitStatus() == 0)
        }
    }

    @Test func `tries the number of the Cloud API, and the webhook takes the token that was made`() async throws {
        let home = try TemporaryFolder()
        let configuration = {
            var configuration = GraphEmulator.Configuration()
            configuration.port = 0
            return configuration
        }()
        try await ModelStub.serving { _, environment in
            try await GraphEmulator.serving(configuration) { emulator in
                let base = try await emulator.baseURL().replacing("/v26.0", with: "")
                let bot = try TerminalProcess(
                    ["run"], home: home,
                    environment: surroundings.merging([
                        "CLOUD_BASE_URL": base, "CLOUD_MEDIA_HOSTS": base, "LOG_FORMAT": "json",
                    ]) { $1 })
                try await bot.answer("Step 1 of 3", "2")
                try await bot.answer("Phone number ID", "+1 555 000 0001")
                try await bot.answer("not the telephone number itself", emulator.configuration.numbers[0].phoneNumberID)
                try await bot.answer("Access token (not shown)", "WRONG-TOKEN")
                try await bot.answer("App secret (not shown)", "")
                try await bot.answer("cannot be empty", emulator.configuration.appSecret)
                try await bot.shows("That does not work: CLOUD_ACCESS_TOKEN")
                try await bot.answer("What now?", "1")
                try await bot.answer("Phone number ID", emulator.configuration.numbers[0].phoneNumberID)
                try await bot.answer("Access token (not shown)", emulator.configuration.token)
                try await bot.answer("App secret (not shown)", emulator.configuration.appSecret)
                try await bot.shows("The number answers.")

                try await bot.answer("Step 2 of 3", "2")
                try await bot.answer("Address [http://localhost:11434/v1]", environment["OPENAI_BASE_URL"] ?? "")
                try await bot.answer("Model [llama3.2]", "stub-model")
                try await bot.answer("Step 3 of 3", "")
                try await bot.shows("→ echo: Say hello in one sentence.")
                try await bot.shows(#""port":"#)
                try await bot.shows("\n")

                let match = try #require(bot.screen.firstMatch(of: /"port":(\d+)/))
                let port = match.1
                let lines = try settings(in: home)
                let name = "CLOUD_VERIFY_TOKEN="
                let line = try #require(lines.first { $0.hasPrefix(name) })
                let token = line.dropFirst(name.count)
                #expect(token.count == 48 && token.allSatisfy(\.isHexDigit))
                #expect(bot.screen.contains(token))
                let address =
                    "http://127.0.0.1:\(port)/webhook/cloud?hub.mode=subscribe&hub.challenge=42"
                    + "&hub.verify_token=\(token)"
                let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(30))
                #expect(answer.status == .ok)
                #expect(lines.contains("CLOUD_ACCESS_TOKEN=\(emulator.configuration.token)"))
                #expect(!bot.screen.contains(emulator.configuration.appSecret) && !bot.screen.contains("WRONG-TOKEN"))
                // After the questions Ctrl-C is the wish to stop, and everything ends in order.
                bot.type("\u{03}")
                #expect(try await bot.exitStatus() == 0)
            }
        }
    }

    @Test func `the first choice links a number on the spot, and the bot answers on it`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await ModelStub.serving { _, environment in
            let bot = try TerminalProcess(
                ["run"], home: home, environment: surroundings.merging(phones.environment) { $1 })
            try await bot.shows("1) On a WhatsApp number: scan a QR code")
            try await bot.answer("Number [1]", "")
            try await bot.shows("it may ban the number: use a second number")
            try await bot.shows("Link a device")
            try await phones.scan(try await bot.scannedCode())
            try await bot.shows("Linked: account main is +15550000000.")
            try await bot.answer("Step 2 of 3", "2")
            try await bot.answer("Address", environment["OPENAI_BASE_URL"] ?? "")
            try await bot.answer("Model", "stub-model")
            try await bot.answer("Step 3 of 3", "")
            try await bot.shows("Starting…")
            try await phones.write("hello")
            try await phones.shows("echo: hello")
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
            let lines = try settings(in: home)
            #expect(!lines.contains { $0.hasPrefix("MARTLET_TERMINAL") || $0.hasPrefix("WHATSAPP") })
        }
    }

    @Test func `a number that cannot be linked now is told with its remedy, and can be left for later`() async throws {
        let home = try TemporaryFolder()
        let bot = try TerminalProcess(
            ["run"], home: home,
            environment: surroundings.merging([
                "WHATSAPP_WEB_URL": "ws://127.0.0.1:1/ws/chat", "WHATSAPP_WEB_ROOT": String(repeating: "ab", count: 32),
            ]) { $1 })
        try await bot.answer("Step 1 of 3", "1")
        try await bot.shows("That does not work: whatsapp:")
        try await bot.shows("Check the network")
        try await bot.answer("What now?", "2")
        try await bot.shows("Step 2 of 3")
        bot.type("\u{03}")
        #expect(try await bot.exitStatus() == -SIGINT)
    }

    @Test func `after the questions, the end of the terminal is the end of the program`() async throws {
        let home = try TemporaryFolder()
        try await ModelStub.serving { _, environment in
            let bot = try TerminalProcess(["run"], home: home, environment: surroundings)
            try await bot.answer("Step 1 of 3", "3")
            try await bot.answer("Step 2 of 3", "2")
            try await bot.answer("Address", environment["OPENAI_BASE_URL"] ?? "")
            try await bot.answer("Model", "stub-model")
            try await bot.answer("Step 3 of 3", "hello")
            try await bot.shows("Starting…")
            bot.type("hello\n")
            try await bot.shows("echo: hello")
            bot.signal(SIGHUP)
            #expect(try await bot.exitStatus() == -SIGHUP)
        }
    }

    @Test(arguments: [(SIGINT, "\u{03}"), (SIGTERM, nil), (SIGQUIT, "\u{1C}"), (SIGHUP, nil)] as [(Int32, String?)])
    func `a signal at a hidden question leaves the terminal as it was`(number: Int32, key: String?) async throws {
        let home = try TemporaryFolder()
        let bot = try TerminalProcess(["run"], home: home, environment: surroundings)
        #expect(bot.echoes)
        try await bot.answer("Step 1 of 3", "3")
        try await bot.answer("Step 2 of 3", "1")
        try await bot.shows("OpenAI API key (not shown): ")
        #expect(!bot.echoes)
        if let key { bot.type("sk-half-typed" + key) } else { bot.signal(number) }
        #expect(try await bot.exitStatus() == -number)
        #expect(bot.echoes)
        #expect(!bot.screen.contains("sk-half"))
        #expect(!FileManager.default.fileExists(atPath: home.url.appending(path: ".env").path))
        #expect(!FileManager.default.fileExists(atPath: home.data.path))
    }

    @Test func `Ctrl-C at an open question ends it, and the end of the input says what to do`() async throws {
        let home = try TemporaryFolder()
        let left = try TerminalProcess(["run"], home: home, environment: surroundings)
        try await left.shows("Number [1]: ")
        left.type("\u{03}")
        #expect(try await left.exitStatus() == -SIGINT)

        let ended = try TerminalProcess(["run"], home: home, environment: surroundings)
        try await ended.answer("Step 1 of 3", "3")
        try await ended.answer("Step 2 of 3", "1")
        try await ended.shows("OpenAI API key (not shown): ")
        ended.type("\u{04}")
        #expect(try await ended.exitStatus() == 78)
        #expect(ended.echoes)
        #expect(ended.screen.contains("write a .env file"))
        #expect(!FileManager.default.fileExists(atPath: home.url.appending(path: ".env").path))
    }

    @Test func `what the questions cannot mend is told before them`() async throws {
        let home = try TemporaryFolder()
        let bot = try TerminalProcess(
            ["run"], home: home, environment: surroundings.merging(["HEALTH_HOST": "203.0.113.7"]) { $1 })
        #expect(try await bot.exitStatus() == 78)
        #expect(bot.screen.contains("HEALTH_HOST") && !bot.screen.contains("Step 1"))
    }

    @Test func `without a terminal, or with a key in a file, nobody is asked`() async throws {
        let home = try TemporaryFolder()
        let piped = try MartletProcess(["run"], home: home, environment: surroundings)
        piped.closeInput()
        #expect(try await piped.exitStatus() == 78)
        #expect(piped.errors.contains("OPENAI_API_KEY") && piped.lines.isEmpty)

        let key = home.url.appending(path: "key")
        try Data("sk-test-0000\n".utf8).write(to: key)
        let bot = try TerminalProcess(
            ["run"], home: home, environment: surroundings.merging(["OPENAI_API_KEY_FILE": key.path]) { $1 })
        try await bot.shows("webhooks are served")
        #expect(!bot.screen.contains("Step 1"))
        bot.signal(SIGTERM)
        #expect(try await bot.exitStatus() == 0)
        #expect(!FileManager.default.fileExists(atPath: home.url.appending(path: ".env").path))
    }
}
