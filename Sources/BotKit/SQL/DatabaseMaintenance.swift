/// What the operator's commands need from a store that keeps its data in files.
public protocol DatabaseMaintenance: Sendable {
    /// Writes a copy of the whole store, as it is at one moment, while the bot goes on.
    ///
    /// The file appears only when it is complete, without damage and on the disk, readable for its owner alone.
    /// - Throws: `Misconfiguration` when `path` exists, its folder does not, or the store is damaged; `DatabaseError`.
    func backup(to path: String) async throws
    /// Looks for damage.
    /// - Returns: what is wrong, without any data; empty when all is well.
    func integrityProblems() async throws -> [String]
    /// Rewrites the store without a trace of what was deleted, and empties its log. Writers wait until it is done.
    /// - Throws: `DatabaseError`, and then nothing has changed.
    func compact() async throws
    /// The bytes that the store takes on the disk, its logs included.
    func sizeBytes() async throws -> Int64
    /// Finishes what waits and closes the files.
    func close() async throws
}
