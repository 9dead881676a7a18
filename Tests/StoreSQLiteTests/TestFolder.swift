import BotKit
import Foundation
import StoreSQLite
import TestKit

/// A folder for one test, removed with it.
final class TestFolder: Sendable {
    let url: URL
    var file: URL { url.appending(path: "martlet.sqlite") }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "martlet-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func open(_ change: (inout SQLiteDatabase.Options) -> Void = { _ in }) throws -> SQLiteDatabase {
        var options = SQLiteDatabase.Options()
        change(&options)
        return try SQLiteDatabase.open(file, options)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// A table for small writes.
func makeNotes(_ database: any Database) async throws {
    try await database.run("CREATE TABLE note (id \(type: .rowID) PRIMARY KEY, text TEXT NOT NULL CHECK (text <> ''))")
}

func addNote(_ id: Int, _ text: String = "note") -> SQL { "INSERT INTO note (id, text) VALUES (\(id), \(text))" }

func noteIDs(_ database: any Database) async throws -> [Int] {
    try await database.rows("SELECT id FROM note ORDER BY id").map { Int(try $0.int("id")) }
}
