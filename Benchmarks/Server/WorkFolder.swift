import Foundation

/// A folder on a disk, which goes away with its owner.
final class WorkFolder: Sendable {
    let url: URL

    /// - Parameter parent: where it is made; by default the first of `TMPDIR`, `/var/tmp` and the folder of this
    ///   program that lies on a disk and not in memory.
    init(_ name: String, in parent: String? = nil) throws {
        let base = parent ?? Self.candidates.first { !Self.isInMemory($0) } ?? "/var/tmp"
        url = URL(filePath: base, directoryHint: .isDirectory)
            .appending(
                path: "martlet-\(name)-\(getpid())-\(UInt32.random(in: 0 ... .max))", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appending(path: name, directoryHint: .notDirectory) }

    private static var candidates: [String] {
        let chosen = ProcessInfo.processInfo.environment["TMPDIR"]
        let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        return [chosen, "/var/tmp", own].compactMap { $0 }
    }

    /// Whether the folder lies in a tmpfs (proc(5), mountinfo).
    private static func isInMemory(_ path: String) -> Bool {
        let text = String(
            decoding: FileManager.default.contents(atPath: "/proc/self/mountinfo") ?? Data(), as: UTF8.self)
        let mounts = text.split(separator: "\n").compactMap { line -> (point: String, kind: String)? in
            let fields = line.split(separator: " ")
            guard fields.count > 4, let dash = fields.firstIndex(of: "-"), fields.count > dash + 1 else { return nil }
            return (String(fields[4]), String(fields[dash + 1]))
        }
        let folder = URL(filePath: path).resolvingSymlinksInPath().path
        let own = mounts.filter { $0.point == "/" || folder == $0.point || folder.hasPrefix($0.point + "/") }
        return own.max { $0.point.utf8.count < $1.point.utf8.count }?.kind == "tmpfs"
    }
}
