import Foundation
import TestKit
import Testing

/// Attempts to drown the bot, or those who use it.
@Suite(.timeLimit(.minutes(3))) struct FloodAttackTests {
    private static let notice = "That was too many messages at once."

    private func scene(_ environment: [String: String], _ more: [String: String], _ home: TemporaryFolder) throws
        -> AttackScene
    {
        let two = "\(AttackScene.member),15550000007"
        return try AttackScene(
            environment.merging(["WHITELISTED_PHONE_NUMBERS": two]) { $1 }.merging(more) { $1 }, home: home)
    }

    @Test func `a flood of commands ends in one notice, and nobody else feels it`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, ["FLOOD_LIMIT": "30"], home)
            var answers: [String] = []
            for number in 1...60 { answers.append(try await scene.says(AttackScene.member, "!role list \(number)")) }
            #expect(answers.prefix(30).allSatisfy { $0.hasPrefix("You don't have permission") })
            #expect(answers[30].hasPrefix(Self.notice) && answers.dropFirst(31).allSatisfy(\.isEmpty))
            // Neither another chat, nor a restart, nor an erasure ends it.
            #expect(try await scene.says(AttackScene.member, "@martlet hi", in: AttackScene.group) == "")
            #expect(try await scene.says("15550000007", "hello") == "echo: hello")
            try await scene.end()
            scene = try self.scene(environment, ["FLOOD_LIMIT": "30"], home)
            #expect(try await scene.says(AttackScene.member, "!wipe") == "")
            try await scene.end()
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("RBAC_DENIED", "permission") == 30 && audit.denials("RBAC_DENIED", "flood") == 1)
            #expect(audit.entries.count == 31)
        }
    }

    @Test func `the line of a chat has an end, with every other limit on`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            let limits = ["FLOOD_LIMIT": "30", "SEND_LIMIT_PER_CHAT": "20", "SEND_WAITING_PER_CHAT": "40"]
            var scene = try scene(environment, limits, home)
            var said = ""
            // Thirty messages in every minute for ten minutes, which no rule calls a flood.
            for _ in 1...10 {
                for _ in 1...30 { said += try await scene.says(AttackScene.member, "!status") + "\n" }
                said += try await scene.pass(61)
            }
            for _ in 1...5 { said += try await scene.pass(61) }
            #expect(said.contains("While so many of my answers here were waiting"))
            let notices = said.matches(of: /While so many of my answers/).count
            #expect(notices < 10, "\(notices)")
            #expect(try await scene.says(AttackScene.member, "hello") == "echo: hello")
            #expect(try await scene.says(AttackScene.member, "!why").hasSuffix("I answered that message."))
            try await scene.end()
            let letters = try await finish(["dead-letters"], home: home, environment: environment)
            #expect(!letters.output.contains("reply"), "\(letters.output)")
        }
    }
}
