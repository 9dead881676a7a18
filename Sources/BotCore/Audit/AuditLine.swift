import BotKit
import Crypto
import Foundation

/// An entry of the audit as it is stored, hashed and exported: one line of canonical JSON.
///
/// The keys stand in the order of the alphabet, there is no white space, and everything outside ASCII is escaped, so
/// that equal entries have equal bytes. People are keyed hashes. The hash of a line covers the hash of the one before.
struct AuditLine: Sendable, Hashable {
    /// The hash before the first line.
    static let genesis = String(repeating: "0", count: 64)
    /// The most that is kept of a detail, in UTF-8 bytes, and of their number.
    private static let longestDetail = 200
    private static let mostDetails = 16

    let sequence: Int64
    let previous: String
    let time: Date
    let actor: String
    let action: String
    let outcome: String
    let subject: String
    let chat: String
    /// What ties it to a reply and the log.
    let reference: String
    /// Canonical JSON.
    let details: String

    /// The canonical JSON.
    var bytes: [UInt8] {
        var json: [UInt8] = []
        json.reserveCapacity(384 + details.utf8.count)
        func add(_ key: StaticString, _ value: String) {
            json.append(contentsOf: (json.isEmpty ? #"{""# : #",""#).utf8)
            key.withUTF8Buffer { json.append(contentsOf: $0) }
            json.append(contentsOf: #"":"#.utf8)
            json.append(contentsOf: value.utf8)
        }
        add("action", Self.quoted(action))
        add("actor", Self.quoted(actor))
        add("chat", Self.quoted(chat))
        add("details", details)
        add("outcome", Self.quoted(outcome))
        add("previous", Self.quoted(previous))
        add("reference", Self.quoted(reference))
        add("sequence", String(sequence))
        add("subject", Self.quoted(subject))
        add("time", String(time.milliseconds))
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// SHA-256 of the canonical JSON, 64 hexadecimal digits.
    var hash: String { Self.hash(of: bytes) }

    /// SHA-256, 64 hexadecimal digits.
    static func hash(of bytes: some DataProtocol) -> String { Hexadecimal.text(SHA256.hash(data: bytes)) }

    /// Details as canonical JSON, cut to what is worth keeping.
    static func details(_ details: [String: String]) -> String {
        let kept = details.sorted { $0.key < $1.key }.prefix(mostDetails)
        return "{" + kept.map { "\(quoted($0.key)):\(quoted($0.value))" }.joined(separator: ",") + "}"
    }

    /// A JSON string of ASCII alone. Nothing in it can end a line or turn the direction of a text.
    private static func quoted(_ text: String) -> String {
        var json = "\""
        for unit in text.utf16.prefix(longestDetail) {
            switch unit {
            case 0x22, 0x5C: json += "\\\(Character(Unicode.Scalar(UInt8(unit))))"
            case 0x20..<0x7F: json.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return json + "\""
    }
}
