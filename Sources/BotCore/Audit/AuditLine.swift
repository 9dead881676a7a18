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
        func add(_ key: StaticString) {
            json.append(contentsOf: (json.isEmpty ? #"{""# : #",""#).utf8)
            key.withUTF8Buffer { json.append(contentsOf: $0) }
            json.append(contentsOf: #"":"#.utf8)
        }
        func add(_ key: StaticString, _ value: String) {
            add(key)
            Self.quote(value, into: &json)
        }
        add("action", action)
        add("actor", actor)
        add("chat", chat)
        add("details")
        json.append(contentsOf: details.utf8)
        add("outcome", outcome)
        add("previous", previous)
        add("reference", reference)
        add("sequence")
        json.append(contentsOf: String(sequence).utf8)
        add("subject", subject)
        add("time")
        json.append(contentsOf: String(time.milliseconds).utf8)
        json.append(UInt8(ascii: "}"))
        return json
    }

    /// SHA-256 of the canonical JSON, 64 hexadecimal digits.
    var hash: String { Self.hash(of: bytes) }

    /// SHA-256, 64 hexadecimal digits.
    static func hash(of bytes: some DataProtocol) -> String { Hexadecimal.text(SHA256.hash(data: bytes)) }

    /// Details as canonical JSON, cut to what is worth keeping.
    static func details(_ details: [String: String]) -> String {
        var json: [UInt8] = []
        for (key, value) in details.sorted(by: { $0.key < $1.key }).prefix(mostDetails) {
            json.append(UInt8(ascii: json.isEmpty ? "{" : ","))
            quote(key, into: &json)
            json.append(UInt8(ascii: ":"))
            quote(value, into: &json)
        }
        return json.isEmpty ? "{}" : String(decoding: json, as: UTF8.self) + "}"
    }

    /// Adds a JSON string of ASCII alone. Nothing in it can end a line or turn the direction of a text.
    private static func quote(_ text: String, into json: inout [UInt8]) {
        func isPlain(_ unit: UInt16) -> Bool { (0x20..<0x7F).contains(unit) && unit != 0x22 && unit != 0x5C }
        json.append(UInt8(ascii: "\""))
        if text.utf8.count <= longestDetail, text.utf8.allSatisfy({ isPlain(UInt16($0)) }) {
            json.append(contentsOf: text.utf8)
        } else {
            for unit in text.utf16.prefix(longestDetail) {
                if isPlain(unit) {
                    json.append(UInt8(unit))
                } else if unit == 0x22 || unit == 0x5C {
                    json += [UInt8(ascii: "\\"), UInt8(unit)]
                } else {
                    let digits = String(unit, radix: 16)
                    json.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
                }
            }
        }
        json.append(UInt8(ascii: "\""))
    }
}
