import BotKit
import Foundation
import StoreSQLite
import Synchronization
import TestKit
import Testing

@testable import BotCore

/// Every permission, with every role, in every place, with and without a session.
@Suite(.timeLimit(.minutes(1))) struct PermissionMatrixTests {
    private static let roles: [Role] = [.user, .operator, .admin, .owner]
    private static let group = ChatID(account: "test:bot", name: "g")

    private struct Stage {
        let policy: AccessPolicy
        let sessions: AdminSessionStore
        let database: any Database

        init() async throws {
            database = try SQLiteDatabase.temporary()
            _ = try await Migrator(database, CoreSchema.migrations, time: ManualTime(.monday)).apply()
            let settings = try BotUnderTest.settings().access
            sessions = AdminSessionStore(database: database, settings: settings)
            policy = AccessPolicy(sessions: sessions, admitted: AdmittedMembers(settings))
        }

        func reason(_ permission: Permission, _ turn: Turn, groups: SampleGroups? = nil) async throws -> String? {
            do {
                _ = try await policy.require(permission, for: turn, in: groups)
                return nil
            } catch let refusal as Refusal {
                return refusal.reason
            }
        }
    }

    /// The matrix as it is meant, for people to check: the least role, group admins, the place, a session.
    private static let meant: [String: (Role, Bool, Permission.Place, Bool)] = [
        "everyone": (.user, false, .anywhere, false),
        "set_activation": (.admin, true, .groups, false),
        "admit_groups": (.admin, false, .groups, false),
        "admit_people": (.operator, false, .directChats, false),
        "see_roles": (.admin, false, .directChats, false),
        "give_roles": (.admin, false, .directChats, true),
        "open_session": (.operator, false, .directChats, false),
        "export_own_data": (.user, false, .directChats, false),
        "set_group_privacy": (.admin, true, .groups, false),
        "see_configuration": (.admin, true, .anywhere, false),
        "configure": (.admin, false, .directChats, true),
        "configure_chat": (.admin, true, .anywhere, false),
        "configure_self": (.user, false, .anywhere, false),
        "read_audit": (.owner, false, .directChats, false),
        "manage_work": (.operator, false, .directChats, false),
        "explain_others": (.operator, true, .anywhere, false),
    ]

    @Test func `holds for every permission, role, place and session`() async throws {
        let stage = try await Stage()
        #expect(Set(Permission.matrix.map(\.name)) == Set(Self.meant.keys))
        let groups = SampleGroups([Self.group: GroupProfile(subject: "Lab", members: [.init(id: .sample("dana"))])])
        for permission in Permission.matrix {
            let (least, admits, place, isElevated) = try #require(Self.meant[permission.name])
            #expect(permission.admitsGroupAdmins == admits)
            for role in Self.roles {
                for room in [nil, "g"] {
                    for hasSession in [false, true] {
                        var turn = Turn.sample(role: role, group: room)
                        if hasSession {
                            let (token, writes) = stage.sessions.opening(for: turn)
                            try await stage.database.transaction(writes)
                            turn.session = token
                        }
                        let expected: String? =
                            role < least
                            ? "permission"
                            : place == .directChats && room != nil
                                ? "only_in_direct_chats"
                                : place == .groups && room == nil
                                    ? "only_in_groups"
                                    : isElevated && !hasSession ? "session_needed" : nil
                        let reason = try await stage.reason(permission, turn, groups: groups)
                        #expect(reason == expected, "\(permission.name) \(role) \(room ?? "direct") \(hasSession)")
                    }
                }
            }
        }
    }

    @Test func `an admin of a group is known by the network, in that group, and nowhere else`() async throws {
        let stage = try await Stage()
        let number = try #require(PhoneNumber("15550000004"))
        let groups = SampleGroups([
            Self.group: GroupProfile(
                subject: "Lab",
                members: [
                    .init(id: .sample("dana"), isAdmin: true), .init(id: .sample("omer")),
                    .init(id: .sample("noa2"), phone: number, isAdmin: true),
                ])
        ])
        for permission in Permission.matrix where permission.role > .user {
            let reason = try await stage.reason(permission, .sample(from: "dana", group: "g"), groups: groups)
            #expect((reason == nil) == permission.admitsGroupAdmins, "\(permission.name)")
        }
        // A group may know its members by another name.
        var noa = Turn.sample(from: "noa", group: "g")
        noa.member.phone = number
        #expect(try await stage.reason(.setActivation, noa, groups: groups) == nil)
        for turn in [
            Turn.sample(from: "omer", role: .operator, group: "g"), .sample(from: "dana", group: "other"),
            .sample(from: "dana"),
        ] {
            #expect(try await stage.reason(.setActivation, turn, groups: groups) == "permission")
        }
        #expect(try await stage.reason(.setActivation, .sample(from: "dana", group: "g")) == "permission")
        groups.failure.withLock { $0 = GroupFailure(.unreachable, "cut") }
        await #expect(throws: GroupFailure.self) {
            try await stage.reason(.setActivation, .sample(from: "dana", group: "g"), groups: groups)
        }
    }

    @Test func `a session is good for its member, its chat, its account and its time`() async throws {
        let stage = try await Stage()
        let turn = Turn.sample(role: .owner)
        let (token, writes) = stage.sessions.opening(for: turn)
        try await stage.database.transaction(writes)
        #expect(try await stage.database.rows("SELECT token_hash FROM admin_session")[0].text("token_hash") != token)
        func reason(_ turn: Turn, _ token: String?) async throws -> String? {
            var turn = turn
            turn.session = token
            return try await stage.reason(.giveRoles, turn)
        }
        #expect(try await reason(.sample(from: "omer", role: .owner), token) == "session_invalid")
        var elsewhere = turn
        elsewhere.chat.id = ChatID(account: "test:other", name: "dana")
        #expect(try await reason(elsewhere, token) == "session_invalid")
        // Each use makes it last.
        for minutes in [0, 14, 28, 42] {
            var later = turn
            later.receivedAt = .monday.addingTimeInterval(Double(minutes) * 60)
            #expect(try await reason(later, token) == nil)
        }
        var late = turn
        late.receivedAt = .monday.addingTimeInterval(57 * 60)
        #expect(try await reason(late, token) == "session_invalid")
        try await stage.database.transaction(stage.sessions.closing(for: turn))
        #expect(try await reason(turn, token) == "session_invalid")
    }

    @Test func `five wrong tokens lock, and each more for twice as long`() async throws {
        let stage = try await Stage()
        var turn = Turn.sample(role: .owner)
        let (token, writes) = stage.sessions.opening(for: turn)
        try await stage.database.transaction(writes)
        for _ in 1...5 {
            turn.session = "wrong"
            #expect(try await stage.reason(.giveRoles, turn) == "session_invalid")
        }
        turn.session = token
        #expect(try await stage.reason(.giveRoles, turn) == "session_locked")
        turn.receivedAt = .monday.addingTimeInterval(15 * 60)
        turn.session = "wrong"
        #expect(try await stage.reason(.giveRoles, turn) == "session_invalid")
        turn.receivedAt = .monday.addingTimeInterval(44 * 60)
        #expect(try await stage.reason(.giveRoles, turn) == "session_locked")
        turn.receivedAt = .monday.addingTimeInterval(45 * 60)
        let (fresh, rewrites) = stage.sessions.opening(for: turn)
        try await stage.database.transaction(rewrites)
        turn.session = fresh
        #expect(try await stage.reason(.giveRoles, turn) == nil)
        turn.session = "wrong"
        #expect(try await stage.reason(.giveRoles, turn) == "session_invalid")
        turn.session = fresh
        #expect(try await stage.reason(.giveRoles, turn) == nil)
    }

    @Test(arguments: [
        ("!role revoke 15550000002 --session abc", "!role revoke 15550000002", "abc"),
        ("!role --session abc list", "!role list", "abc"), ("!role list --session", "!role list --session", nil),
        ("!role revoke 1 —session abc", "!role revoke 1", "abc"),
        ("!role sessions –session abc", "!role sessions", "abc"),
        ("!role session list", "!role session list", nil),
        ("how does --session abc work?", "how does --session abc work?", nil),
    ])
    func `the token of a session stands in a command only`(_ text: String, _ rest: String, _ token: String?) {
        let split = text.splittingSession()
        #expect(split.text.split(separator: " ").joined(separator: " ") == rest)
        #expect(split.token == token)
    }
}
