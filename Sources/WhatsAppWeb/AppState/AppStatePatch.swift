import Foundation
import SwiftProtobuf
import WhatsAppProto

/// A change of our own to a collection of the app state, ready to be uploaded.
struct AppStatePatch {
    /// A protobuf `SyncdPatch` without version: the server gives it the next one.
    let bytes: [UInt8]
    /// What is to be stored when the server took it.
    let change: AppStateChange

    /// The most actions of a patch.
    static let mostActions = 1_000

    /// - Parameters:
    ///   - actions: all of the same collection as `state`.
    ///   - previous: the value MAC of an entry, by its index MAC.
    ///   - random: gives so many random bytes.
    /// - Throws: `WebError` with `invalid`.
    init(
        _ actions: [AppStateAction], at now: Date, to state: AppStateVersion, key: AppStateKey,
        previous: ([UInt8]) -> [UInt8]?, random: (Int) -> [UInt8]
    ) throws(WebError) {
        guard (1...Self.mostActions).contains(actions.count),
            actions.allSatisfy({ $0.collection == state.collection })
        else { throw WebError(.invalid, "a patch needs 1 to \(Self.mostActions) actions of one collection") }
        let keys = AppStateKeys(key)
        var version = state
        var change = AppStateChange(version: state)
        var hasher = AppStateHasher(hash: state.hash)
        var records: [AppStateRecord] = []
        for entry in actions.flatMap({ $0.entries(at: now) }) {
            let record = try AppStateRecord(
                index: entry.index, value: entry.value, version: entry.version, entry.operation, keys, iv: random(16))
            hasher.apply(record, previous: previous)
            records.append(record)
            switch entry.operation {
            case .set:
                change.values[record.indexMAC] = record.valueMAC
                change.removed.remove(record.indexMAC)
            case .remove:
                change.values[record.indexMAC] = nil
                change.removed.insert(record.indexMAC)
            }
        }
        version.hash = hasher.hash
        version.number &+= 1
        change.version = version
        self.change = change
        bytes = try Self.encode(records, version, keys)
    }

    /// The index MACs whose value MACs the patch needs to know.
    static func indexMACs(of actions: [AppStateAction], key: AppStateKey) -> Set<[UInt8]> {
        let keys = AppStateKeys(key)
        return Set(
            actions.flatMap { $0.entries(at: Date(timeIntervalSince1970: 0)) }
                .map { AppStateRecord.indexMAC(AppStateRecord.json($0.index), keys) })
    }

    private static func encode(
        _ records: [AppStateRecord], _ version: AppStateVersion, _ keys: AppStateKeys
    ) throws(WebError) -> [UInt8] {
        var patch = WASyncdPatch()
        patch.mutations = records.map { record in
            var mutation = WASyncdMutation()
            mutation.operation = record.operation == .set ? .set : .remove
            mutation.record = record.record
            return mutation
        }
        let snapshotMAC = version.snapshotMAC(keys)
        patch.snapshotMac = Data(snapshotMAC)
        patch.patchMac = Data(
            version.patchMAC(keys, snapshotMAC: snapshotMAC, valueMACs: records.map(\.valueMAC)))
        patch.keyID.id = Data(keys.id)
        do { return try patch.serializedBytes() } catch {
            throw WebError(.invalid, "a patch of the app state cannot be encoded")
        }
    }
}
