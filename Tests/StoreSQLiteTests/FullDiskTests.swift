import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@Suite(.enabled(if: SmallDisk.isAvailable, Comment(rawValue: SmallDisk.whyNot))) struct FullDiskTests {
    @Test func `says that the disk is full, keeps what it promised, and works again when there is space`() async throws
    {
        let disk = try SmallDisk(bytes: 1 << 20)
        let other = disk.url.appending(path: "other")
        try Data(count: 300_000).write(to: other)
        let database = try SQLiteDatabase.open(disk.database)
        try await makeNotes(database)
        let page = String(repeating: "x", count: 3000)
        var stored: [Int] = []
        var failure: DatabaseError?
        for id in 1...1000 where failure == nil {
            do {
                try await database.run(addNote(id, page))
                stored.append(id)
            } catch { failure = error as? DatabaseError }
        }
        #expect(failure == .full)
        #expect(try await noteIDs(database) == stored)

        try FileManager.default.removeItem(at: other)
        try await database.run(addNote(5000, page))
        try await database.close()
        let reopened = try SQLiteDatabase.open(disk.database)
        try await reopened.run("DELETE FROM note WHERE id = 1")
        #expect(try await noteIDs(reopened) == stored.dropFirst() + [5000])
        #expect(try await reopened.integrityProblems() == [])
        try await reopened.close()
    }

    @Test func `fails all that shared the commit and goes on once space is free`() async throws {
        let disk = try SmallDisk(bytes: 2 << 20)
        let database = try SQLiteDatabase.open(disk.database)
        try await makeNotes(database)
        let filler = disk.url.appending(path: "filler")
        let free = try #require(
            try FileManager.default.attributesOfFileSystem(forPath: disk.url.path)[.systemFreeSize] as? NSNumber)
        try Data(count: free.intValue - 64 << 10).write(to: filler)

        let page = String(repeating: "x", count: 3000)
        let outcomes = await withTaskGroup(of: (Int, DatabaseError?).self) { group in
            for id in 1...100 {
                group.addTask {
                    do {
                        try await database.run(addNote(id, page))
                        return (id, nil)
                    } catch { return (id, error as? DatabaseError ?? .corrupt) }
                }
            }
            return await group.reduce(into: [Int: DatabaseError?]()) { $0[$1.0] = $1.1 }
        }
        let stored = outcomes.filter { $0.value == nil }.keys.sorted()
        #expect(stored.count < 100)
        #expect(outcomes.values.allSatisfy { $0 == nil || $0 == .full })
        #expect(try await noteIDs(database) == stored)

        try FileManager.default.removeItem(at: filler)
        for id in 1001...1020 { try await database.run(addNote(id, page)) }
        #expect(try await noteIDs(database) == stored + Array(1001...1020))
        try await database.close()
    }

    @Test func `refuses a disk that is read-only`() async throws {
        let disk = try SmallDisk(bytes: 1 << 20)
        let database = try SQLiteDatabase.open(disk.database)
        try await makeNotes(database)
        try await database.close()
        try disk.makeReadOnly()
        let error = #expect(throws: Misconfiguration.self) { try SQLiteDatabase.open(disk.database) }
        #expect(error?.key == "database")
        #expect(error?.remedy.contains("writable") == true)
    }

    @Test func `leaves no part of a backup on a full disk`() async throws {
        let disk = try SmallDisk(bytes: 256 << 10)
        let folder = try TestFolder()
        let database = try folder.open()
        try await makeNotes(database)
        for id in 1...40 { try await database.run(addNote(id, String(repeating: "x", count: 20_000))) }
        let path = disk.url.appending(path: "backup.sqlite").path
        await #expect(throws: DatabaseError.full) { try await database.backup(to: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.url.path) == [])
        try await database.close()
    }
}

/// The suite above for who is not root.
@Suite(.enabled(if: MountNamespace.isNeeded, Comment(rawValue: MountNamespace.whyNot))) struct FullDiskElsewhereTests {
    @Test func `holds in a namespace of our own too, where we may mount`() throws {
        let run = try MountNamespace.runSuite("StoreSQLiteTests.FullDiskTests")
        #expect(run.status == 0 && run.output.contains("Test run with 4 tests"), "\(run.output.suffix(2_000))")
    }
}
