import Foundation
import Logging
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension WebClient {
    /// How far a collection is known.
    func appStateVersion(of collection: AppStateCollection) async throws -> AppStateVersion {
        let key = collection.versionKey
        guard let bytes = try await store.load([key])[key] else { return AppStateVersion(collection) }
        guard let version = AppStateVersion(collection, bytes: bytes) else {
            throw WebError(.store, "the stored version of \(collection.rawValue) is damaged; restore a backup")
        }
        return version
    }

    /// The value MACs of entries, by their index MACs.
    func appStateValues(
        _ indexes: Set<[UInt8]>, of collection: AppStateCollection
    ) async throws -> [[UInt8]: [UInt8]] {
        var values: [[UInt8]: [UInt8]] = [:]
        let indexes = Array(indexes)
        for start in stride(from: 0, to: indexes.count, by: 512) {
            let part = indexes[start..<min(start + 512, indexes.count)]
            let found = try await store.load(part.map { collection.valueKey($0) })
            for index in part { values[index] = found[collection.valueKey(index)] }
        }
        return values
    }

    /// The keys of some ids; those that are missing are asked for.
    func appStateKeys(_ ids: Set<[UInt8]>) async throws -> AppStateKeyRing {
        let names = ids.prefix(256).map { AppStateKey.storeKey(of: $0) }
        let found = try await store.load(names)
        var ring = AppStateKeyRing()
        for bytes in found.values { if let key = AppStateKey(stored: bytes) { ring.add(key) } }
        let missing = ids.filter { !ring.has($0) && $0.count <= AppStateKey.longestID }
        if !missing.isEmpty { try await askForAppStateKeys(Array(missing)) }
        return ring
    }

    /// The key that changes are sealed with: the one of the latest epoch.
    func newestAppStateKey() async throws -> AppStateKey {
        let stored = try await store.list(.appStateKey, after: nil, limit: 1_024)
        guard let key = stored.compactMap({ AppStateKey(stored: $0.value) }).max(by: { $0.epoch < $1.epoch }) else {
            throw WebError(.appStateKeyMissing, "the phone has sent no key of the app state yet; try again later")
        }
        return key
    }

    /// Asks the phone for keys, each a few times at most.
    private func askForAppStateKeys(_ ids: [[UInt8]]) async throws {
        let wanted = ids.filter { retries.next("app state key \(AppStateKey.name(of: $0))") != nil }
        guard !wanted.isEmpty else { return }
        var message = WAMessage()
        message.protocolMessage.kind = .appStateSyncKeyRequest
        message.protocolMessage.appStateSyncKeyRequest.keyIds = wanted.map { id in
            var key = WAAppStateSyncKeyID()
            key.keyID = Data(id)
            return key
        }
        try await sendToOwnPhone(message)
    }

    /// Stores a change together with what it says to the owner.
    func keep(_ change: AppStateChange) async throws {
        let collection = change.version.collection
        var changes: [StoreChange] = []
        if change.replacesAll { changes.append(.deleteAll(.appStateValue, prefix: collection.valuePrefix)) }
        for index in change.removed { changes.append(.delete(collection.valueKey(index))) }
        for (index, value) in change.values { changes.append(.put(collection.valueKey(index), value)) }
        changes.append(.put(collection.versionKey, change.version.bytes))
        var name: String?
        for event in change.events {
            switch event.change {
            case .pushName(let own): name = own
            case .alias(let lid, let phone): changes += pair(lid, phone)
            case .contact(let user, let names?): changes += pair(user, names.alias)
            default: break
            }
        }
        try await store.commit(changes, events: change.events.map(WebEvent.appState))
        if let name { try await takePushName(name) }
    }

    /// Forgets a collection, to fetch it from its beginning.
    func forget(_ collection: AppStateCollection) async throws {
        try await store.commit(
            [.deleteAll(.appStateValue, prefix: collection.valuePrefix), .delete(collection.versionKey)], events: [])
    }

    /// The account has a name: keep it, and appear under it.
    func takePushName(_ name: String) async throws {
        guard !name.isEmpty, name.utf8.count <= 1_024, credentials?.pushName != name else { return }
        credentials?.pushName = name
        try await saveCredentials()
        try announcePresence()
    }
}

extension AppStateCollection {
    var versionKey: StoreKey { StoreKey(.appStateVersion, rawValue) }
    var valuePrefix: String { rawValue + "/" }
    func valueKey(_ index: [UInt8]) -> StoreKey {
        StoreKey(.appStateValue, valuePrefix + AppStateKey.name(of: Array(index.prefix(64))))
    }
}

extension AppStateKey {
    init?(_ key: WAAppStateSyncKey) {
        self.init(id: [UInt8](key.keyID.keyID), data: [UInt8](key.keyData.keyData))
    }

    /// - Parameter bytes: the phone's message with the key.
    init?(stored bytes: [UInt8]) {
        guard let key = try? WAAppStateSyncKey(serializedBytes: bytes) else { return nil }
        self.init(key)
    }

    var storeKey: StoreKey { Self.storeKey(of: id) }
    static func storeKey(of id: [UInt8]) -> StoreKey { StoreKey(.appStateKey, name(of: Array(id.prefix(longestID)))) }

    /// Which of several keys is the later one: the last four bytes of the id.
    var epoch: UInt32 { id.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } }
}
