import BotKit
import Foundation
import StoreSQLite
import Testing

@Suite struct MaintenanceTests {
    let folder: TestFolder
    let database: SQLiteDatabase

    init() async throws {
        folder = try TestFolder()
        database = try folder.open()
        try await makeNotes(database)
    }

    @Test func `backs up while others write, and the copy opens whole`() async throws {
        for id in 1...500 { try await database.run(addNote(id)) }
        let copy = folder.url.appending(path: "copy.sqlite")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [database] in
                for id in 501...800 { try await database.transaction([addNote(id * 2), addNote(id * 2 + 1)]) }
            }
            group.addTask { [database] in try await database.backup(to: copy.path) }
            try await group.waitForAll()
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: copy.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("copy") }
        #expect(names == ["copy.sqlite"])

        let restored = try SQLiteDatabase.open(copy)
        let ids = try await noteIDs(restored)
        #expect(ids.starts(with: 1...500))
        #expect(ids.count.isMultiple(of: 2), "a transaction was copied by half")
        #expect(try await restored.integrityProblems() == [])
        try await restored.run(addNote(9999))
        try await restored.close()
        try await database.close()
    }

    @Test func `never writes a backup over a file`() async throws {
        let path = folder.url.appending(path: "precious").path
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        await #expect(throws: Misconfiguration.self) { try await database.backup(to: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        await #expect(throws: Misconfiguration.self) { try await database.backup(to: "/nowhere/at/all") }
        try await database.close()
    }

    @Test func `finds no problem in a sound file and says its size`() async throws {
        #expect(try await database.integrityProblems() == [])
        let before = try await database.sizeBytes()
        try await database.run(addNote(1, String(repeating: "x", count: 100_000)))
        #expect(try await database.sizeBytes() >= before + 100_000)
        try await database.close()
    }

    @Test func `finds damage, and tells statements that meet it`() async throws {
        for id in 1...200 { try await database.run(addNote(id, String(repeating: "x", count: 2000))) }
        try await database.close()
        try damage()

        let damaged = try folder.open()
        #expect(try await damaged.integrityProblems().isEmpty == false)
        await #expect(throws: DatabaseError.corrupt) {
            try await damaged.rows("SELECT SUM(LENGTH(text)) AS n FROM note")
        }
        try await damaged.close()
    }

    @Test func `leaves no backup of a damaged database`() async throws {
        for id in 1...200 { try await database.run(addNote(id, String(repeating: "x", count: 2000))) }
        try await database.close()
        try damage()

        let damaged = try folder.open()
        let copy = folder.url.appending(path: "copy.sqlite")
        let problem = await #expect(throws: Misconfiguration.self) { try await damaged.backup(to: copy.path) }
        #expect(problem?.problem.contains("damaged") == true)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("copy") }
        #expect(names == [])
        try await damaged.close()
    }

    private func damage() throws {
        let handle = try FileHandle(forWritingTo: folder.file)
        try handle.seek(toOffset: 8192)
        try handle.write(contentsOf: Data(repeating: 0xEE, count: 16_384))
        try handle.close()
    }

    @Test func `finds rows whose parents are missing`() async throws {
        try await database.run("CREATE TABLE reply (id BIGINT PRIMARY KEY, note BIGINT REFERENCES note (id))")
        try await database.close()
        let rival = try Rival(folder.file, foreignKeys: false)
        try rival.execute("INSERT INTO reply VALUES (1, 77)")
        try rival.close()
        let opened = try folder.open()
        #expect(try await opened.integrityProblems() == ["reply refers to missing rows of note"])
        try await opened.close()
    }
}
