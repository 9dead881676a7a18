import ArgumentParser
import BotCore
import BotKit
import Features
import Foundation

/// `martlet why MESSAGE`: what became of a message.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why the bot answered a message, or why not.",
        discussion: """
            MESSAGE is the network's name for a message that came in, or for one of the bot's, which then stands for \
            the message that it answers; or the reference of an apology. People and chats are keyed hashes, as in \
            the log. Exits with 1 when there is no such message.

            EXAMPLES
              martlet why wamid.HBgLMTU1NTAwMDAwMDEVAgASGBQzQUE
              martlet why DLUWA9R4LA81 --chat cloud:100000000000001/u12
            """)

    @Argument(help: "The name of a message, or a reference.")
    var message: String

    @Option(help: "Only in this chat, as PROVIDER:ACCOUNT/CHAT.")
    var chat: String?

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        guard (1...512).contains(message.utf8.count) else {
            throw ValidationError("MESSAGE is a name of 1 to 512 bytes.")
        }
        let home = try Home(lookingAt: try sources.reader())
        let isFound = try await Stores.using(home) { database in
            let records = try await TurnArchive(database).records(
                named: message, in: chat.map { ChatID(rawValue: $0) })
            guard !records.isEmpty else { return false }
            // Made by the bot's first start; without the key nobody has a hash.
            let pseudonyms = try Pseudonyms(home: home.folder)
            for record in records { show(record, pseudonyms) }
            return true
        }
        guard isFound else {
            print("there is no such message; it never came, or it was removed with its time")
            throw ExitCode(1)
        }
    }

    private func show(_ record: TurnRecord, _ pseudonyms: Pseudonyms) {
        var parts = [
            record.receivedAt.formatted(.iso8601), "chat \(pseudonyms.of(record.chat))",
            "member \(pseudonyms.of(record.member))", "reference \(record.reference)",
        ]
        if let verdict = record.verdict {
            parts += ["step \(verdict.step.rawValue)", "reason \(verdict.reason.rawValue)"]
            if let refusal = verdict.refusal { parts.append("refusal \(refusal)") }
            if let feature = verdict.feature { parts.append("feature \(feature)") }
        }
        if let closedAt = record.closedAt { parts.append("closed \(closedAt.formatted(.iso8601))") }
        print(parts.joined(separator: "  "))
        let phrasebook = Phrasebook()
        for text in WhyFeature.explanation(of: record) { print("  \(phrasebook.string(text, in: .english))") }
    }
}
