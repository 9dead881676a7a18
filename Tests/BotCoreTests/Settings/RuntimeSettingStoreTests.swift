import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// What is set while the bot runs: which value wins, what comes back, and whose it is.
@Suite(.timeLimit(.minutes(1))) struct RuntimeSettingStoreTests {
    private let database: any Database
    private let store: RuntimeSettingStore
    private let turn = Turn.sample(from: "dana")

    init() async throws {
        database = try SQLiteDatabase.temporary()
        _ = try await Migrator(database, CoreSchema.migrations, time: ManualTime(.monday)).apply()
        store = RuntimeSettingStore(database: database, ids: RowIDs())
    }

    private func set(_ value: String?, _ scope: SettingScope, of turn: Turn? = nil) async throws {
        let place = SettingPlace(scope, of: turn ?? self.turn)
        try await database.transaction(store.setting("gpt.model", to: value, at: place, at: .monday))
    }

    private func value(for turn: Turn? = nil) async throws -> String? {
        let turn = turn ?? self.turn
        return try await store.values(for: turn.member.id, in: turn.chat.id).stored("gpt.model")?.text
    }

    @Test func `the narrowest value wins, and the next one holds when it is taken away`() async throws {
        for (index, scope) in SettingScope.allCases.enumerated() {
            try await set("model-\(index)", scope)
            #expect(try await value() == "model-\(index)")
        }
        for index in [3, 2, 1, 0] {
            #expect(try await value() == "model-\(index)")
            try await set(nil, SettingScope.allCases[index])
        }
        #expect(try await value() == nil)
    }

    @Test func `a value is for its account, chat or member, and for nobody else`() async throws {
        let other = Turn.sample(from: "omer")
        for scope in [SettingScope.chat, .member] {
            try await set("own", scope)
            #expect(try await value(for: other) == nil)
            try await set(nil, scope)
        }
        try await set("all", .account)
        #expect(try await value(for: other) == "all")
        #expect(try await store.values(for: "other/dana", in: "other:bot/dana").isEmpty)
    }

    @Test func `changes are taken back one after the other, each once`() async throws {
        let place = SettingPlace(.chat, of: turn)
        for value in ["one", "two", nil, "three"] { try await set(value, .chat) }
        for expected in [nil, "two", "one", nil] {
            let change = try #require(try await store.lastChange(at: place))
            try await database.transaction(store.undoing(change, at: .monday))
            #expect(try await value() == expected)
        }
        #expect(try await store.lastChange(at: place) == nil)
        #expect(try await store.lastChange(at: SettingPlace(.installation, of: turn)) == nil)
    }

    @Test func `what is stored and means nothing any more is as if it were not there`() async throws {
        let place = SettingPlace(.chat, of: turn)
        try await database.transaction(store.setting("group.policy", to: "sometimes", at: place, at: .monday))
        let values = try await store.values(for: turn.member.id, in: turn.chat.id)
        #expect(values[CoreRuntimeSettings.groupPolicy] == nil)
        #expect(!values.isEmpty)
    }

    @Test func `two chats of one person become one`() async throws {
        try await set("old", .chat)
        try await set("mine", .member)
        let move = IdentityMove(personalData: CoreSchema.personalData)
        let new = Turn.sample(from: "dana2")
        try await database.transaction(
            move.statements(
                of: .init(old: turn.member.id, new: new.member.id), in: [.init(old: turn.chat.id, new: new.chat.id)]))
        #expect(try await value(for: new) == "mine")
        #expect(try await value() == nil)
        #expect(try await store.values(at: SettingPlace(.chat, of: new)) == ["gpt.model": "old"])
    }
}
