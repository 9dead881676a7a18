import Providers
import Testing
import WhatsAppWeb

/// What every store of a client must do: the same for the one in memory and the one in the bot's database.
@Suite struct WebStoreContractTests {
    enum Kind: String, CaseIterable { case memory, database }

    private func store(_ kind: Kind) async throws -> any WebStore {
        switch kind {
        case .memory: MemoryStore()
        case .database: try await StoreBench().open()
        }
    }

    private func names(_ store: any WebStore, _ kind: StoreKind) async throws -> [String] {
        try await store.list(kind, after: nil, limit: 1_000).map(\.name)
    }

    @Test(arguments: Kind.allCases)
    func `gives what was put, by kind and name`(kind: Kind) async throws {
        let store = try await store(kind)
        let (a, b, other) = (StoreKey(.session, "a"), StoreKey(.session, "b"), StoreKey(.alias, "a"))
        try await store.commit([.put(a, [1]), .put(b, []), .put(other, [3, 4])], events: [])
        #expect(try await store.load([a, b, other, StoreKey(.connection, "a")]) == [a: [1], b: [], other: [3, 4]])
        #expect(try await store.load([]).isEmpty)
        #expect(try await store.load([a, a]) == [a: [1]])
    }

    @Test(arguments: Kind.allCases)
    func `makes changes in their order`(kind: Kind) async throws {
        let store = try await store(kind)
        let key = StoreKey(.session, "a")
        try await store.commit([.put(key, [1]), .put(key, [2])], events: [])
        #expect(try await store.load([key])[key] == [2])
        try await store.commit([.delete(key), .put(key, [3])], events: [])
        #expect(try await store.load([key])[key] == [3])
        try await store.commit([.put(key, [4]), .deleteAll(.session, prefix: "")], events: [])
        #expect(try await store.load([key]).isEmpty)
        try await store.commit([.delete(key)], events: [])
    }

    @Test(arguments: Kind.allCases)
    func `lists in the order of names, from any name on`(kind: Kind) async throws {
        let store = try await store(kind)
        let all = ["", "10", "9", "B", "Z_", "a", "a.b", "b", "ל", "ש"]
        try await store.commit(all.shuffled().map { .put(StoreKey(.appStateKey, $0), Array($0.utf8)) }, events: [])
        try await store.commit([.put(StoreKey(.alias, "c"), [])], events: [])
        let entries = try await store.list(.appStateKey, after: nil, limit: 100)
        #expect(entries == all.map { StoreEntry(name: $0, value: Array($0.utf8)) })
        #expect(try await store.list(.appStateKey, after: "a", limit: 2).map(\.name) == ["a.b", "b"])
        #expect(try await store.list(.appStateKey, after: "aa", limit: 1).map(\.name) == ["b"])
        #expect(try await store.list(.appStateKey, after: "ש", limit: 5).isEmpty)
        #expect(try await store.list(.appStateKey, after: nil, limit: 0).isEmpty)
    }

    @Test(arguments: Kind.allCases)
    func `deletes by prefix and nothing else`(kind: Kind) async throws {
        let store = try await store(kind)
        let edge = "a\u{10FFFF}"
        let all = ["a", "a%", "a_", "aa", "ab", edge, "b", "A", "%", "_", "\u{D7FF}", "\u{D7FF}x", "\u{E000}"]
        let fill = all.map { StoreChange.put(StoreKey(.appStateKey, $0), [1]) }
        for prefix in ["a", "%", "_", "a_", edge, "\u{D7FF}", "\u{10FFFF}", "A", ""] {
            try await store.commit(fill + [.deleteAll(.appStateKey, prefix: prefix)], events: [])
            let left = all.filter { !$0.hasPrefix(prefix) }
            #expect(Set(try await names(store, .appStateKey)) == Set(left), "\(prefix)")
        }
    }

    @Test(arguments: Kind.allCases)
    func `takes ten thousand entries and lists them in pages`(kind: Kind) async throws {
        let store = try await store(kind)
        let keys = (0..<10_000).map { StoreKey(.preKey, String(1_000_000 + $0)) }
        try await store.commit(keys.map { .put($0, Array($0.name.utf8)) }, events: [])
        var listed: [String] = []
        var last: String?
        repeat {
            let page = try await store.list(.preKey, after: last, limit: 700)
            listed += page.map(\.name)
            last = page.last?.name
        } while last != nil
        #expect(listed == keys.map(\.name))
        #expect(try await store.load(keys + [StoreKey(.preKey, "x")]).count == 10_000)
        try await store.commit([.deleteAll(.preKey, prefix: "100")], events: [])
        #expect(try await store.list(.preKey, after: nil, limit: 20_000).count == 0)
    }
}
