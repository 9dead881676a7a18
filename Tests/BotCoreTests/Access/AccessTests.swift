import BotKit
import Configuration
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct AccessTests {
    private func settings(_ values: [String: String]) throws -> AccessSettings {
        try AccessSettings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values)))
    }

    private func person(_ text: String) throws -> Person { try #require(Person(text)) }

    @Test func `the greatest role that a number is listed for counts`() throws {
        let roles = try settings([
            "OWNER_PHONE_NUMBERS": "15550000001", "ADMIN_PHONE_NUMBERS": "15550000001,15550000002@c.us",
            "OPERATOR_PHONE_NUMBERS": "+1 555 000 0002, 15550000003",
        ]).roles
        #expect(
            roles == [
                try person("15550000001"): .owner, try person("15550000002"): .admin,
                try person("15550000003"): .operator,
            ])
    }

    @Test func `the list of numbers counts only when it is switched on and not empty`() throws {
        #expect(try settings(["WHITELISTED_PHONE_NUMBERS": "15550000001"]).people == .open)
        #expect(try settings(["WHITELISTED_ENABLED": "true"]).people == .open)
        let listed = ["WHITELISTED_ENABLED": "true", "WHITELISTED_PHONE_NUMBERS": "15550000001@c.us"]
        #expect(try settings(listed).listed == [try person("15550000001")])
        #expect(try settings(listed).people == .allowlist)
        let ids = ["WHITELISTED_ENABLED": "true", "WHITELISTED_PHONE_NUMBERS": "US.1349, 100000000000001@lid"]
        #expect(try settings(ids).listed == [try person("US.1349"), try person("100000000000001@lid")])
        #expect(throws: Misconfiguration.self) { try settings(["OWNER_PHONE_NUMBERS": "dana"]) }
        #expect(try settings(listed.merging(["ACCESS_POLICY": "pairing"]) { $1 }).people == .pairing)
    }

    @Test func `those who are not on the list get silence, those with a role an answer`() async throws {
        let bot = try await BotUnderTest {
            $0.settings = [
                "WHITELISTED_ENABLED": "true", "WHITELISTED_PHONE_NUMBERS": "15550000001",
                "OWNER_PHONE_NUMBERS": "15550000009",
            ]
        }
        try await bot.run {
            try await bot.receive(
                .sample("listed", from: "a", phone: "15550000001"), .sample("owner", from: "b", phone: "15550000009"),
                .sample("stranger", from: "c", phone: "15550000002"), .sample("unknown", from: "d"))
            #expect(await bot.isQuiet())
        }
        #expect(Set(bot.provider.texts) == ["re: listed", "re: owner"])
        #expect(try await bot.inboxStates().sorted() == ["answered", "answered", "ignored", "ignored"])
        #expect(bot.provider.acknowledgements.count == 2)
    }

    @Test func `a permission is asked before the answer is made`() async throws {
        let answered = Gauge()
        let bot = try await BotUnderTest {
            $0.settings = ["ADMIN_PHONE_NUMBERS": "15550000001"]
            $0.responders = [
                TestCommand(words: ["secret"], needs: Permission("secret", .admin)) { _, _ in
                    answered.enter()
                    return [.verbatim("done")]
                }
            ]
        }
        try await bot.run {
            try await bot.receive(.sample("!secret", phone: "15550000002"))
            #expect(await bot.sent("You don't have permission to use this command."))
            #expect(answered.now == 0)
            try await bot.receive(.sample("!secret", from: "admin", phone: "15550000001"))
            #expect(await eventually { bot.provider.texts.last == "done" })
        }
        #expect(try await bot.inboxStates() == ["refused", "answered"])
    }

    @Test func `guards are asked in order, and the first refusal ends the turn`() async throws {
        let asked = Recorder<Int>()
        let bot = try await BotUnderTest {
            $0.guards = (1...3).map { number in
                TestGuard { turn in
                    asked.add(number)
                    if number == 2, turn.text == "bad" { throw Refusal(.no, reason: "test") }
                }
            }
        }
        try await bot.run {
            try await bot.receive(.sample("bad"))
            #expect(await bot.sent("No."))
            try await bot.receive(.sample("good"))
            #expect(await bot.sent("No.", "re: good"))
        }
        #expect(asked.values == [1, 2, 1, 2, 3])
    }

    @Test func `a refusal is not said in a group that did not ask`() async throws {
        let bot = try await BotUnderTest { $0.guards = [TestGuard { _ in throw Refusal(.no, reason: "test") }] }
        try await bot.run {
            try await bot.receive(.sample("hello", group: "g"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.sendings.isEmpty)
            try await bot.receive(.sample("hello", group: "g", mentionsBot: true))
            #expect(await bot.sent("No."))
        }
    }
}
