import Foundation
import Logging
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension WebClient {
    /// The lane in which collections of the app state are changed, one after the other.
    private static let appStateLane = "app state"
    /// The most answers that bring one collection up to date.
    private static let mostRounds = 256
    /// The most bytes of a snapshot or of a long patch.
    private static let largestBlob = 64 << 20

    /// Keeps the keys of the app state that the phone has sent, and then fetches what they open.
    func takeAppStateKeys(_ share: WAAppStateSyncKeyShare, _ result: inout IntakeResult) {
        var isNew = false
        for key in share.keys.prefix(256) {
            guard let known = AppStateKey(key), let bytes: [UInt8] = try? key.serializedBytes() else { continue }
            result.changes.append(.put(known.storeKey, bytes))
            isNew = true
        }
        guard isNew else { return }
        result.chores.append { try await $0.syncAppState(AppStateCollection.allCases) }
    }

    /// Brings collections up to date; does nothing before the phone has sent a key.
    func syncAppState(_ collections: [AppStateCollection]) async throws -> ConnectionVerdict? {
        guard try await !store.list(.appStateKey, after: nil, limit: 1).isEmpty else { return nil }
        try await withLanes([Self.appStateLane]) {
            for collection in collections {
                do { try await bringUpToDate(collection) } catch let error as WebError {
                    guard error.code != .disconnected else { throw error }
                    // The others may be sound.
                    logger.warning(
                        "A part of the app state cannot be read",
                        metadata: ["collection": "\(collection.rawValue)", "error": "\(error)"])
                }
            }
        }
        return nil
    }

    /// Changes the account's own state and tells the other devices.
    /// - Throws: `WebError`: `appStateKeyMissing` when the phone has not sent its keys yet, `refused` when others
    ///   changed it too often meanwhile, `disconnected`, `invalid`.
    public func change(_ actions: [AppStateAction]) async throws {
        try await withLanes([Self.appStateLane]) {
            for collection in AppStateCollection.allCases {
                let part = actions.filter { $0.collection == collection }
                if !part.isEmpty { try await upload(part, to: collection) }
            }
        }
        for case .pushName(let name) in actions { try await takePushName(name) }
    }

    // MARK: - Fetching

    private func bringUpToDate(_ collection: AppStateCollection) async throws {
        var hasStartedAnew = false
        for _ in 0..<Self.mostRounds {
            let state = try await appStateVersion(of: collection)
            let answer = try await request(AppStateRequest.fetch(collection, after: state.number))
            do {
                guard try await take(answer, of: state) else { return }
            } catch let error as WebError where error.code == .appStateMismatch && !hasStartedAnew {
                logger.warning("A part of the app state is fetched anew", metadata: ["error": "\(error)"])
                hasStartedAnew = true
                try await forget(collection)
            } catch let error as WebError where error.code == .appStateKeyMissing {
                // The phone answers with the key, and then all is fetched once more.
                return logger.info("A key of the app state is asked for")
            }
        }
        throw WebError(.tooLarge, "a part of the app state has more patches than can be")
    }

    /// Takes one answer of the server.
    /// - Returns: whether there is more.
    private func take(_ answer: Node, of state: AppStateVersion) async throws -> Bool {
        var state = state
        let node = try answer.requiredChild("sync").requiredChild("collection")
        if node.text("type") == "error", node.child("patches") == nil {
            let status = node.child("error")?.text("code").flatMap { Int($0) }
            throw WebError(.refused, status: status, "the server does not give \(state.collection.rawValue)")
        }
        if let blob = node.child("snapshot")?.bytes {
            let snapshot = try AppStateDecoder.snapshot(
                try await appStateBlob(WAExternalBlobReference(serializedBytes: blob)))
            let decoder = AppStateDecoder(keys: try await appStateKeys(AppStateDecoder.keyIDs(of: snapshot)))
            let change = try decoder.apply(snapshot, to: state.collection)
            try await keep(change)
            state = change.version
        }
        for bytes in (node.child("patches")?.children("patch") ?? []).compactMap(\.bytes) {
            var patch = try AppStateDecoder.patch(bytes)
            // It may stand in the answer beside a snapshot that has it already.
            guard patch.version.version > state.number else { continue }
            if patch.hasExternalMutations {
                try AppStateDecoder.attach(try await appStateBlob(patch.externalMutations), to: &patch)
            }
            let decoder = AppStateDecoder(keys: try await appStateKeys(AppStateDecoder.keyIDs(of: patch)))
            let known = try await appStateValues(AppStateDecoder.indexMACs(of: patch), of: state.collection)
            let change = try decoder.apply(patch, to: state) { known[$0] }
            try await keep(change)
            state = change.version
        }
        return node.text("has_more_patches") == "true"
    }

    private func appStateBlob(_ blob: WAExternalBlobReference) async throws -> [UInt8] {
        guard let media = MediaReference(blob) else {
            throw WebError(.malformed, "a part of the app state names no file")
        }
        return try await mediaTransfer().download(media, limit: Self.largestBlob)
    }

    // MARK: - Sending

    private func upload(_ actions: [AppStateAction], to collection: AppStateCollection) async throws {
        for _ in 0..<4 {
            let state = try await appStateVersion(of: collection)
            let key = try await newestAppStateKey()
            let known = try await appStateValues(AppStatePatch.indexMACs(of: actions, key: key), of: collection)
            let patch = try AppStatePatch(
                actions, at: serverNow, to: state, key: key, previous: { known[$0] },
                random: { count in (0..<count).map { _ in .random(in: 0...255) } })
            let answer = try await request(AppStateRequest.upload(patch.bytes, to: collection, after: state.number))
            let node = try answer.requiredChild("sync").requiredChild("collection")
            guard node.text("type") == "error" else { return try await keep(patch.change) }
            let status = node.child("error")?.text("code").flatMap { Int($0) }
            guard status == 409 else {
                throw WebError(.refused, status: status, "the server refused a change of the app state")
            }
            // Another device was faster.
            try await bringUpToDate(collection)
        }
        throw WebError(.refused, status: 409, "others change the app state all the time; try again")
    }
}
