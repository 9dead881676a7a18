import BotKit
import Foundation
import Testing

@testable import StoreSQLite

@Suite struct OpeningTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func expectRefusal(_ word: String, _ change: (inout SQLiteDatabase.Options) -> Void = { _ in }) {
        let error = #expect(throws: Misconfiguration.self) { try folder.open(change) }
        #expect(error?.key == "database")
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func `makes files that only their owner can read`() async throws {
        let database = try folder.open()
        try await makeNotes(database)
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
        try await database.close()
    }

    @Test func `makes commits durable and enforces foreign keys`() async throws {
        let queue = try ConnectionSettings(busyTimeout: .seconds(1), isDurable: true).openWriter(folder.file.path)
        let names = ["journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout"]
        let values = try pragmas(names, of: queue)
        #expect(values == ["wal", "2", "1", "0", "1000"])
    }

    @Test func `refuses a second instance and names the first`() async throws {
        let first = try folder.open()
        expectRefusal("process \(getpid())")
        let onlooker = try folder.open { $0.isOnlyInstance = false }
        try await onlooker.close()
        try await first.close()
        try await folder.open().close()
    }

    @Test func `refuses a file that others can read`() async throws {
        try await folder.open().close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.file.path)
        expectRefusal("chmod 600")
    }

    @Test func `refuses a file that is no database`() throws {
        #expect(
            FileManager.default.createFile(
                atPath: folder.file.path, contents: Data(repeating: 0x41, count: 9000),
                attributes: [.posixPermissions: 0o600]))
        expectRefusal("damaged or no SQLite database")
    }

    @Test func `refuses a folder in the file's place`() throws {
        try FileManager.default.createDirectory(at: folder.file, withIntermediateDirectories: false)
        expectRefusal("is no file")
    }

    @Test func `refuses a missing file when it may not make one`() throws {
        expectRefusal("does not exist") { $0.createsFile = false }
    }

    @Test func `refuses a missing folder`() throws {
        #expect(throws: Misconfiguration.self) {
            try SQLiteDatabase.open(folder.url.appending(path: "missing/martlet.sqlite"))
        }
    }

    @Test func `says that another process holds the file, and works when it is free`() async throws {
        let database = try folder.open { $0.busyTimeout = .milliseconds(30) }
        try await makeNotes(database)
        let rival = try Rival(folder.file)
        try rival.execute("BEGIN EXCLUSIVE")
        await #expect(throws: DatabaseError.busy) { try await database.run(addNote(1)) }
        await #expect(throws: DatabaseError.busy) { try await database.transaction([addNote(1), addNote(2)]) }
        try rival.execute("ROLLBACK")
        try await database.run(addNote(1))
        #expect(try await noteIDs(database) == [1])
        try rival.close()
        try await database.close()
    }

    @Test func `removes a temporary database when it is closed`() async throws {
        let database = try SQLiteDatabase.temporary()
        try await makeNotes(database)
        #expect(FileManager.default.fileExists(atPath: database.file.path))
        try await database.close()
        #expect(!FileManager.default.fileExists(atPath: database.file.deletingLastPathComponent().path))
    }

    static let codes: [(Int32, DatabaseError)] = [
        (13, DatabaseError.full), (4874, .full), (8, .readOnly), (1032, .readOnly), (14, .readOnly), (3, .readOnly),
        (5, .busy), (517, .busy), (6, .busy), (11, .corrupt), (26, .corrupt), (2067, .constraint("UNIQUE")),
        (1555, .constraint("UNIQUE")), (275, .constraint("CHECK")), (1299, .constraint("NOT NULL")),
        (787, .constraint("foreign key")), (778, .unreachable("input/output error 778")),
    ]

    @Test(arguments: codes)
    func `gives each code of SQLite its meaning`(_ code: Int32, _ expected: DatabaseError) {
        #expect(DatabaseError(sqlite: code) == expected)
    }
}
