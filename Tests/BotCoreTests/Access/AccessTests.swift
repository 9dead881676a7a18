import BotKit
import Configuration
import Foundation
import Synchronization
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct AccessTests {
    private func settings(_ values: [String: String]) throws -> AccessSettings {
        try AccessSettings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values)))
    }

    private func number(_ text: String) throws -> PhoneNumber { try #require(PhoneNumber(text)) }

    @Test func `the greatest role that a number is listed for counts`() throws {
        let policy = AccessPolicy(
            try settings([
                "OWNER_PHONE_NUMBERS": "15550000001", "ADMIN_PHONE_NUMBERS": "15550000001,15550000002@c.us",
                "OPERATOR_PHONE_NUMBERS": "+1 555 000 0002, 15550000003",
            ]))
        #expect(policy.role(of: try number("15550000001")) == .owner)
        #expect(policy.role(of: try number("15550000002")) == .admin)
        #expect(policy.role(of: try number("15550000003")) == .operator)
        #expect(policy.role(of: try number("15550000004")) == .user)
        #expect(policy.role(of: nil) == .user)
    }

    @Test(arguments: [Role.user, .operator, .admin, .owner], [Role.user, .operator, .admin, .owner])
    func `a permission asks for a role or a greater one`(_ needed: Role, _ own: Role) async throws {
        let policy = AccessPolicy(try settings([:]))
        try await policy.require(.everyone, for: .sample(role: own))
        if own >= needed {
            try await policy.require(.role(needed), for: .sample(role: own))
        } else {
            await #expect(throws: Refusal.self) {
                try await policy.require(.role(needed), for: .sample(role: own))
            }
        }
    }

    @Test func `an admin of a group is known by the network, in that group, and nowhere else`() async throws {
        let policy = AccessPolicy(try settings([:]))
        let group = ChatID(account: "test:bot", name: "g")
        let groups = SampleGroups([
            group: GroupProfile(
                subject: "Lab",
                members: [
                    .init(id: .sample("dana"), isAdmin: true), .init(id: .sample("omer")),
                    .init(id: .sample("noa2"), phone: try number("15550000004"), isAdmin: true),
                ])
        ])
        try await policy.require(.groupAdmin, for: .sample(from: "dana", group: "g"), in: groups)
        try await policy.require(.groupAdmin, for: .sample(from: "omer", role: .admin, group: "g"), in: groups)
        try await policy.require(.groupAdmin, for: .sample(from: "omer", role: .admin))
        // A group may know its members by another name.
        var noa = Turn.sample(from: "noa", group: "g")
        noa.member.phone = try number("15550000004")
        try await policy.require(.groupAdmin, for: noa, in: groups)
        for turn in [
            Turn.sample(from: "omer", role: .operator, group: "g"), .sample(from: "dana", group: "other"),
            .sample(from: "dana"),
        ] {
            await #expect(throws: Refusal.self) { try await policy.require(.groupAdmin, for: turn, in: groups) }
        }
        await #expect(throws: Refusal.self) {
            try await policy.require(.groupAdmin, for: .sample(from: "dana", group: "g"))
        }
        groups.failure.withLock { $0 = GroupFailure(.unreachable, "cut") }
        await #expect(throws: GroupFailure.self) {
            try await policy.require(.groupAdmin, for: .sample(from: "dana", group: "g"), in: groups)
        }
    }

    @Test func `the list of numbers counts only when it is switched on and not empty`() throws {
        #expect(try settings(["WHITELISTED_PHONE_NUMBERS": "15550000001"]).allowed == nil)
        #expect(try settings(["WHITELISTED_ENABLED": "true"]).allowed == nil)
        #expect(
            try settings(["WHITELISTED_ENABLED": "true", "WHITELISTED_PHONE_NUMBERS": "15550000001@c.us"]).allowed
                == [try number("15550000001")])
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
                TestCommand(words: ["secret"], needs: .role(.admin)) { _, _ in
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

/// Groups that a test made up.
private final class SampleGroups: GroupAdministration {
    let profiles: [ChatID: GroupProfile]
    let failure = Mutex<GroupFailure?>(nil)

    init(_ profiles: [ChatID: GroupProfile]) { self.profiles = profiles }

    func profile(of group: ChatID) async throws -> GroupProfile {
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard let profile = profiles[group] else { throw GroupFailure(.notThere, "there is no such group") }
        return profile
    }
    func change(_ members: [MemberID], of group: ChatID, _ act: GroupMemberAct) async throws -> [MemberID] { [] }
    func rename(_ group: ChatID, to subject: String) async throws {}
    func describe(_ group: ChatID, as description: String?) async throws {}
    func inviteLink(of group: ChatID, isReset: Bool) async throws -> String { "" }
    func delete(_ message: MessageID, in group: ChatID) async throws {}
    func leave(_ group: ChatID) async throws {}
}
