import Foundation
import TestKit
import Testing

/// People who talk with a real bot, one after the other, some of them up to no good.
struct AttackScene {
    static let owner = "15550000001"
    static let admin = "15550000002"
    static let `operator` = "15550000003"
    /// Somebody who was let in.
    static let member = "15550000004"
    /// Somebody whom nobody knows.
    static let stranger = "15550000005"
    static let group = "120363000000000001"

    private struct Line: Decodable {
        var id: String?
        var text: String?
    }

    let process: MartletProcess
    let home: TemporaryFolder
    private var next = 0

    init(_ environment: [String: String], home: TemporaryFolder) throws {
        self.home = home
        process = try MartletProcess(
            ["chat", "--json", "--manual-clock"], home: home,
            environment: [
                "OWNER_PHONE_NUMBERS": Self.owner, "ADMIN_PHONE_NUMBERS": Self.admin,
                "OPERATOR_PHONE_NUMBERS": Self.operator, "ACCESS_POLICY": "allowlist", "WHITELISTED_ENABLED": "true",
                "WHITELISTED_PHONE_NUMBERS": Self.member, "LOG_FORMAT": "json",
            ].merging(environment) { $1 })
    }

    /// What is said until nothing is left to do, in lines of their own.
    /// - Parameters:
    ///   - chat: another direct chat than the person's own.
    ///   - quoted: the id of a message.
    ///   - file: what is sent, with the text below it.
    mutating func says(
        _ person: String, _ text: String, in group: String? = nil, chat: String? = nil, quoting quoted: String? = nil,
        with file: URL? = nil
    ) async throws -> String {
        var event: [String: Any] = ["from": person, "text": text]
        if let quoted { event["quote"] = quoted }
        if let file { event["media"] = file.path }
        if let group { event.merge(["chat": group, "group": true]) { $1 } }
        if let chat { event.merge(["chat": chat, "group": false]) { $1 } }
        try process.send(String(decoding: try JSONSerialization.data(withJSONObject: event), as: UTF8.self))
        return try await untilIdle()
    }

    mutating func pass(_ seconds: Int) async throws -> String {
        try process.send(#"{"advance":\#(seconds)}"#)
        return try await untilIdle()
    }

    /// The token of a new session.
    mutating func login(_ person: String) async throws -> String {
        let said = try await says(person, "!admin-login")
        return String(try #require(said.firstMatch(of: /--session ([0-9a-f-]{36})/)).1)
    }

    /// The id of the newest message of the bot that holds a word.
    func id(ofWhatSays word: String) throws -> String {
        let line = try #require(process.lines.last { $0.contains(word) })
        return try #require(try JSONDecoder().decode(Line.self, from: Data(line.utf8)).id)
    }

    private mutating func untilIdle() async throws -> String {
        let idle = try await process.line(from: next) { $0 == #"{"idle":true}"# }
        let lines = try process.lines[next..<idle].map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        next = idle + 1
        return lines.compactMap(\.text).joined(separator: "\n")
    }

    /// Ends the bot, which has met no fault of its own and has written nothing but whole lines to its log.
    func end() async throws {
        process.closeInput()
        #expect(try await process.exitStatus() == 0, "\(process.errors)")
        for line in process.errors.split(separator: "\n") {
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(entry?["message"] != nil, "\(line)")
        }
        #expect(!process.errors.contains("a turn failed"))
    }
}

/// The audit of a data folder, as its export has it.
struct ExportedAudit {
    struct Entry: Decodable {
        var action: String
        var outcome: String
        var actor: String
        var details: [String: String]
        var reference: String
    }

    private struct Line: Decodable {
        var entry: Entry
    }

    let entries: [Entry]
    /// The whole file.
    let text: String

    /// Exports it with the program, which verifies the chain and the file.
    init(_ home: TemporaryFolder, environment: [String: String] = [:]) async throws {
        let verified = try await finish(["audit", "verify"], home: home, environment: environment)
        #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
        let file = home.url.appending(path: "audit-\(UUID().uuidString).jsonl")
        let exported = try await finish(["audit", "export", file.path], home: home, environment: environment)
        #expect(exported.status == 0, "\(exported.errors)")
        let checked = try await finish(["audit", "verify", "--file", file.path], home: home, environment: environment)
        #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
        text = try String(contentsOf: file, encoding: .utf8)
        // The last line is the seal.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let all = try lines.dropLast().map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).entry }
        // The last entry is that of the export.
        #expect(all.last?.action == "AUDIT_READ" && all.last?.actor == "terminal")
        entries = all.dropLast()
    }

    /// How often something was refused.
    /// - Parameter reason: the word for it; `nil` counts all.
    func denials(_ action: String, _ reason: String? = nil) -> Int {
        entries.count {
            $0.action == action && $0.outcome == "denied" && (reason == nil || $0.details["reason"] == reason)
        }
    }

    /// How often something was done.
    func acts(_ action: String) -> Int { entries.count { $0.action == action && $0.outcome == "done" } }
}
