import BotCore
import BotKit
import Foundation
import Testing

@Suite struct PseudonymsTests {
    private let chat: ChatID = "cloud:1/15550000001"
    private let member: MemberID = "cloud/15550000001"

    private func withHome(_ body: (URL) throws -> Void) throws {
        let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        try body(home)
    }

    @Test func `gives twelve digits that say nothing`() {
        let names = Pseudonyms(key: Array(repeating: 7, count: 32))
        #expect(names.of(chat).wholeMatch(of: /[0-9a-f]{12}/) != nil)
        #expect(names.of(chat) == Pseudonyms(key: Array(repeating: 7, count: 32)).of(chat))
        #expect(names.of(chat) != Pseudonyms(key: Array(repeating: 8, count: 32)).of(chat))
        #expect(names.of(chat) != names.of(ChatID(rawValue: "cloud:1/15550000002")))
    }

    @Test func `is HMAC-SHA256 of kind and id`() {
        // printf 'chat\0cloud:1/15550000001' | openssl dgst -sha256 -mac HMAC -macopt hexkey:07 × 32
        #expect(Pseudonyms(key: Array(repeating: 7, count: 32)).of(chat) == "2ac744fdcf05")
    }

    @Test func `tells a chat from a member of the same name`() {
        let names = Pseudonyms(key: Array(repeating: 7, count: 32))
        #expect(names.of(ChatID(rawValue: "same")) != names.of(MemberID(rawValue: "same")))
    }

    @Test func `makes its key once and for nobody else`() throws {
        try withHome { home in
            let first = try Pseudonyms(home: home)
            #expect(try Pseudonyms(home: home).of(member) == first.of(member))
            let attributes = try FileManager.default.attributesOfItem(atPath: home.appending(path: "log.key").path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.size] as? Int == 32)
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.path) == ["log.key"])
        }
    }

    @Test func `makes one key for all who start at once`() async throws {
        let home = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try Pseudonyms(home: home).of(chat) } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.count == 1)
    }

    @Test(arguments: [(31, 0o600), (33, 0o600), (0, 0o600), (32, 0o640), (32, 0o604)])
    func `refuses a key that is not whole or not private`(size: Int, mode: Int) throws {
        try withHome { home in
            let file = home.appending(path: "log.key").path
            #expect(
                FileManager.default.createFile(
                    atPath: file, contents: Data(count: size), attributes: [.posixPermissions: mode]))
            let error = #expect(throws: Misconfiguration.self) { try Pseudonyms(home: home) }
            #expect(error?.key == "log.key")
        }
    }

    @Test func `refuses a home that is not there`() {
        #expect(throws: Misconfiguration.self) { try Pseudonyms(home: URL(filePath: "/nonexistent/home")) }
    }
}
