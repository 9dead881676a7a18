import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// The owner of a linked account talks with the bot in the chat with themselves.
@Suite(.timeLimit(.minutes(5))) struct SelfChatTests {
    private static let bot = EmulatedPhones.bot

    /// What the owner's phone shows in that chat, of the bot.
    private func shown(_ phones: EmulatedPhones) async throws -> [String] {
        try await phones.control.inbox(of: Self.bot).compactMap { $0["text"]?.text }
    }

    private func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        _ = try await eventually(what, within: .patience * 3) { try await condition() ? true : nil }
    }

    @Test func `is answered once, as the owner, and never the bot itself, also over kills`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        try await ModelStub.serving { model, settings in
            let environment = phones.environment.merging(settings) { $1 }.merging([
                "WHATSAPP_WEB_SELF_CHAT": "on", "ACCESS_POLICY": "closed", "PREFIX_ENABLED": "true",
            ]) { $1 }
            func start() throws -> MartletProcess {
                try MartletProcess(["run"], home: home, environment: environment)
            }
            func say(_ text: String, to other: String = Self.bot) async throws {
                try await phones.post(
                    "/phone/send", ["account": .string(Self.bot), "to": .string(other), "text": .string(text)])
            }
            try await phones.post("/account", ["number": .string(EmulatedPhones.dana), "name": "Dana"])
            var bot = try start()
            try await say("hello me")
            try await until("the answer") { try await shown(phones).contains("echo: hello me") }
            // The role of an owner, in that chat.
            try await say("!audit last 1")
            try await until("the audit") { try await shown(phones).contains { $0.contains("ACCOUNT_CHANGE done") } }
            try await say("to dana", to: EmulatedPhones.dana)
            for round in 1...3 {
                try await say("wait \(round * 150) before the end")
                try await until("the model is asked") { model.questions.count > round }
                bot.signal(SIGKILL)
                _ = try await bot.exitStatus()
                bot = try start()
                try await until("the answer after the kill") {
                    try await shown(phones).contains("echo: wait \(round * 150) before the end")
                }
            }
            try await say("the last")
            try await until("the last answer") { try await shown(phones).contains("echo: the last") }
            let said = try await shown(phones).filter { $0.hasPrefix("echo: ") }
            #expect(Set(said).count == said.count, "each once: \(said)")
            let asked = model.questions.compactMap(\.last?.text)
            #expect(!asked.contains { $0.contains("echo:") || $0.contains("to dana") }, "\(asked)")
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
        }
    }
}
