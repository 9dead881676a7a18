import Crypto
import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// Sees whether a client encrypts two different messages with one message key, which must never happen.
struct CounterWatch {
    private static let most = 2_000_000
    /// What was encrypted, by what it was encrypted with; both shortened hashes.
    private var used: [UInt64: UInt64] = [:]
    /// How many ciphertexts were looked at.
    private(set) var count = 0
    /// How many were made with a key that had been used for another text.
    private(set) var reuses = 0

    /// Looks at one `<enc>`.
    /// - Parameters:
    ///   - sender: one name for each device, however it is addressed.
    ///   - target: likewise.
    /// - Returns: false if its key was used for something else.
    mutating func see(_ part: Node, from sender: String, to target: String) -> Bool {
        guard let bytes = part.bytes, let kind = part.text("type") else { return true }
        count += 1
        guard let (place, ciphertext) = Self.read(bytes, kind) else { return true }
        let key = Self.shortHash(Data("\(sender) \(kind == "skmsg" ? "group" : target) ".utf8) + place)
        let text = Self.shortHash(ciphertext)
        if used.count >= Self.most { used.removeAll(keepingCapacity: true) }
        guard let before = used.updateValue(text, forKey: key), before != text else { return true }
        reuses += 1
        return false
    }

    /// Ratchet key or key id with the counter, and the ciphertext.
    private static func read(_ bytes: [UInt8], _ kind: String) -> (place: Data, ciphertext: Data)? {
        let body = bytes.dropFirst()
        switch kind {
        case "pkmsg":
            guard let message = try? WAPreKeySignalMessage(serializedBytes: Array(body)) else { return nil }
            return read([UInt8](message.message), "msg")
        case "msg":
            guard let message = try? WASignalMessage(serializedBytes: Array(body.dropLast(8))) else { return nil }
            return (message.ratchetKey + Data("\(message.counter)".utf8), message.ciphertext)
        default:
            guard let message = try? WASenderKeyMessage(serializedBytes: Array(body.dropLast(64))) else { return nil }
            return (Data("\(message.id) \(message.iteration)".utf8), message.ciphertext)
        }
    }

    private static func shortHash(_ data: Data) -> UInt64 {
        SHA256.hash(data: data).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
}

extension WebWorld {
    /// Looks at every ciphertext of a message.
    func watch(_ node: Node, id: String, from sender: EmulatedDevice) {
        let name = sender.phoneNumber.description
        var parts = (node.child("participants")?.children("to") ?? []).compactMap { copy in
            copy.child("enc").map { ($0, signalName(of: copy, "jid") ?? "") }
        }
        let single = signalName(of: node, "participant") ?? signalName(of: node, "to") ?? ""
        parts += node.children("enc").map { ($0, single) }
        for (part, target) in parts where !counters.see(part, from: name, to: target) {
            log.note("KEY REUSED by \(name) in message \(id) to \(target)")
        }
    }

    /// Whose ratchet is meant: a device has one session, whether it is addressed by its number or by its LID.
    private func signalName(of node: Node, _ attribute: String) -> String? {
        guard let text = node.text(attribute) else { return nil }
        guard let jid = try? node.jid(attribute), let account = resolve(jid) else { return text }
        return account.lid.with(device: jid.device).description
    }
}
