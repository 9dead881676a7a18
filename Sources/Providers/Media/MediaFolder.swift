public import BotKit
public import Foundation

/// The folder for files that are under way: fetched from a network, or being converted. None outlives its process.
public struct MediaFolder: Sendable {
    /// What the names of all its files begin with.
    private static let mark = "martlet-media-"

    /// Where it is.
    public let url: URL
    /// Whose folder it is, with a quota; in trials there may be none.
    private let process: ProcessFolder?

    /// The folder of this process.
    public init(_ process: ProcessFolder) {
        url = process.url
        self.process = process
    }

    /// - Parameter url: a folder that is there; by default the one for temporary files of this machine.
    public init(_ url: URL = FileManager.default.temporaryDirectory) {
        self.url = url
        process = nil
    }

    /// The place for a new file; whoever asks removes it.
    func newFile() -> URL { url.appending(path: "\(Self.mark)\(UUID().uuidString)") }

    /// Runs `body`, which makes at most so many bytes of files, when the quota has room for them.
    /// - Throws: what `body` throws; `Outage` when there is no room.
    func withRoom<Value>(for bytes: Int, _ body: () async throws -> Value) async throws -> Value {
        guard let process else { return try await body() }
        return try await process.withRoom(for: bytes, body)
    }

    /// Runs `body` with a folder of its own, which is removed afterwards with all that is in it.
    /// - Throws: what `body` throws; `Outage` when it cannot be made.
    func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        if let process { return try await process.withFolder(body) }
        let folder = newFile()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    /// Removes the files that an older version left, which had no folder for each process. Only for a folder that no
    /// other process uses.
    ///
    /// Files of other names, links and folders stay; what cannot be removed stays too.
    /// - Returns: how many files were removed.
    public static func sweep(_ url: URL) -> Int {
        let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
        let files = try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: keys)
        var removed = 0
        for file in files ?? [] where file.lastPathComponent.hasPrefix(mark) {
            let values = try? file.resourceValues(forKeys: Set(keys))
            guard values?.isRegularFile == true, values?.isSymbolicLink != true else { continue }
            if (try? FileManager.default.removeItem(at: file)) != nil { removed += 1 }
        }
        return removed
    }
}
