import BotKit
import Foundation

extension ProviderContract {
    /// For networks with groups of this kind; the others keep them by having none.
    static let groups: [ProviderContractCase] = [
        ProviderContractCase("a group tells its name, who is in it, and who is an admin") { network in
            guard let groups = network.provider.groups else { return }
            let (chat, member) = try await join(network, isAdmin: false)
            let profile = try await groups.profile(of: chat)
            try expect(profile.subject, "Lab", "name")
            try expect(profile.isOurs, false, "whether we are an admin")
            try expect(profile.members.count, 2, "members")
            try require(profile.hasAdmin(member), "the one who made it is no admin")
            try expect(profile.members.filter(\.isAdmin).count, 1, "admins")
            try expect(profile.members.first { $0.id == member }?.phone, network.member.phone, "number")
            try await network.setAdmin(true, in: chat)
            try require(await eventually { try await groups.profile(of: chat).isOurs }, "we are no admin")
        },
        ProviderContractCase("an admin removes, adds, promotes and demotes members, and hears with whom it failed") {
            network in
            guard let groups = network.provider.groups else { return }
            let (chat, member) = try await join(network, isAdmin: true)
            let profile = try await groups.profile(of: chat)
            let other = try require(profile.members.first { $0.id != member }?.id)
            try expect(try await groups.change([other], of: chat, .promote), [], "failures")
            try require(try await groups.profile(of: chat).hasAdmin(other), "was not promoted")
            try expect(try await groups.change([other], of: chat, .demote), [], "failures")
            try require(try await !groups.profile(of: chat).hasAdmin(other), "was not demoted")
            try expect(try await groups.change([other], of: chat, .remove), [], "failures")
            try expect(try await groups.profile(of: chat).members.map(\.id), [member], "members")
            try expect(try await groups.change([member, other], of: chat, .add), [member], "failures")
            try expect(Set(try await groups.profile(of: chat).members.map(\.id)), [member, other], "members")
        },
        ProviderContractCase("an admin names and describes the group, and invites by a link that can be made void") {
            network in
            guard let groups = network.provider.groups else { return }
            let chat = try await join(network, isAdmin: true).chat
            try await groups.rename(chat, to: "Laboratory")
            try await groups.describe(chat, as: "where we try things")
            var profile = try await groups.profile(of: chat)
            try expect(profile.subject, "Laboratory", "name")
            try expect(profile.description, "where we try things", "description")
            try await groups.describe(chat, as: nil)
            profile = try await groups.profile(of: chat)
            try expect(profile.description, nil, "description")
            let link = try await groups.inviteLink(of: chat, isReset: false)
            try require(link.hasPrefix("https://"), "the link is none")
            try expect(try await groups.inviteLink(of: chat, isReset: false), link, "link")
            try require(try await groups.inviteLink(of: chat, isReset: true) != link, "the link was not reset")
            try expect(try await failure { try await groups.rename(chat, to: "") }, .invalid, "an empty name")
        },
        ProviderContractCase("an admin deletes what a member wrote; nobody else does, but for one's own messages") {
            network in
            guard let groups = network.provider.groups else { return }
            let chat = try await join(network, isAdmin: false).chat
            let theirs = try await network.write("an insult", in: chat)
            _ = try await message(theirs, on: network)
            try expect(try await failure { try await groups.delete(theirs, in: chat) }, .notAllowed, "as a member")
            let ours = try await send(.text("a mistake"), to: chat, on: network)
            try await groups.delete(ours, in: chat)
            try require(try await eventually { try await network.isDeleted(ours) }, "our message is still there")
            try await network.setAdmin(true, in: chat)
            try require(await eventually { try await groups.profile(of: chat).isOurs }, "we are no admin")
            try await groups.delete(theirs, in: chat)
            try require(try await eventually { try await network.isDeleted(theirs) }, "their message is still there")
        },
        ProviderContractCase("who is no admin changes nobody, and a group that was left is not there any more") {
            network in
            guard let groups = network.provider.groups else { return }
            let (chat, member) = try await join(network, isAdmin: false)
            try expect(
                try await failure { _ = try await groups.change([member], of: chat, .remove) }, .notAllowed, "removal")
            try await groups.leave(chat)
            let reason = try await failure { _ = try await groups.profile(of: chat) }
            try require(reason == .notThere || reason == .notAllowed, "the group is still there")
            let direct = try await open(network).chat
            try expect(try await failure { _ = try await groups.profile(of: direct) }, .notThere, "a direct chat")
        },
    ]

    /// Has the member make a group with us.
    private static func join(
        _ network: any NetworkUnderTest, isAdmin: Bool
    ) async throws -> (chat: ChatID, member: MemberID) {
        let member = try await open(network).sender.id
        let chat = try await network.makeGroup("Lab")
        if isAdmin {
            try await network.setAdmin(true, in: chat)
            let groups = network.provider.groups
            try require(await eventually { try await groups?.profile(of: chat).isOurs == true }, "we are no admin")
        }
        return (chat, member)
    }

    private static func failure(_ act: () async throws -> Void) async throws -> GroupFailure.Reason {
        do { try await act() } catch let failure as GroupFailure { return failure.reason }
        throw ContractViolation("what had to fail did not")
    }

    private static func require<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw ContractViolation("there is nobody") }
        return value
    }
}
