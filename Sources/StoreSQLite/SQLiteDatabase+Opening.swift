import BotKit
public import Foundation

extension SQLiteDatabase {
    /// How a database is opened.
    public struct Options: Sendable {
        /// Whether a missing file is made.
        public var createsFile = true
        /// Whether a second process that asks for the same is refused. Commands that only look, such as `doctor` and
        /// `backup`, do not ask.
        public var isOnlyInstance = true
        /// How many queries may run at once.
        public var readers = 3
        /// How long a call waits for another process that holds the file.
        public var busyTimeout: Duration = .seconds(5)
        /// The most calls that share one commit.
        public var batchLimit = 256

        public init() {}
    }

    /// Opens the database in `file`, whose folder must exist.
    /// - Throws: `Misconfiguration` when the operator must act (missing, not a database, not writable, readable for
    ///   others, in use by another instance); `DatabaseError.busy` or `.full` when time or space may help.
    public static func open(_ file: URL, _ options: Options = Options()) throws -> SQLiteDatabase {
        try StoreFile.prepare(file.path, creating: options.createsFile)
        let lock = try options.isOnlyInstance ? FileLock.ofInstance(beside: file.path) : nil
        let settings = ConnectionSettings(busyTimeout: options.busyTimeout, isDurable: true)
        do {
            return try SQLiteDatabase(
                file: file, settings: settings, readerCount: options.readers, batchLimit: options.batchLimit,
                claims: StoreClaims(lock: lock))
        } catch {
            throw StoreFile.problem(DatabaseError(error), with: file.path)
        }
    }

    /// A database of its own in a temporary folder, which is removed when it is closed: for tests and trials. A crash
    /// of the machine may damage it, a crash of the process not.
    public static func temporary() throws -> SQLiteDatabase {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = folder.appending(path: "martlet.sqlite")
        try StoreFile.prepare(file.path, creating: true)
        return try SQLiteDatabase(
            file: file, settings: ConnectionSettings(busyTimeout: .seconds(5), isDurable: false), readerCount: 2,
            batchLimit: 256, claims: StoreClaims(folder: folder))
    }
}
