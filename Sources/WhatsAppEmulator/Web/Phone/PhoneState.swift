import Crypto
import CryptoExtras
import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto

/// App state as a device with the keys has it: it makes, checks and applies patches.
struct PhoneState {
    static let collectionNames = ["critical_block", "critical_unblock_low", "regular_high", "regular", "regular_low"]

    /// 2 bytes of the device and 4 of the epoch.
    let keyID: [UInt8] = [0, 0, 0, 0, 0, 1]
    let keyData = SecretBytes.random(count: 32).exposed()
    private(set) var collections: [String: Collection] = [:]

    /// One collection.
    struct Collection {
        var version: UInt64 = 0
        var words = [UInt16](repeating: 0, count: 64)
        /// Value MACs by index MAC.
        var values: [Data: Data] = [:]
        var records: [Data: WASyncdRecord] = [:]
        /// Actions by their index, a JSON text.
        var actions: [String: WASyncActionValue] = [:]

        /// Adds or takes away a value MAC.
        fileprivate mutating func mix(_ mac: Data, adding: Bool) {
            let term = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: mac), info: Data("WhatsApp Patch Integrity".utf8),
                outputByteCount: 128
            ).withUnsafeBytes { Array($0) }
            for index in words.indices {
                let word = UInt16(term[2 * index]) | UInt16(term[2 * index + 1]) << 8
                words[index] = adding ? words[index] &+ word : words[index] &- word
            }
        }

        fileprivate var hash: Data {
            Data(words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
        }
    }

    private enum Part: Int { case index, cipher, value, snapshot, patch }

    private func key(_ part: Part) -> SymmetricKey {
        let all = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: keyData), info: Data("WhatsApp Mutation Keys".utf8),
            outputByteCount: 160
        ).withUnsafeBytes { Array($0) }
        return SymmetricKey(data: all[(32 * part.rawValue)..<(32 * part.rawValue + 32)])
    }

    private static func bigEndian(_ number: UInt64) -> Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    private func hmac(_ part: Part, _ pieces: Data...) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: pieces.reduce(Data(), +), using: key(part)))
    }

    private func valueMAC(_ operation: WASyncdMutation.Operation, _ blob: Data) -> Data {
        let text = Data([UInt8(operation.rawValue + 1)]) + keyID + blob + Self.bigEndian(UInt64(keyID.count + 1))
        return Data(HMAC<SHA512>.authenticationCode(for: text, using: key(.value)).prefix(32))
    }

    private func snapshotMAC(_ collection: Collection, _ name: String) -> Data {
        hmac(.snapshot, collection.hash, Self.bigEndian(collection.version), Data(name.utf8))
    }

    private func patchMAC(_ snapshot: Data, _ values: [Data], _ version: UInt64, _ name: String) -> Data {
        hmac(.patch, snapshot, values.reduce(Data(), +), Self.bigEndian(version), Data(name.utf8))
    }

    // MARK: - Making

    /// A patch that sets one action, which is applied here too.
    mutating func patch(
        _ name: String, index: [String], version: Int32, at time: Int, _ change: (inout WASyncActionValue) -> Void
    ) throws -> WASyncdPatch {
        var value = WASyncActionValue()
        value.timestamp = Int64(time) * 1000
        change(&value)
        let text = EmulatorJSON.array(index.map(EmulatorJSON.string)).description
        var action = WASyncActionData()
        action.index = Data(text.utf8)
        action.value = value
        action.padding = Data()
        action.version = version
        let vector = SecretBytes.random(count: 16).exposed()
        let sealed = try AES._CBC.encrypt(
            try action.serializedData(), using: key(.cipher), iv: AES._CBC.IV(ivBytes: vector))
        let blob = Data(vector) + sealed
        let mac = valueMAC(.set, blob)
        let place = hmac(.index, Data(text.utf8))
        var mutation = WASyncdMutation()
        mutation.operation = .set
        mutation.record.index.blob = place
        mutation.record.value.blob = blob + mac
        mutation.record.keyID.id = Data(keyID)
        var collection = collections[name] ?? Collection()
        if let old = collection.values.updateValue(mac, forKey: place) { collection.mix(old, adding: false) }
        collection.mix(mac, adding: true)
        collection.records[place] = mutation.record
        collection.actions[text] = value
        collection.version += 1
        collections[name] = collection
        var patch = WASyncdPatch()
        patch.mutations = [mutation]
        patch.snapshotMac = snapshotMAC(collection, name)
        patch.patchMac = patchMAC(patch.snapshotMac, [mac], collection.version, name)
        patch.keyID.id = Data(keyID)
        return patch
    }

    /// All of a collection; nil while it is empty.
    func snapshot(_ name: String) -> WASyncdSnapshot? {
        guard let collection = collections[name] else { return nil }
        var snapshot = WASyncdSnapshot()
        snapshot.version.version = collection.version
        snapshot.records = Array(collection.records.values)
        snapshot.mac = snapshotMAC(collection, name)
        snapshot.keyID.id = Data(keyID)
        return snapshot
    }

    // MARK: - Applying

    /// Checks and applies a patch of a companion.
    /// - Returns: the indexes that were changed, those removed with a minus before them.
    mutating func apply(_ patch: WASyncdPatch, to name: String) throws -> [String] {
        guard [UInt8](patch.keyID.id) == keyID else { throw StanzaRefusal.badRequest("the key is unknown") }
        var collection = collections[name] ?? Collection()
        var changed: [String] = []
        var macs: [Data] = []
        for mutation in patch.mutations {
            let blob = mutation.record.value.blob
            guard blob.count > 48, [UInt8](mutation.record.keyID.id) == keyID else {
                throw StanzaRefusal.badRequest("a mutation is too short or of an unknown key")
            }
            let (content, mac) = (Data(blob.dropLast(32)), Data(blob.suffix(32)))
            guard valueMAC(mutation.operation, content) == mac else {
                throw StanzaRefusal.badRequest("a value MAC is wrong")
            }
            let plain = try AES._CBC.decrypt(
                content.dropFirst(16), using: key(.cipher), iv: AES._CBC.IV(ivBytes: Array(content.prefix(16))))
            let action = try WASyncActionData(serializedBytes: plain)
            let place = mutation.record.index.blob
            guard hmac(.index, action.index) == place else { throw StanzaRefusal.badRequest("an index MAC is wrong") }
            let index = String(decoding: action.index, as: UTF8.self)
            if let old = collection.values.removeValue(forKey: place) { collection.mix(old, adding: false) }
            if mutation.operation == .set {
                collection.values[place] = mac
                collection.mix(mac, adding: true)
                collection.records[place] = mutation.record
                collection.actions[index] = action.value
                changed.append(index)
            } else {
                collection.records[place] = nil
                collection.actions[index] = nil
                changed.append("-" + index)
            }
            macs.append(mac)
        }
        collection.version += 1
        guard snapshotMAC(collection, name) == patch.snapshotMac else {
            throw StanzaRefusal.badRequest("the snapshot MAC is wrong")
        }
        guard patchMAC(patch.snapshotMac, macs, collection.version, name) == patch.patchMac else {
            throw StanzaRefusal.badRequest("the patch MAC is wrong")
        }
        collections[name] = collection
        return changed
    }
}
