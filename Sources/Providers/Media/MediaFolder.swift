public import Foundation

/// The folder for files that are under way: fetched from a network, or being converted. None outlives its process.
public struct MediaFolder: Sendable {
    /// What the names of all its files begin with.
    private static let mark = "martlet-media-"

    /// Where it is.
    public let url: URL

    /// - Parameter url: a folder that is there; by default the one for temporary files of this machine.
    public init(_ url: URL = FileManager.default.temporaryDirectory) {
        self.url = url
    }

    /// Makes a folder that only its owner may read, when it is missing.
    public init(making url: URL) throws {
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        self.url = url
    }

    /// The place for a new file; whoever asks removes it.
    func newFile() -> URL { url.appending(path: "\(Self.mark)\(UUID().uuidString)") }

    /// Removes what a process that was killed has left. Only for a folder that no other process uses.
    ///
    /// Files of other names, links and folders stay; what cannot be removed stays too.
    /// - Returns: how many files were removed.
    public func sweep() -> Int {
        let keys: [URLResourceKey] = [.isRegularFileKey, .isSymbolicLinkKey]
        let files = try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: keys)
        var removed = 0
        for file in files ?? [] where file.lastPathComponent.hasPrefix(Self.mark) {
            let values = try? file.resourceValues(forKeys: Set(keys))
            guard values?.isRegularFile == true, values?.isSymbolicLink != true else { continue }
            if (try? FileManager.default.removeItem(at: file)) != nil { removed += 1 }
        }
        return removed
    }
}
