import Foundation
import TestKit
import Testing

/// A bot with an owner and an admin, to whom several people write; its clock moves by hand.
struct ChatScene {
    private struct Line: Decodable {
        var text: String?
    }

    let process: MartletProcess
    private var next = 0

    init(_ environment: [String: String], owner: String, admin: String, home: TemporaryFolder) throws {
        process = try MartletProcess(
            ["chat", "--json", "--manual-clock"], home: home,
            environment: environment.merging(["OWNER_PHONE_NUMBERS": owner, "ADMIN_PHONE_NUMBERS": admin]) { $1 })
    }

    /// What is said until nothing is left to do.
    mutating func says(_ person: String, _ text: String, group: String? = nil) async throws -> [String] {
        var event: [String: Any] = ["from": person, "text": text]
        if let group { event.merge(["chat": group, "group": true]) { $1 } }
        try process.send(String(decoding: try JSONSerialization.data(withJSONObject: event), as: UTF8.self))
        return try await untilIdle()
    }

    mutating func pass(_ seconds: Int) async throws -> [String] {
        try process.send(#"{"advance":\#(seconds)}"#)
        return try await untilIdle()
    }

    private mutating func untilIdle() async throws -> [String] {
        let idle = try await process.line(from: next) { $0 == #"{"idle":true}"# }
        let lines = try process.lines[next..<idle].map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        next = idle + 1
        return lines.compactMap(\.text)
    }

    func end() async throws {
        process.closeInput()
        #expect(try await process.exitStatus() == 0, "\(process.errors)")
    }

    /// The token in the answer to `!admin-login`.
    static func token(in said: [String]) throws -> String {
        let match = try #require(said.first?.firstMatch(of: /--session ([0-9a-f-]{36})/))
        return String(match.1)
    }
}
