import BotKit
import Foundation
import Testing
import TestKit

@testable import StoreSQLite

@Suite struct GroupCommitTests {
    let folder: TestFolder
    let database: SQLiteDatabase

    init() async throws {
        folder = try TestFolder()
        database = try folder.open()
        try await makeNotes(database)
    }

    /// Does `work`, which makes `calls` writes at once, while another program holds the file: they all wait together.
    private func together(_ calls: Int, _ work: @escaping @Sendable (SQLiteDatabase) async throws -> Void) async throws
    {
        let rival = try Rival(folder.file)
        try rival.execute("BEGIN IMMEDIATE")
        try await withThrowingTaskGroup(of: Void.self) { [database] group in
            group.addTask { try await database.run(addNote(0)) }
            #expect(await eventually { database.isWriting && database.waitingWrites == 0 })
            group.addTask { try await work(database) }
            #expect(await eventually { database.waitingWrites == calls })
            try rival.execute("COMMIT")
            try await group.waitForAll()
        }
        try rival.close()
    }

    @Test func `shares one commit among many callers`() async throws {
        let before = database.groupCommit.commits
        try await together(200) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...200 { group.addTask { try await database.run(addNote(id)) } }
                try await group.waitForAll()
            }
        }
        #expect(try await noteIDs(database) == Array(0...200))
        // One for the first, one for the rest.
        #expect(database.groupCommit.commits - before == 2)
        try await database.close()
    }

    @Test func `undoes only the caller that failed`() async throws {
        try await together(60) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...60 {
                    group.addTask {
                        let text = id % 3 == 0 ? "" : "note"
                        do {
                            try await database.transaction([addNote(id * 2), addNote(id * 2 + 1, text)])
                            #expect(id % 3 != 0)
                        } catch {
                            #expect(id % 3 == 0 && (error as? DatabaseError) == .constraint("CHECK"))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let kept = (1...60).filter { $0 % 3 != 0 }
        let expected = [0] + kept.flatMap { [$0 * 2, $0 * 2 + 1] }
        #expect(try await noteIDs(database) == expected)
        try await database.close()
    }

    @Test func `a statement that rolls everything back harms only its caller`() async throws {
        try await together(20) { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in 1...20 {
                    group.addTask {
                        let rollback: SQL = "INSERT OR ROLLBACK INTO note (id, text) VALUES (10, '')"
                        do {
                            try await database.run(id == 10 ? rollback : addNote(id))
                            #expect(id != 10)
                        } catch {
                            #expect(id == 10 && (error as? DatabaseError) == .constraint("CHECK"))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await noteIDs(database) == (0...20).filter { $0 != 10 })
        try await database.close()
    }

    @Test func `finishes what waits when it is closed, and refuses more`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...100 {
                group.addTask { [database] in
                    do { try await database.run(addNote(id)) } catch {
                        #expect((error as? DatabaseError) == .unreachable("closed"))
                    }
                }
            }
            group.addTask { [database] in try await database.close() }
            try await group.waitForAll()
        }
        try await database.close()
        await #expect(throws: DatabaseError.unreachable("closed")) { try await database.run(addNote(1000)) }
        await #expect(throws: DatabaseError.unreachable("closed")) { try await database.rows("SELECT 1 AS one") }
        #expect(!FileManager.default.fileExists(atPath: folder.file.path + "-wal"))
    }

    @Test func `lets queries run beside a write that waits`() async throws {
        let rival = try Rival(folder.file)
        try rival.execute("BEGIN EXCLUSIVE")
        async let write: Int = database.run(addNote(1))
        #expect(try await noteIDs(database).isEmpty)
        try rival.execute("COMMIT")
        #expect(try await write == 1)
        try rival.close()
        try await database.close()
    }
}
