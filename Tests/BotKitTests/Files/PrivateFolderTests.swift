import Foundation
import TestKit
import Testing

@testable import BotKit

/// Folders that nobody else may look into, and the commands that mend those that others may.
@Suite final class PrivateFolderTests: Sendable {
    /// What a shell would read otherwise.
    private let url = FileManager.default.temporaryDirectory.appending(
        path: "it's $HOME; \(UUID().uuidString)", directoryHint: .isDirectory)
    private var folder: PrivateFolder { PrivateFolder(url, named: "MARTLET_HOME", mayBeLink: true) }

    init() throws {
        try PrivateFolder(url, named: "MARTLET_HOME").make()
        for name in ["a.key", "b.key", "prices.json"] { try write(name, 0o600) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    private func write(_ name: String, _ mode: Int) throws {
        let file = url.appending(path: name)
        try Data("x".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private func problem() -> Misconfiguration? {
        do {
            try folder.check { $0.hasSuffix(".key") || $0 == "media" }
            return nil
        } catch {
            return error as? Misconfiguration
        }
    }

    /// Runs the command that a problem names.
    private func mend(_ problem: Misconfiguration?) async throws {
        let remedy = try #require(problem?.remedy)
        let words = ["chmod ", "chown ", "mv ", "rm "]
        let word = try #require(words.first { remedy.contains($0) })
        let command = word + remedy.components(separatedBy: word).dropFirst().joined(separator: word)
        let end = try await SpawnedProcess.run("/bin/sh", ["-c", command])
        #expect(end.status == 0, "\(remedy): \(end.errors)")
    }

    @Test func `what is closed is taken as it is`() throws {
        #expect(problem() == nil)
        try write("prices.json", 0o644)
        #expect(problem() == nil)
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o610, 0o666])
    func `files that others may read or write are refused, and one command closes all of them`(_ mode: Int)
        async throws
    {
        try write("a.key", mode)
        try write("b.key", mode)
        let found = problem()
        #expect(found?.remedy.contains("chmod 600 ") == true && found?.problem.contains("a.key") == true)
        try await mend(found)
        #expect(problem() == nil)
    }

    @Test func `folders too, and they stay folders`() async throws {
        try FileManager.default.createDirectory(at: url.appending(path: "media"), withIntermediateDirectories: false)
        for place in [url, url.appending(path: "media")] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path)
            let found = problem()
            #expect(found?.remedy.contains("chmod 700 ") == true)
            try await mend(found)
        }
        #expect(problem() == nil)
    }

    @Test(.enabled(if: geteuid() == 0, "only root gives files to others"))
    func `what belongs to another user is refused with the command that gives it back`() async throws {
        for path in [url.appending(path: "a.key").path, url.path] {
            #expect(chown(path, 1_001, 1_001) == 0)
            let found = problem()
            #expect(found?.problem.contains("belongs to another user") == true)
            try await mend(found)
        }
        #expect(problem() == nil)
    }

    @Test func `a link in the place of a file is not followed`() async throws {
        let file = url.appending(path: "a.key")
        let elsewhere = url.deletingLastPathComponent().appending(path: "elsewhere-\(UUID().uuidString)")
        try FileManager.default.moveItem(at: file, to: elsewhere)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: elsewhere)
        let found = problem()
        #expect(found?.problem.contains("link") == true)
        try await mend(found)
        #expect(problem() == nil && !FileManager.default.fileExists(atPath: elsewhere.path))
    }

    @Test func `a folder elsewhere that a link leads to stays where it is`() async throws {
        let elsewhere = url.deletingLastPathComponent().appending(path: "elsewhere-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: elsewhere) }
        let link = url.appending(path: "media")
        try? FileManager.default.removeItem(at: link)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: elsewhere)
        try await mend(problem())
        #expect(problem() == nil && FileManager.default.fileExists(atPath: elsewhere.path))
    }

    @Test func `the folder itself may be a link where an operator named it, and not elsewhere`() throws {
        let link = url.deletingLastPathComponent().appending(path: "link-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: link) }
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: url)
        try PrivateFolder(link, named: "MARTLET_HOME", mayBeLink: true).check()
        #expect(throws: Misconfiguration.self) { try PrivateFolder(link, named: "MARTLET_TEMP").check() }
    }

    @Test func `folders above it that anybody may change are told, those with the sticky bit are not`() throws {
        let inner = PrivateFolder(url.appending(path: "open/closed/inner"), named: "MARTLET_HOME")
        try inner.make()
        let open = url.appending(path: "open").resolvingSymlinksInPath().path
        #expect(chmod(open, 0o777) == 0)
        #expect(inner.changeableParents.filter { $0.hasPrefix(url.resolvingSymlinksInPath().path) } == [open])
        #expect(chmod(open, 0o1777) == 0)
        #expect(!inner.changeableParents.contains(open))
    }
}
