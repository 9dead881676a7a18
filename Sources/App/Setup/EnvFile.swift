import BotKit
import Foundation

/// A file with settings, a line `NAME=VALUE` each, readable for its owner alone.
struct EnvFile {
    private let values: [(String, String)]

    init(_ values: [(String, String)]) { self.values = values }

    var text: String {
        (["# Settings of Martlet; docs/configuration.md lists them all."]
            + values.map { "\($0.0)=\($0.1.contains(where: { " #\"'".contains($0) }) ? "\"\($0.1)\"" : $0.1)" })
            .joined(separator: "\n") + "\n"
    }

    /// Writes a new file.
    /// - Throws: `Misconfiguration` when it exists or cannot be made.
    func write(to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else {
            throw Misconfiguration(
                path, "cannot be written", remedy: "Remove the old file or start in a folder that you may write to.")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
    }
}
