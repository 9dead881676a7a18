import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct GroupAddressingTests {
    let turns = Recorder<Turn>()

    private func bot(_ settings: [String: String] = [:]) async throws -> BotUnderTest {
        try await BotUnderTest { [turns] in
            $0.settings = settings
            $0.responders = [
                TestCommand(words: ["known"]) { turn, _ in
                    turns.add(turn)
                    return []
                },
                Answerer { turn in
                    turns.add(turn)
                    return [.verbatim("said")]
                },
            ]
        }
    }

    /// The turn that a message is opened as by a running bot; `nil` when it is not for us.
    private func hear(_ message: InboundMessage, by bot: BotUnderTest) async throws -> Turn? {
        let count = turns.count
        try await bot.receive(message)
        #expect(await bot.isQuiet())
        return turns.count > count ? turns.values.last : nil
    }

    private func hear(_ message: InboundMessage, _ settings: [String: String] = [:]) async throws -> Turn? {
        let bot = try await bot(settings)
        return try await bot.run { try await hear(message, by: bot) }
    }

    enum Way: String, CaseIterable { case nothing, mention, name, reply, prefix }

    static let matrix: [(Way, Activation, Addressing?)] = [
        (.nothing, .mention, nil), (.nothing, .prefix, nil), (.nothing, .always, .always),
        (.mention, .mention, .mention), (.mention, .prefix, nil), (.mention, .always, .always),
        (.name, .mention, .mention), (.name, .prefix, nil), (.name, .always, .always),
        (.reply, .mention, .reply), (.reply, .prefix, .reply), (.reply, .always, .reply),
        (.prefix, .mention, .prefix), (.prefix, .prefix, .prefix), (.prefix, .always, .prefix),
    ]

    @Test(arguments: matrix)
    func `is for us or not, by the way it is said and the group's rule`(
        _ way: Way, _ activation: Activation, _ expected: Addressing?
    ) async throws {
        let bot = try await bot()
        try await bot.database.run(
            "INSERT INTO chat_setting (chat, activation) VALUES (\(ChatID.sample("g")), \(activation.rawValue))")
        let turn = try await bot.run {
            try await bot.send("ours", to: .sample("g"))
            #expect(await bot.isQuiet())
            return try await hear(message(way, to: bot.provider.accepted.last?.id), by: bot)
        }
        #expect(turn?.addressing == expected)
        if way == .name { #expect(turn.map { $0.text == "hello" } ?? true) }
        if expected == nil { #expect(try await bot.inboxStates().last == "ignored") }
    }

    private func message(_ way: Way, to ours: MessageID?) -> InboundMessage {
        switch way {
        case .nothing: .sample("hello", group: "g")
        case .mention: .sample("hello", group: "g", mentionsBot: true)
        case .name: .sample("@Martlet hello", group: "g")
        case .reply: .sample("hello", group: "g", quotes: ours)
        case .prefix: .sample("!known hello", group: "g")
        }
    }

    @Test func `the default rule is a setting, and groups may be switched off`() async throws {
        #expect(try await hear(.sample("hello", group: "g"), ["GROUP_ACTIVATION": "always"]) != nil)
        let message = InboundMessage.sample("!known", group: "g")
        #expect(try await hear(message, ["GROUPCHATS_ENABLED": "false"]) == nil)
    }

    @Test func `quoting somebody else, or a message of another chat, does not turn to us`() async throws {
        let bot = try await bot()
        try await bot.run {
            _ = try await hear(.sample("hello", from: "omer"), by: bot)
            let elsewhere = bot.provider.accepted.last?.id
            #expect(try await hear(.sample("hello", id: "m", group: "g"), by: bot) == nil)
            #expect(try await hear(.sample("hello", group: "g", quotes: "m"), by: bot) == nil)
            #expect(try await hear(.sample("hello", group: "g", quotes: elsewhere), by: bot) == nil)
        }
    }

    @Test func `a chosen option is for us`() async throws {
        let message = InboundMessage.sample(group: "g", content: .choice(id: "a", title: "A"))
        #expect(try await hear(message)?.addressing == .reply)
    }

    @Test(arguments: [
        ("@martlet what is it?", "what is it?"), ("what is it, @MARTLET?", "what is it, ?"),
        ("@mártlet hi", "hi"), ("@martlet, hi", ", hi"), ("say @martlet and @martlet again", "say and again"),
    ])
    func `takes the name out of the text`(_ text: String, _ expected: String) async throws {
        #expect(try await hear(.sample(text, group: "g"))?.text == expected)
    }

    @Test(arguments: ["@martlets hello", "@martlet2 hello", "me@martlet hello", "martlet hello", "@ martlet", "@"])
    func `another word is no mention`(_ text: String) async throws {
        #expect(try await hear(.sample(text, group: "g")) == nil)
    }

    @Test func `a command behind the name is a command`() async throws {
        let turn = try await hear(.sample("@martlet !known thing", group: "g"))
        #expect(turn?.addressing == .prefix)
        #expect(turn?.text == "!known thing")
    }

    @Test func `a burst in a group joins only what turns to the bot itself`() async throws {
        let bot = try await bot(["SETTLE_MILLISECONDS": "400"])
        try await bot.run {
            try await bot.receive(
                .sample("hey", group: "g", mentionsBot: true), .sample("@martlet how are you?", group: "g"),
                .sample("sorry, wrong chat", group: "g"), .sample("see you, Omer", group: "g"),
                .sample("@martlet !known thing", group: "g"), .sample("and you, @martlet?", group: "g"))
            await bot.pass(.seconds(1))
            #expect(turns.values.map(\.text) == ["hey\nhow are you?", "!known thing", "and you, ?"])
            #expect(
                try await bot.inboxStates() == ["answered", "answered", "ignored", "ignored", "answered", "answered"])
        }
    }

    @Test func `what is said to others in a group waits for no burst`() async throws {
        let bot = try await bot(["SETTLE_MILLISECONDS": "400"])
        try await bot.run {
            try await bot.receive(.sample("lunch?", group: "g"))
            #expect(await bot.isQuiet())
            #expect(try await bot.inboxStates() == ["ignored"])
            try await bot.receive(.sample("@martlet lunch?", group: "g", at: bot.time.now))
            #expect(await bot.isQuiet())
            #expect(turns.count == 0)
            await bot.pass(.seconds(1))
            #expect(turns.count == 1)
        }
    }

    @Test(arguments: [("always", ["a\nb"]), ("mention", []), ("prefix", [])])
    func `a burst follows the rule that the group chose`(_ rule: String, _ expected: [String]) async throws {
        let bot = try await bot(["SETTLE_MILLISECONDS": "400"])
        try await bot.database.run(
            "INSERT INTO chat_setting (chat, activation) VALUES (\(ChatID.sample("g")), \(rule))")
        try await bot.run {
            try await bot.receive(.sample("a", group: "g"), .sample("b", group: "g"))
            await bot.pass(.seconds(1))
            #expect(turns.values.map(\.text) == expected)
        }
    }

    // MARK: - Only with a prefix

    static let prefixed: [(Way, Activation?, Addressing?)] = [
        (.nothing, nil, nil), (.mention, nil, nil), (.name, nil, nil), (.reply, nil, nil), (.prefix, nil, .prefix),
        (.mention, .mention, .mention), (.nothing, .always, .always), (.reply, .prefix, .reply),
        (.mention, .prefix, nil),
    ]

    @Test(arguments: prefixed)
    func `with PREFIX_ENABLED a group needs one too, unless it has a rule of its own`(
        _ way: Way, _ own: Activation?, _ expected: Addressing?
    ) async throws {
        let bot = try await bot(["PREFIX_ENABLED": "true", "GROUP_ACTIVATION": "always"])
        if let own {
            try await bot.database.run(
                "INSERT INTO chat_setting (chat, activation) VALUES (\(ChatID.sample("g")), \(own.rawValue))")
        }
        let turn = try await bot.run {
            try await bot.send("ours", to: .sample("g"))
            #expect(await bot.isQuiet())
            return try await hear(message(way, to: bot.provider.accepted.last?.id), by: bot)
        }
        #expect(turn?.addressing == expected)
        #expect(turn.map { $0.chat.activation == own ?? .prefix } ?? true)
    }

    @Test func `with PREFIX_ENABLED a chosen option and a command behind a mention are heard in a group`() async throws
    {
        let settings = ["PREFIX_ENABLED": "true"]
        let choice = InboundMessage.sample(group: "g", content: .choice(id: "a", title: "A"))
        #expect(try await hear(choice, settings)?.addressing == .reply)
        #expect(try await hear(.sample("@martlet !known thing", group: "g"), settings)?.text == "!known thing")
    }

    @Test func `what the bot says itself starts nothing`() async throws {
        let bot = try await bot(["GROUP_ACTIVATION": "always"])
        try await bot.run {
            _ = try await hear(.sample("hello", group: "g"), by: bot)
            let ours = try #require(bot.provider.accepted.last?.id)
            // A network that echoes our own message brings it under the id that it gave us.
            let echo = InboundMessage.sample("said", id: ours, from: "bot", group: "g")
            #expect(try await hear(echo, by: bot) == nil)
            #expect(try await bot.inboxStates().last == "ignored")
            #expect(bot.provider.accepted.count == 1)
        }
    }
}
