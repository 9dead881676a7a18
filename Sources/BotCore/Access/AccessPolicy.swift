import BotKit
import Synchronization

/// Decides what a member may do.
struct AccessPolicy: Sendable {
    let sessions: AdminSessionStore
    let admitted: AdmittedMembers

    /// - Parameter groups: the groups of the account that the turn came by; `nil` where nobody can be asked.
    /// - Returns: what the audit is told, when a session was asked for.
    /// - Throws: `Refusal` when the member lacks the permission; an outage when the network must say so and does not.
    func require(_ permission: Permission, for turn: Turn, in groups: (any GroupAdministration)? = nil) async throws
        -> [AuditEntry]
    {
        guard try await Self.holds(permission, turn, groups) else { throw Refusal(.notAllowed, reason: "permission") }
        switch permission.place {
        case .directChats where turn.chat.isGroup: throw Refusal(.onlyInDirectChats, reason: "only_in_direct_chats")
        case .groups where !turn.chat.isGroup: throw Refusal(.onlyInGroups, reason: "only_in_groups")
        case .anywhere, .directChats, .groups: break
        }
        guard permission.isElevated else { return [] }
        try await sessions.require(turn)
        return [Self.allowance(permission)]
    }

    /// What the audit is told of somebody who used a permission.
    static func allowance(_ permission: Permission) -> AuditEntry {
        AuditEntry(.permissionAllowed, details: ["permission": permission.name])
    }

    /// Whether the member has the role, or is an admin of the group where that is enough.
    static func holds(_ permission: Permission, _ turn: Turn, _ groups: (any GroupAdministration)?) async throws -> Bool
    {
        if turn.member.role >= permission.role { return true }
        guard permission.admitsGroupAdmins, turn.chat.isGroup, let groups else { return false }
        do {
            return try await groups.profile(of: turn.chat.id).hasAdmin(turn.member.id, phone: turn.member.phone)
        } catch let failure as GroupFailure where failure.reason != .unreachable {
            return false
        }
    }
}

/// Those whom the guards let pass since the start, as far as there is room for them: only they may stop an answer that
/// is being made, which is asked before the guards. Where nobody is kept out, everybody may.
///
/// Who writes too much is not answered for a while, and may stop what is made for them alone: it costs, and nobody else
/// can end it. In a group they would end the answers of the others.
final class AdmittedMembers: Sendable {
    private struct State {
        var members: Set<MemberID> = []
        /// Those of them who write too much.
        var flooding: Set<MemberID> = []
        var areAllAdmitted: Bool
    }
    private static let room = 10_000
    private let policyAdmitsAll: Bool
    private let state: Mutex<State>

    init(_ settings: AccessSettings) {
        policyAdmitsAll = settings.people == .open && settings.groups == .all
        state = Mutex(State(areAllAdmitted: policyAdmitsAll))
    }

    /// - Parameter hasRules: whether something is decided about somebody.
    func note(hasRules: Bool) { state.withLock { $0.areAllAdmitted = policyAdmitsAll && !hasRules } }

    /// - Parameter isFlooding: whether the member writes too much to be answered now.
    func note(_ member: MemberID, isFlooding: Bool = false) {
        state.withLock { state in
            if state.flooding.count >= Self.room { state.flooding.removeAll() }
            if isFlooding { state.flooding.insert(member) } else { state.flooding.remove(member) }
            guard !state.areAllAdmitted else { return }
            if state.members.count >= Self.room { state.members.removeAll() }
            state.members.insert(member)
        }
    }

    func remove(_ member: MemberID) {
        state.withLock { state in
            state.members.remove(member)
            state.flooding.remove(member)
        }
    }

    /// Whether the member may stop an answer.
    func mayStop(_ member: MemberID, inGroup: Bool) -> Bool {
        state.withLock { state in
            (state.areAllAdmitted || state.members.contains(member)) && !(inGroup && state.flooding.contains(member))
        }
    }
}
