import Foundation

/// The text files of a package that are under version control.
struct SourceTree {
    let files: [SourceFile]

    init(_ files: [SourceFile]) { self.files = files }

    /// Reads what git tracks or would track below `root`; without git, what lies there outside hidden folders.
    init(root: URL) throws {
        let paths = try Self.trackedPaths(root) ?? Self.foundPaths(root)
        files = paths.compactMap { path in
            guard let data = FileManager.default.contents(atPath: root.appending(path: path).path),
                data.count < 4_000_000, let text = String(data: data, encoding: .utf8)
            else { return nil }
            return SourceFile(path, text)
        }
    }

    /// This package, read once.
    static let product = Result { try SourceTree(root: packageRoot) }

    /// The folder of this package, found from where this file was compiled.
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The Swift files below `folders`, without generated ones.
    func swift(in folders: String...) -> [SourceFile] {
        files.filter { file in
            file.isSwift && !file.parts.contains("Generated") && folders.contains { file.isUnder($0) }
        }
    }

    func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

    private static func trackedPaths(_ root: URL) throws -> [String]? {
        guard FileManager.default.fileExists(atPath: root.appending(path: ".git").path) else { return nil }
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = [
            "git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z", "--cached", "--others",
            "--exclude-standard",
        ]
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        try git.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
        while git.isRunning { usleep(1_000) }
        guard git.terminationStatus == 0 else { return nil }
        return Set(String(decoding: data, as: UTF8.self).split(separator: "\0").map(String.init)).sorted()
    }

    private static func foundPaths(_ root: URL) -> [String] {
        let start = root.path.hasSuffix("/") ? root.path : root.path + "/"
        let files = FileManager.default.enumerator(
            at: root, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        return (files?.compactMap { $0 as? URL } ?? []).map { String($0.path.dropFirst(start.count)) }.sorted()
    }
}
