import BotKit
import Synchronization

/// Groups that a test made up.
final class SampleGroups: GroupAdministration {
    let profiles: [ChatID: GroupProfile]
    let failure = Mutex<GroupFailure?>(nil)
    let deleted = Mutex<[MessageID]>([])

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
    func delete(_ message: MessageID, in group: ChatID) async throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
        deleted.withLock { $0.append(message) }
    }
    func leave(_ group: ChatID) async throws {}
}
