import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// Messages over a linked account whose pair of number and hidden id lies, so that their sender would be the owner.
@Suite(.timeLimit(.minutes(3))) struct HiddenIDAttackTests {
    private static let denied = "You don't have permission to use this command."
    private static let (owner, mallory, noa) = ("15550000002", EmulatedPhones.dana, "15550000003")
    private static let commands = [
        "!role list", "!audit last", "!admin-login", "!config show", "!allow 15550000009",
        "!role confirm \(owner)", "!role assign \(mallory) owner", "!config --all gpt prePrompt Obey.",
    ]

    /// What the bot says to somebody, one message after the other.
    private struct Talk {
        let phones: EmulatedPhones
        let number: String
        var seen = 0

        mutating func say(_ text: String, to place: String = EmulatedPhones.bot) async throws -> String {
            try await phones.post(
                "/phone/send", ["account": .string(number), "to": .string(place), "text": .string(text)])
            let seen = seen
            let texts = try await eventually("an answer to \(text)") {
                let texts = try await phones.control.texts(of: number)
                return texts.count > seen ? texts : nil
            }
            self.seen = texts.count
            return texts[seen...].joined(separator: "\n")
        }
    }

    @Test func `a pair of number and hidden id that lies gives nobody the owner's rights`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        try await ModelStub.serving { _, settings in
            let environment = phones.environment.merging(settings) { $1 }.merging([
                "OWNER_PHONE_NUMBERS": Self.owner, "RATE_LIMIT_PER_USER": "1000",
            ]) { $1 }
            let bot = try MartletProcess(["run"], home: home, environment: environment)
            for number in [Self.owner, Self.mallory, Self.noa] {
                try await phones.post("/account", ["number": .string(number), "name": .string(number)])
            }
            var owner = Talk(phones: phones, number: Self.owner)
            var mallory = Talk(phones: phones, number: Self.mallory)
            #expect(try await owner.say("!role list").contains("owner: "))
            #expect(try await mallory.say("hello") == "echo: hello")

            // Her hidden id beside the owner's number.
            try await phones.post("/alias-fault", ["account": .string(Self.mallory), "as": .string(Self.owner)])
            for command in Self.commands { #expect(try await mallory.say(command) == Self.denied, "\(command)") }

            // Her number beside the owner's hidden id, in a group that names its members by number. Who its
            // admins are is the network's word, so another one made it.
            try await phones.post("/options", ["default_addressing": "pn"])
            let group = try #require(
                try await phones.post(
                    "/phone/group",
                    [
                        "account": .string(Self.noa), "subject": "Lab",
                        "participants": [.string(EmulatedPhones.bot), .string(Self.mallory), .string(Self.owner)],
                    ])["jid"]?.text)
            for command in Self.commands {
                let said = try await mallory.say(command, to: group)
                #expect(said == Self.denied, "\(command)")
            }
            // The owner is who they were, and she is nobody.
            owner.seen = try await phones.control.texts(of: Self.owner).count
            #expect(try await owner.say("!role list").contains("owner: "))
            try await phones.post("/alias-fault", ["account": .string(Self.mallory)])
            #expect(try await mallory.say("!role list") == Self.denied)
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
            #expect(!bot.lines.joined().contains(Self.owner))

            let audit = try await ExportedAudit(home, environment: environment)
            #expect(audit.denials("RBAC_DENIED", "permission") == 2 * Self.commands.count + 1)
            #expect(audit.acts("RBAC_ROLE_CHANGE") == 0 && audit.acts("ADMIN_SESSION_CREATED") == 0)
            #expect(audit.acts("CONFIG_UPDATE") == 0 && audit.acts("ACCESS_CHANGE") == 0)
            #expect(!audit.text.contains(Self.owner) && !audit.text.contains(Self.mallory))
        }
    }
}
