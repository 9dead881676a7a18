import BotKit
import Foundation
import StoreSQLite
import Testing

@Suite(.timeLimit(.minutes(1))) struct CompactionTests {
    @Test func `what was deleted is in no byte of the files, while others write`() async throws {
        let folder = try TestFolder()
        let database = try folder.open()
        try await database.run(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, member TEXT, text TEXT, UNIQUE (member, text))")
        for start in stride(from: 0, to: 6_000, by: 100) {
            try await database.transaction(
                (start..<start + 100).map { id in
                    let member = id % 3 == 0 ? "MARKER" : "other\(id % 40)"
                    let text = "\(member) \(id) " + String(repeating: "x", count: id % 19 == 0 ? 2_500 : id % 180)
                    return "INSERT INTO note (id, member, text) VALUES (\(id * 7_919 % 6_007), \(member), \(text))"
                })
            try await database.run(
                "UPDATE note SET text = text || 'yyyyyyyyyyyyyyyyyyyy' WHERE id % 50 = \(start / 100)")
        }
        while try await database.run(
            "DELETE FROM note WHERE id IN (SELECT id FROM note WHERE member = 'MARKER' LIMIT 500)") > 0
        {}
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await database.compact() }
            group.addTask {
                for id in 10_000..<10_200 {
                    try await database.run(
                        "INSERT INTO note (id, member, text) VALUES (\(id), 'late', \("note \(id)"))")
                }
            }
            try await group.waitForAll()
        }
        for suffix in ["", "-wal"] {
            let bytes = try Data(contentsOf: URL(filePath: database.file.path + suffix))
            #expect(bytes.range(of: Data("MARKER".utf8)) == nil, "\(suffix)")
        }
        #expect(try await database.rows("SELECT COUNT(*) AS n FROM note")[0].int("n") == 4_200)
        #expect(try await database.integrityProblems() == [])
        try await database.close()
    }
}
