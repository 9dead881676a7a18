import Foundation
import Testing
import TestKit

/// The scripts do what the documentation says.
@Suite struct ScriptTests {
    private func script(_ name: String) -> URL { Documents.root.appending(path: "scripts/\(name)") }

    /// Runs a script with bash; both streams are in the text.
    private func run(
        _ script: URL, _ arguments: [String], _ environment: [String: String]
    ) async throws -> (status: Int32, text: String) {
        let end = try await SpawnedProcess.run(
            "/bin/bash", [script.path] + arguments,
            environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 })
        return (end.status, end.output + end.errors)
    }

    @Test func `the compiler that the documentation asks for is the one that the script accepts`() throws {
        let text = try String(contentsOf: script("install-system-packages.sh"), encoding: .utf8)
        let needed = try #require(text.firstMatch(of: /swift_major=(\d+) swift_minor=(\d+)/))
        let readme = try #require(try Documents().pages["README.md"])
        #expect(readme.contains("[Swift \(needed.1).\(needed.2) or later]"))
    }

    @Test func `a compiler that is too old is refused with the remedy`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-swift-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let swift = folder.appending(path: "swift")
        for (version, isTooOld) in [("5.10.1", true), ("6.2.4", true), ("6.3", false), ("6.10", false), ("7.0", false)]
        {
            try Data("#!/bin/sh\necho 'Swift version \(version) (swift-RELEASE)'\n".utf8).write(to: swift)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift.path)
            // Only the check of the compiler: what comes after it may install packages.
            let text = try String(contentsOf: script("install-system-packages.sh"), encoding: .utf8)
            let check = folder.appending(path: "check.sh")
            let functions = text.prefix { _ in true }.components(separatedBy: "# without_apt MODE")[0]
            try Data((functions + "check_swift\n").utf8).write(to: check)
            let (status, said) = try await run(check, [], ["PATH": "\(folder.path):/usr/bin:/bin"])
            #expect((status != 0) == isTooOld, "\(version): \(said)")
            #expect(said.contains("Install Swift 6.3 or later") == isTooOld, "\(version): \(said)")
        }
    }

    @Test func `kept builds of another key stay until nobody used them for the days`() async throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "martlet-scratch-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (mine, other, old) = ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")
        let month = Date().addingTimeInterval(-30 * 86_400)
        func make(_ name: String, usedAt date: Date?, folderAt folderDate: Date? = nil) throws {
            let folder = scratch.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("1".utf8).write(to: folder.appending(path: ".lock"))
            for (path, date) in [(folder.appending(path: ".lock"), date), (folder, folderDate ?? date)] {
                if let date {
                    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path.path)
                }
            }
        }
        try make("debug-\(mine)", usedAt: month)
        try make("debug-\(other)", usedAt: nil)
        try make("release-\(other)", usedAt: nil, folderAt: month)
        try make("debug-\(old)", usedAt: month)
        try make("tsan-\(old)", usedAt: month)
        try make("mine-\(old)", usedAt: month)
        func names() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: scratch.path)) }

        func removeOld(_ key: String, _ more: [String: String] = [:]) async throws -> (status: Int32, text: String) {
            try await run(script("remove-old-builds.sh"), [key], ["SCRATCH": scratch.path].merging(more) { $1 })
        }

        let (status, output) = try await removeOld(mine)
        #expect(status == 0)
        #expect(output.contains("debug-\(old)") && output.contains("tsan-\(old)") && output.contains("14 days"))
        #expect(try names() == ["debug-\(mine)", "debug-\(other)", "release-\(other)", "mine-\(old)"])
        // Our own counts as used from now on, for the checkout that asks next.
        let next = try await removeOld(old)
        #expect(next.status == 0 && next.text.isEmpty, "\(next.text)")
        #expect(try names().contains("debug-\(mine)"))

        for (key, days) in [("not-a-key", "14"), (mine, "soon"), ("", "14")] {
            #expect(try await removeOld(key, ["KEEP_BUILDS_DAYS": days]).status != 0)
        }
        #expect(try await removeOld(mine, ["SCRATCH": "\(scratch.path)/none"]).status == 0)
    }
}
