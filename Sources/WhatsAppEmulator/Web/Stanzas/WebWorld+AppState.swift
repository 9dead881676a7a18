import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// App state: versioned collections of patches that the server cannot read.
extension WebWorld {
    func synchronize(_ request: Node, from device: EmulatedDevice) throws -> Node {
        guard request.tag == "sync" else { throw StanzaRefusal.badRequest("there is no sync in the request") }
        return Node("sync", try request.children("collection").map { try collection($0, device) })
    }

    private func collection(_ request: Node, _ device: EmulatedDevice) throws -> Node {
        let account = device.account
        let name = try request.requiredText("name")
        guard PhoneState.collectionNames.contains(name) else {
            throw StanzaRefusal.badRequest("there is no collection \(name)")
        }
        let collection = account.collections[name] ?? EmulatedCollection()
        let known = try request.number("version", as: UInt64.self) ?? 0
        let attributes: Node.Attributes = ["name": .text(name), "version": .number(collection.version)]
        func patches() -> [Node] {
            let newer = collection.patches.filter { $0.version > known }
            return newer.isEmpty ? [] : [Node("patches", newer.map { Node("patch", bytes: $0.bytes) })]
        }
        if let part = request.child("patch") {
            guard known == collection.version else {
                var conflict = attributes
                conflict["type"] = "error"
                let error = Node("error", ["code": "409", "text": "conflict"])
                return Node("collection", conflict, [error] + patches())
            }
            let patch = try WASyncdPatch(serializedBytes: part.requiredBytes())
            let phone = phone(of: account)
            do {
                let changed = try phone.state.apply(patch, to: name)
                log.note("phone \(account.number) applied an app state patch to \(name): \(changed.count) changes")
            } catch {
                let reason = (error as? StanzaRefusal)?.reason ?? "\(error)"
                log.note("phone \(account.number) could NOT apply an app state patch to \(name): \(reason)")
            }
            let version = append(patch, to: name, of: account, by: device)
            return Node("collection", ["name": .text(name), "version": .number(version)])
        }
        if request.flag("return_snapshot"), options.usesSnapshots, let reference = try snapshot(name, of: account) {
            return Node("collection", attributes, [Node("snapshot", bytes: reference)])
        }
        return Node("collection", attributes, patches())
    }

    /// Keeps a patch under the next version, and tells the account's other devices.
    @discardableResult
    func append(
        _ patch: WASyncdPatch, to name: String, of account: EmulatedAccount, by device: EmulatedDevice?
    ) -> UInt64 {
        var collection = account.collections[name] ?? EmulatedCollection()
        collection.version += 1
        var patch = patch
        patch.version.version = collection.version
        collection.patches.append((collection.version, [UInt8](Self.serialized(patch))))
        account.collections[name] = collection
        let changed = Node("collection", ["name": .text(name), "version": .number(collection.version)])
        for target in account.companions where target !== device {
            deliver(
                Node(
                    "notification",
                    [
                        "from": .jid(.whatsApp), "id": .text(Identifiers.stanza()), "type": "server_sync",
                        "t": .number(now),
                    ], [changed]), to: target)
        }
        return collection.version
    }

    /// Where the snapshot is, if the phone is at the server's version.
    private func snapshot(_ name: String, of account: EmulatedAccount) throws -> [UInt8]? {
        guard let version = account.collections[name]?.version, version > 0,
            let snapshot = phone(of: account).state.snapshot(name), snapshot.version.version == version
        else { return nil }
        let sealed = try SealedMedia(snapshot.serializedBytes(), info: "WhatsApp App State Keys")
        var reference = WAExternalBlobReference()
        reference.mediaKey = Data(sealed.key)
        reference.directPath = keepMedia(sealed.blob)
        reference.fileSizeBytes = UInt64(sealed.byteCount)
        reference.fileSha256 = sealed.sha256
        reference.fileEncSha256 = sealed.encryptedSHA256
        return try reference.serializedBytes()
    }
}
