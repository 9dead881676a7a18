import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// Any bytes as a part of the app state give changes or an error, and what is sealed well is always read.
///
/// The first byte says what the others are: a patch, a snapshot, the mutations of a patch that lie elsewhere, or the
/// value of an entry, which is then sealed with genuine keys, so that what is behind the MACs is reached too.
@_cdecl("LLVMFuzzerTestOneInput")
func readAppState(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let kind = input.first else { return 0 }
    let rest = Array(input.dropFirst())
    do throws(WebError) {
        switch kind % 4 {
        case 0: try fuzzed.read(try AppStateDecoder.patch(rest))
        case 1:
            let snapshot = try AppStateDecoder.snapshot(rest)
            _ = AppStateDecoder.keyIDs(of: snapshot)
            _ = try fuzzed.decoder.apply(snapshot, to: .regular)
        case 2:
            var patch = WASyncdPatch()
            try AppStateDecoder.attach(rest, to: &patch)
            try fuzzed.read(patch)
        default: try fuzzed.readSealed(rest)
        }
    } catch {
        precondition(kind % 4 != 3 || error.code == .malformed, "what was sealed well is refused: \(error)")
    }
    return 0
}

private let fuzzed = FuzzedAppState()

/// A device with one key that never changes.
private struct FuzzedAppState {
    let decoder: AppStateDecoder
    private let keys: AppStateKeys

    init() {
        guard let key = AppStateKey(id: [0, 1, 0, 0, 0, 1], data: [UInt8](repeating: 7, count: 32)) else {
            preconditionFailure("a key of 32 bytes is none")
        }
        keys = AppStateKeys(key)
        decoder = AppStateDecoder(keys: AppStateKeyRing([key]))
    }

    func read(_ patch: WASyncdPatch) throws(WebError) {
        _ = AppStateDecoder.keyIDs(of: patch)
        _ = AppStateDecoder.indexMACs(of: patch)
        _ = try decoder.apply(patch, to: AppStateVersion(.regular)) { _ in nil }
    }

    /// Puts a value under an index whose words the first bytes choose into a patch of its own.
    func readSealed(_ bytes: [UInt8]) throws(WebError) {
        guard bytes.count > 2, let value = try? WASyncActionValue(serializedBytes: Array(bytes.dropFirst(2))) else {
            return
        }
        let places = ["15550000001@s.whatsapp.net", "1@lid", "120363000000000001@g.us", "", "status@broadcast", "x"]
        let index = [
            Self.actions[Int(bytes[0]) % Self.actions.count], places[Int(bytes[1]) % places.count], "3EB0", "1", "0",
        ]
        let record = try AppStateRecord(
            index: Array(index.prefix(1 + Int(bytes[1]) / 50)), value: value, version: 2,
            bytes[0] > 200 ? .remove : .set, keys, iv: [UInt8](repeating: 1, count: 16))
        var version = AppStateVersion(.regular)
        var hasher = AppStateHasher(hash: version.hash)
        hasher.apply(record) { _ in nil }
        version.hash = hasher.hash
        version.number += 1
        var patch = WASyncdPatch()
        var mutation = WASyncdMutation()
        mutation.operation = record.operation == .set ? .set : .remove
        mutation.record = record.record
        patch.mutations = [mutation]
        patch.version.version = version.number
        let mac = version.snapshotMAC(keys)
        patch.snapshotMac = Data(mac)
        patch.patchMac = Data(version.patchMAC(keys, snapshotMAC: mac, valueMACs: [record.valueMAC]))
        patch.keyID.id = Data(keys.id)
        try read(patch)
    }

    private static let actions = [
        "contact", "lid_contact", "mute", "pin_v1", "archive", "markChatAsRead", "clearChat", "deleteChat", "star",
        "deleteMessageForMe", "setting_pushName", "setting_locale", "setting_unarchiveChats", "userStatusMute", "other",
    ]
}
