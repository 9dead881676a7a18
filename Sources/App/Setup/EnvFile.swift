import BotKit
import Foundation

/// A file with settings, a line `NAME=VALUE` each, readable for its owner alone.
///
/// What has a space, a quote or another sign with a meaning is written in quotes, by rules that a shell and systemd's
/// `EnvironmentFile` share: between `'` everything stands for itself, a new line too; between `"` a backslash takes the
/// meaning from `"`, `\`, `$` and `` ` ``. `EnvFile.read` reads every value back as it was given.
struct EnvFile {
    let text: String

    /// - Throws: `Misconfiguration` when a name or a value cannot stand in such a file.
    init(_ values: [(name: String, value: String)]) throws {
        var lines = ["# Settings of Martlet; docs/configuration.md lists them all."]
        for (name, value) in values {
            guard Self.isName(name) else {
                throw Misconfiguration(
                    "a setting's name", "must have letters, digits and _ only", remedy: "Correct the name.")
            }
            guard !value.unicodeScalars.contains("\0") else {
                throw Misconfiguration(
                    name, "has a zero byte, which no file of settings can hold", remedy: "Set \(name) without it.")
            }
            lines.append("\(name)=\(Self.written(value))")
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// Whether settings may have this name.
    static func isName(_ name: String) -> Bool { name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.\-]*/) != nil }

    private static func written(_ value: String) -> String {
        let scalars = value.unicodeScalars
        let hasMeaning = scalars.contains {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
                || "\"'`\\$#".unicodeScalars.contains($0)
        }
        guard hasMeaning else { return value }
        // A carriage return is written as an escape: editors like to change it.
        guard scalars.contains(where: { $0 == "'" || $0 == "\r" }) else { return "'\(value)'" }
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in scalars {
            switch scalar {
            case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
            case "\"", "\\", "$", "`":
                quoted.append("\\")
                quoted.append(scalar)
            default: quoted.append(scalar)
            }
        }
        quoted.append("\"")
        return String(quoted)
    }

    /// Whether a file can be made there, so that nobody answers questions in vain.
    /// - Throws: `Misconfiguration`.
    static func check(_ path: String, replacing: Bool = false) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard access(folder, W_OK | X_OK) == 0, replacing || !FileManager.default.fileExists(atPath: path) else {
            throw unwritable(path)
        }
    }

    /// Writes a file, whole or not at all.
    /// - Parameter replacing: whether it may take the place of an old one.
    /// - Throws: `Misconfiguration` when it exists and may not be replaced, or cannot be made.
    func write(to path: String, replacing: Bool = false) throws {
        try Self.check(path, replacing: replacing)
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unwritable(path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            // Whatever the umask takes away, the owner reads it at the next start.
            guard fchmod(descriptor, 0o600) == 0 else { throw Self.unwritable(path) }
            try handle.write(contentsOf: Data(text.utf8))
            try handle.synchronize()
            guard rename(draft, path) == 0 else { throw Self.unwritable(path) }
        } catch {
            unlink(draft)
            throw Self.unwritable(path)
        }
    }

    private static func unwritable(_ path: String) -> Misconfiguration {
        Misconfiguration(
            path, "cannot be written", remedy: "Remove the old file or start in a folder that you may write to.")
    }
}
