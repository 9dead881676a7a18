import BotKit
import Foundation
import StoreSQLite
import Testing

@Suite struct CrashTests {
    /// Writes from eight tasks, notes each acknowledged id in a file, and kills its own process in the middle.
    private static func writeUntilKilled(_ file: String, _ acknowledged: String, first: Int, after count: Int)
        async throws
    {
        let database = try SQLiteDatabase.open(URL(filePath: file))
        let log = open(acknowledged, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask {
                    for step in 0..<1_000_000 {
                        let id = first + step * 16 + lane * 2
                        try await database.transaction([addNote(id), addNote(id + 1, "second")])
                        let line = "\(id)\n"
                        _ = line.withCString { write(log, $0, strlen($0)) }
                        if lane == 3 && step == count { kill(getpid(), SIGKILL) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(.timeLimit(.minutes(1))) func `has everything acknowledged after being killed`() async throws {
        let folder = try TestFolder()
        let file = folder.file.path
        let acknowledged = folder.url.appending(path: "acknowledged").path
        let fresh = try folder.open()
        try await makeNotes(fresh)
        try await fresh.close()

        for round in 0..<6 {
            let first = round * 100_000_000
            let count = [0, 3, 17, 40, 80, 150][round]
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    file = file as String, acknowledged = acknowledged as String, first = first as Int,
                    count = count as Int
                ] in
                try await Self.writeUntilKilled(file, acknowledged, first: first, after: count)
            }
            let database = try folder.open()
            let stored = Set(try await noteIDs(database))
            let promised = try String(contentsOfFile: acknowledged, encoding: .utf8).split(separator: "\n").compactMap {
                Int($0)
            }
            #expect(promised.count > count)
            #expect(promised.allSatisfy { stored.contains($0) && stored.contains($0 + 1) })
            #expect(stored.allSatisfy { stored.contains($0 ^ 1) }, "a transaction was kept by half")
            #expect(try await database.integrityProblems() == [])
            try await database.close()
        }
    }
}
