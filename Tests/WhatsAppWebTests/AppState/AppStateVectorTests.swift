import Foundation
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct AppStateVectorTests {
    struct Vector: Decodable {
        struct Patch: Decodable {
            let patch: Hex
            let version: UInt64
            let lt_hash_after: Hex
        }
        let key_id: Hex
        let key_data: Hex
        let expanded: Hex
        let collection: String
        let patches: [Patch]
        let snapshot: Hex
    }

    let vector: Vector
    let key: AppStateKey
    let collection: AppStateCollection

    init() throws {
        vector = try Vectors.load("app_state")
        key = try #require(AppStateKey(id: vector.key_id.bytes, data: vector.key_data.bytes))
        collection = try #require(AppStateCollection(rawValue: vector.collection))
    }

    @Test func `keys are expanded as by others`() {
        #expect(AppStateKeys.expand(key) == vector.expanded.bytes)
    }

    @Test func `patches and snapshot of others are checked and read`() throws {
        let decoder = AppStateDecoder(keys: AppStateKeyRing([key]))
        var state = AppStateVersion(collection)
        var values: [[UInt8]: [UInt8]] = [:]
        var names: [AppStateEvent.Change] = []
        for step in vector.patches {
            var patch = try AppStateDecoder.patch(step.patch.bytes)
            patch.version.version = step.version
            let change = try decoder.apply(patch, to: state) { values[$0] }
            state = change.version
            values.merge(change.values) { $1 }
            names += change.events.map(\.change)
            #expect(state.hash.bytes == step.lt_hash_after.bytes)
        }
        guard case .pushName? = names.first else {
            Issue.record("no push name")
            return
        }
        let snapshot = try decoder.apply(AppStateDecoder.snapshot(vector.snapshot.bytes), to: collection)
        #expect(snapshot.version == state)
        #expect(snapshot.values == values)
        #expect(snapshot.replacesAll)
        #expect(snapshot.events.allSatisfy { $0.isFromSnapshot })
    }

    @Test func `no byte of a patch can be changed, and none is missing`() throws {
        let decoder = AppStateDecoder(keys: AppStateKeyRing([key]))
        let bytes = vector.patches[0].patch.bytes
        let right = try apply(decoder, bytes)
        for index in bytes.indices {
            for bit in [UInt8(1), 0x10, 0x80] {
                var bad = bytes
                bad[index] ^= bit
                // A byte that names no field that is known changes nothing; whatever is accepted must be the same.
                if let change = try? apply(decoder, bad) {
                    #expect(change.values == right.values)
                    #expect(change.version == right.version)
                }
            }
            #expect(throws: WebError.self) { try apply(decoder, Array(bytes[..<index])) }
        }
    }

    @Test func `no byte of a snapshot can be changed`() throws {
        let decoder = AppStateDecoder(keys: AppStateKeyRing([key]))
        let right = try decoder.apply(AppStateDecoder.snapshot(vector.snapshot.bytes), to: collection)
        for index in vector.snapshot.bytes.indices {
            var bad = vector.snapshot.bytes
            bad[index] ^= 4
            if let change = try? decoder.apply(AppStateDecoder.snapshot(bad), to: collection) {
                #expect(change.values == right.values)
            }
        }
    }

    private func apply(_ decoder: AppStateDecoder, _ bytes: [UInt8]) throws -> AppStateChange {
        var patch = try AppStateDecoder.patch(bytes)
        patch.version.version = 1
        return try decoder.apply(patch, to: AppStateVersion(collection)) { _ in nil }
    }

    @Test func `a missing key is named`() throws {
        var patch = try AppStateDecoder.patch(vector.patches[0].patch.bytes)
        patch.version.version = 1
        #expect(AppStateDecoder.keyIDs(of: patch) == [vector.key_id.bytes])
        let error = #expect(throws: WebError.self) {
            try AppStateDecoder(keys: AppStateKeyRing()).apply(patch, to: AppStateVersion(collection)) { _ in nil }
        }
        #expect(error?.code == .appStateKeyMissing)
        #expect(error?.message.contains("000000000001") == true)
    }

    @Test func `a patch of another collection does not fit`() throws {
        var patch = try AppStateDecoder.patch(vector.patches[0].patch.bytes)
        patch.version.version = 1
        let error = #expect(throws: WebError.self) {
            try AppStateDecoder(keys: AppStateKeyRing([key])).apply(patch, to: AppStateVersion(.regular)) { _ in nil }
        }
        #expect(error?.code == .appStateMismatch)
    }

    @Test func `a patch cannot be played again`() throws {
        let decoder = AppStateDecoder(keys: AppStateKeyRing([key]))
        var patch = try AppStateDecoder.patch(vector.patches[0].patch.bytes)
        patch.version.version = 1
        let change = try decoder.apply(patch, to: AppStateVersion(collection)) { _ in nil }
        let error = #expect(throws: WebError.self) {
            try decoder.apply(patch, to: change.version) { change.values[$0] }
        }
        #expect(error?.code == .appStateMismatch)
    }
}
