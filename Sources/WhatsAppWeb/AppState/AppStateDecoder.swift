import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto

/// Checks and opens snapshots and patches of the app state.
///
/// Everything is checked before anything is given: the hash over the collection, the MAC of the patch, and the MACs of
/// each entry.
struct AppStateDecoder {
    /// The most entries of a snapshot or patch.
    static let mostRecords = 300_000

    let keys: AppStateKeyRing

    // MARK: reading

    /// Reads a snapshot that was downloaded.
    static func snapshot(_ bytes: [UInt8]) throws(WebError) -> WASyncdSnapshot {
        let snapshot: WASyncdSnapshot
        do { snapshot = try WASyncdSnapshot(serializedBytes: bytes) } catch {
            throw WebError(.malformed, "a snapshot of the app state is none")
        }
        guard snapshot.records.count <= mostRecords else { throw tooMany() }
        return snapshot
    }

    /// Reads a patch. If it has `externalMutations`, they are to be downloaded and given to `attach`.
    static func patch(_ bytes: [UInt8]) throws(WebError) -> WASyncdPatch {
        let patch: WASyncdPatch
        do { patch = try WASyncdPatch(serializedBytes: bytes) } catch {
            throw WebError(.malformed, "a patch of the app state is none")
        }
        guard patch.mutations.count <= mostRecords else { throw tooMany() }
        return patch
    }

    /// Puts the downloaded mutations into their patch.
    static func attach(_ bytes: [UInt8], to patch: inout WASyncdPatch) throws(WebError) {
        guard let mutations = try? WASyncdMutations(serializedBytes: bytes), !mutations.mutations.isEmpty else {
            throw WebError(.malformed, "the external mutations of an app state patch are none")
        }
        guard mutations.mutations.count <= mostRecords else { throw tooMany() }
        patch.mutations = mutations.mutations
    }

    /// The keys that a patch needs.
    static func keyIDs(of patch: WASyncdPatch) -> Set<[UInt8]> {
        Set(patch.mutations.map(\.record.keyID.id.byteArray) + [patch.keyID.id.byteArray])
    }

    /// The keys that a snapshot needs.
    static func keyIDs(of snapshot: WASyncdSnapshot) -> Set<[UInt8]> {
        Set(snapshot.records.map(\.keyID.id.byteArray) + [snapshot.keyID.id.byteArray])
    }

    /// The entries that a patch changes, whose value MACs `apply` must be told.
    static func indexMACs(of patch: WASyncdPatch) -> Set<[UInt8]> {
        Set(patch.mutations.map(\.record.index.blob.byteArray))
    }

    // MARK: applying

    /// Checks a snapshot: all that a collection holds at one version.
    /// - Throws: `WebError` with `appStateKeyMissing`, `appStateMismatch` or `malformed`.
    func apply(_ snapshot: WASyncdSnapshot, to collection: AppStateCollection) throws(WebError) -> AppStateChange {
        var records: [AppStateRecord] = []
        records.reserveCapacity(snapshot.records.count)
        for record in snapshot.records { records.append(try AppStateRecord(record, .set)) }
        var version = AppStateVersion(collection)
        version.number = snapshot.version.version
        for record in records { version.hash.add(record.valueMAC) }
        let mac = version.snapshotMAC(try keys.keys(snapshot.keyID.id.byteArray))
        guard ConstantTime.equal(mac, snapshot.mac.byteArray) else {
            throw WebError(
                .appStateMismatch, "the snapshot of \(collection.rawValue) does not have the hash that it says")
        }
        var change = AppStateChange(version: version, replacesAll: true)
        for record in records { try add(record, isFromSnapshot: true, to: &change) }
        return change
    }

    /// Checks a patch: the change from a version of a collection to the next.
    /// - Parameter previous: the value MAC of an entry, by its index MAC; nil if there is no such entry.
    /// - Throws: `WebError` with `appStateKeyMissing`, `appStateMismatch` or `malformed`.
    func apply(
        _ patch: WASyncdPatch, to state: AppStateVersion, previous: ([UInt8]) -> [UInt8]?
    ) throws(WebError) -> AppStateChange {
        let name = state.collection.rawValue
        var version = state
        version.number = patch.version.version
        guard version.number > state.number else {
            throw WebError(.appStateMismatch, "a patch of \(name) leads back to version \(version.number)")
        }
        let records = try Self.records(patch)
        var hasher = AppStateHasher(hash: version.hash)
        for record in records { hasher.apply(record, previous: previous) }
        version.hash = hasher.hash
        let patchKeys = try keys.keys(patch.keyID.id.byteArray)
        guard ConstantTime.equal(version.snapshotMAC(patchKeys), patch.snapshotMac.byteArray) else {
            throw WebError(
                .appStateMismatch, "after patch \(version.number), \(name) does not have the hash that it says")
        }
        let mac = version.patchMAC(
            patchKeys, snapshotMAC: patch.snapshotMac.byteArray, valueMACs: records.map(\.valueMAC))
        guard ConstantTime.equal(mac, patch.patchMac.byteArray) else {
            throw WebError(.appStateMismatch, "the MAC of patch \(version.number) of \(name) is wrong")
        }
        var change = AppStateChange(version: version)
        for record in records { try add(record, isFromSnapshot: false, to: &change) }
        return change
    }

    private static func records(_ patch: WASyncdPatch) throws(WebError) -> [AppStateRecord] {
        var records: [AppStateRecord] = []
        records.reserveCapacity(patch.mutations.count)
        for mutation in patch.mutations {
            records.append(try AppStateRecord(mutation.record, mutation.operation == .remove ? .remove : .set))
        }
        return records
    }

    private func add(
        _ record: AppStateRecord, isFromSnapshot: Bool, to change: inout AppStateChange
    ) throws(WebError) {
        let (index, value) = try record.open(try keys.keys(record.keyID))
        let isRemoved = record.operation == .remove
        if isRemoved {
            change.values[record.indexMAC] = nil
            change.removed.insert(record.indexMAC)
        } else {
            change.removed.remove(record.indexMAC)
            change.values[record.indexMAC] = record.valueMAC
        }
        change.events.append(
            AppStateEvent(index: index, value: value, isRemoved: isRemoved, isFromSnapshot: isFromSnapshot))
    }

    private static func tooMany() -> WebError {
        WebError(.tooLarge, "a part of the app state has more than \(mostRecords) entries")
    }
}
