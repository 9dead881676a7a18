import BotKit
public import Foundation

/// A small file system of its own, so that a full or read-only disk is real. It goes away with its owner.
public final class SmallDisk: Sendable {
    /// Whether we may mount: as root, and not in every container.
    public static let isAvailable = geteuid() == 0 && (try? SmallDisk(bytes: 1 << 20)) != nil
    /// What a skipped suite says.
    public static let whyNot =
        "a small disk cannot be mounted by this user; where user namespaces are allowed, the same tests run in one"

    /// Where it is mounted, readable for its owner alone.
    public let url: URL
    /// Where a database lies.
    public var database: URL { url.appending(path: "martlet.sqlite") }

    /// - Throws: `Outage` when it cannot be mounted.
    public init(bytes: Int) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "martlet-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Self.call("mount", ["-t", "tmpfs", "-o", "size=\(bytes),mode=0700", "tmpfs", url.path])
    }

    /// The bytes that are still free.
    public var freeBytes: Int {
        var status = statvfs()
        return statvfs(url.path, &status) == 0 ? Int(status.f_bavail) * Int(status.f_frsize) : 0
    }

    /// Takes all space but `rest` bytes, in a file of its own.
    public func fill(leaving rest: Int = 0) throws {
        let filler = try FileHandle(forWritingTo: makeFiller())
        defer { try? filler.close() }
        try filler.seekToEnd()
        let page = Data(count: 4_096)
        while freeBytes >= rest + page.count { try filler.write(contentsOf: page) }
    }

    /// Gives back what `fill` took, also when a program that was started meanwhile holds the file open.
    public func free() throws {
        guard truncate(filler.path, 0) == 0 else { throw Outage("disk", "the filler cannot be emptied") }
        try FileManager.default.removeItem(at: filler)
    }

    /// Mounts it anew for reading only; nothing may be open for writing on it.
    public func makeReadOnly() throws { try Self.call("mount", ["-o", "remount,bind,ro", url.path]) }

    deinit {
        try? Self.call("umount", ["-l", url.path])
        try? FileManager.default.removeItem(at: url)
    }

    private var filler: URL { url.appending(path: "filler") }

    private func makeFiller() throws -> URL {
        if !FileManager.default.fileExists(atPath: filler.path) { try Data().write(to: filler) }
        return filler
    }

    private static func call(_ tool: String, _ arguments: [String]) throws {
        let run = try SpawnedProcess.runBlocking(tool, arguments)
        guard run.status == 0 else { throw Outage("disk", "\(tool) failed") }
    }
}
