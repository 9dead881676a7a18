import Foundation
import TestKit
import Testing

/// Several people who write to a real bot in the terminal's JSON, by a clock that the test moves.
struct ConsoleScene {
    struct Option: Decodable { var id: String; var title: String }
    struct Line: Decodable {
        var chat: String?
        var kind: String?
        var text: String?
        var media: String?
        var menu: [Option]?
        var idle: Bool?
    }

    let process: MartletProcess
    private var next = 0

    init(_ environment: [String: String], home: TemporaryFolder) throws {
        process = try MartletProcess(
            ["chat", "--json", "--manual-clock"], home: home,
            // Nobody is held back: the clock stands still while they write.
            environment: [
                "RATE_LIMIT_PER_USER": "10000", "RATE_LIMIT_GLOBAL": "10000", "FLOOD_LIMIT": "1000",
                "SEND_LIMIT_PER_CHAT": "10000",
            ].merging(environment) { $1 })
    }

    /// What is said until nothing is left to do.
    /// - Parameter group: where it is said; `nil` is the person's direct chat.
    mutating func says(_ person: String, _ text: String, in group: String? = nil) async throws -> [Line] {
        try send(person, text, in: group)
        return try await untilIdle()
    }

    func send(_ person: String, _ text: String, in group: String? = nil) throws {
        var line: [String: Any] = ["from": person, "text": text]
        if let group {
            line["chat"] = group
            line["group"] = true
        }
        try process.send(String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self))
    }

    mutating func pass(_ seconds: Int) async throws -> [Line] {
        try process.send(#"{"advance":\#(seconds)}"#)
        return try await untilIdle()
    }

    mutating func untilIdle() async throws -> [Line] {
        let idle = try await process.line(from: next) { $0 == #"{"idle":true}"# }
        let lines = try process.lines[next..<idle].map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        next = idle + 1
        return lines
    }

    func end() async throws {
        process.closeInput()
        #expect(try await process.exitStatus() == 0, "\(process.errors)")
    }
}

extension TemporaryFolder {
    /// In which of the bot's files a word stands, as bytes.
    func files(holding word: String) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: data.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { name in
            var isFolder: ObjCBool = false
            let path = data.appending(path: name).path
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
                name.hasPrefix("martlet.sqlite") || name.hasPrefix("media") || name.hasPrefix("exports"),
                !name.hasSuffix(".lock")
            else { return false }
            return try Data(contentsOf: URL(filePath: path), options: .uncached).range(of: Data(word.utf8)) != nil
        }
    }
}
