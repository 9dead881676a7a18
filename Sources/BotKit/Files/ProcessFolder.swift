public import Foundation
import Synchronization

/// The folder for the temporary files of this process, `martlet-PID` in a folder that several processes may share.
///
/// It goes away with its owner, and what a process that was killed has left goes with the next one's start: whether
/// that process is gone is told by a lock on a file in its folder, which the kernel gives up for it, and by the time at
/// which it was started, for where locks do not work and where its number belongs to another one by now.
public final class ProcessFolder: Sendable {
    /// The folder of this process, closed to others.
    public let url: URL
    /// How many folders of dead processes were removed at the start.
    public let sweptCount: Int
    /// The most bytes that may lie there; `Int.max` is no limit.
    private let quota: Int
    private let state: Mutex<(lock: FileLock?, reserved: Int)>

    private static let mark = "martlet-"
    private static let lockName = ".lock"

    /// Removes what dead processes left, and makes the folder of this one.
    /// - Parameters:
    ///   - root: the folder that processes share; it is made when it is missing.
    ///   - setting: what names the root, for the operator.
    ///   - quota: in bytes; `Int.max` is no limit.
    /// - Throws: `Misconfiguration` when the root is not ours alone; `Outage` when the disk takes nothing.
    public init(in root: URL, named setting: String, quota: Int = .max) throws {
        let folder = PrivateFolder(root, named: setting)
        try folder.make()
        try folder.check()
        // One after the other: a folder that is being made has no lock yet.
        let gate = try Self.lock(root.appending(path: Self.lockName), waits: true)
        defer { withExtendedLifetime(gate) {} }
        sweptCount = Self.sweep(root)
        // After the sweep, a folder of our number is one of a process in another container.
        let names = (0..<1_000).lazy.map { "\(Self.mark)\(getpid())" + ($0 == 0 ? "" : "-\($0)") }
        let name = names.first { FileStatus(root.appending(path: $0).path) == nil }
        url = root.appending(path: name ?? "\(Self.mark)\(getpid())-\(UUID().uuidString)", directoryHint: .isDirectory)
        self.quota = quota
        guard mkdir(url.path, 0o700) == 0 else { throw Outage("disk", "a folder for temporary files cannot be made") }
        let lock = try Self.lock(url.appending(path: Self.lockName), waits: false)
        lock.write(ProcessIdentity(of: getpid())?.text ?? "")
        state = Mutex((lock, 0))
    }

    deinit { remove() }

    /// Removes everything of this process. Nothing can be made afterwards.
    public func remove() {
        state.withLock { state in
            guard state.lock != nil else { return }
            try? FileManager.default.removeItem(at: url)
            state.lock = nil
        }
    }

    /// The place for a new file; whoever asks removes it.
    public func newFile() -> URL { url.appending(path: UUID().uuidString, directoryHint: .notDirectory) }

    /// Runs `body` with a folder of its own, which is removed with all that is in it when `body` ends, however it ends.
    /// - Throws: what `body` throws; `Outage` when the disk takes no folder.
    public func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let folder = url.appending(path: "job-\(UUID().uuidString)", directoryHint: .isDirectory)
        guard mkdir(folder.path, 0o700) == 0 else {
            throw Outage("disk", "a folder for temporary files cannot be made")
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    /// Runs `body`, which writes at most so many bytes, when there is room for them.
    /// - Throws: what `body` throws; `Outage` when the quota is reached.
    public func withRoom<Value>(for bytes: Int, _ body: () async throws -> Value) async throws -> Value {
        try reserve(bytes)
        defer { state.withLock { $0.reserved -= bytes } }
        return try await body()
    }

    private func reserve(_ bytes: Int) throws {
        let used = quota < .max ? Self.size(of: url) : 0
        let isRoom = state.withLock { state in
            let (sum, overflows) = (used + state.reserved).addingReportingOverflow(bytes)
            guard quota == .max || (!overflows && sum <= quota) else { return false }
            state.reserved += bytes
            return true
        }
        guard isRoom else {
            throw Outage(
                "disk",
                "temporary files reached \(quota >> 20) MB (TEMP_QUOTA_MEGABYTES); what is being done now must end")
        }
    }

    /// What files take on the disk, in bytes.
    private static func size(of folder: URL) -> Int {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var sum = 0
        while let file = files?.nextObject() as? URL {
            var status = stat()
            if lstat(file.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { sum += Int(status.st_blocks) * 512 }
        }
        return sum
    }

    // MARK: - What others left

    private static func isOurName(_ name: String) -> Bool {
        name.wholeMatch(of: /martlet-[0-9]+(-[0-9A-Fa-f-]+)?/) != nil
    }

    private static func sweep(_ root: URL) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        var removed = 0
        for folder in names.filter(isOurName).map({ root.appending(path: $0) }) {
            guard FileStatus(folder.path)?.kind == .folder, isDead(folder) else { continue }
            if (try? FileManager.default.removeItem(at: folder)) != nil { removed += 1 }
        }
        return removed
    }

    /// Whether the process of a folder has ended. The gate is held: nobody is at making one.
    private static func isDead(_ folder: URL) -> Bool {
        // Killed before it had a lock.
        guard let lock = try? FileLock(folder.appending(path: lockName).path, isMade: false) else { return true }
        guard lock.state != .refused else { return false }
        guard let identity = ProcessIdentity(lock.text) else { return true }
        return !identity.isRunning
    }

    /// Where there are no locks, the times at which processes were started decide.
    private static func lock(_ file: URL, waits: Bool) throws -> FileLock {
        do { return try FileLock(file.path, waits: waits) } catch {
            throw Outage("disk", "the folder for temporary files cannot be written")
        }
    }
}
