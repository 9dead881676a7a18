import Foundation
import Synchronization
import Testing

@testable import BotKit

/// The folder for the files of a process: what dead ones left goes, what living ones have stays.
@Suite final class ProcessFolderTests: Sendable {
    private let root = FileManager.default.temporaryDirectory.appending(path: "process-\(UUID().uuidString)")
    private var own: String { "martlet-\(getpid())" }

    deinit { try? FileManager.default.removeItem(at: root) }

    private func make(quota: Int = .max) throws -> ProcessFolder {
        try ProcessFolder(in: root, named: "MARTLET_TEMP", quota: quota)
    }

    /// What a process left, with what it wrote down of itself.
    private func leave(_ name: String, _ identity: String?) throws {
        let folder = root.appending(path: name)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "job-1"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try Data("left".utf8).write(to: folder.appending(path: "job-1/file"))
        if let identity { try Data(identity.utf8).write(to: folder.appending(path: ".lock")) }
    }

    private var names: Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).subtracting([".lock"])
    }

    private func mode(_ url: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
    }

    @Test func `is closed to others, and goes with its owner`() throws {
        var folder: ProcessFolder? = try make()
        let url = try #require(folder?.url)
        #expect(url.lastPathComponent == own)
        #expect(try mode(url) == 0o700 && mode(root) == 0o700 && mode(url.appending(path: ".lock")) == 0o600)
        try Data("x".utf8).write(to: url.appending(path: "file"))
        folder = nil
        #expect(names.isEmpty)
        let again = try make()
        again.remove()
        again.remove()
        #expect(names.isEmpty)
    }

    @Test func `a folder that is in use stays, whoever has its number`() throws {
        let first = try make()
        let second = try make()
        #expect(names == [own, "\(own)-1"] && first.sweptCount == 0 && second.sweptCount == 0)
        second.remove()
        #expect(names == [own])
        _ = first
    }

    @Test func `what dead processes left is removed, also when another one has their number by now`() throws {
        let living = try #require(ProcessIdentity(of: getpid()))
        _ = try make()
        try leave("martlet-99999999", "99999999 1 \(living.boot)\n")
        try leave(own, "\(getpid()) \(living.start + 1) \(living.boot)\n")
        try leave("martlet-1", "1 1 of-an-earlier-run-of-the-machine\n")
        try leave("martlet-2", nil)
        try leave("martlet-3-4", "nothing that anybody wrote")
        // Where locks do not work, time and number still tell that it lives.
        try leave("martlet-4", living.text)
        for other in ["martlet-x", "other", "martlet-5.bak"] { try leave(other, nil) }
        let folder = try make()
        #expect(folder.sweptCount == 5)
        #expect(names == [own, "martlet-4", "martlet-x", "other", "martlet-5.bak"])
        _ = folder
    }

    @Test func `links that somebody planted are not followed`() throws {
        _ = try make()
        let beyond = root.deletingLastPathComponent().appending(path: "beyond-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: beyond) }
        try FileManager.default.createDirectory(at: beyond, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: beyond.appending(path: "file"))
        for name in ["martlet-7", own] {
            try FileManager.default.createSymbolicLink(
                at: root.appending(path: name), withDestinationURL: beyond)
        }
        try leave("martlet-8", nil)
        for name in ["link", ".lock"] {
            try FileManager.default.createSymbolicLink(
                at: root.appending(path: "martlet-8/\(name)"), withDestinationURL: beyond.appending(path: "file"))
        }
        let folder = try make()
        #expect(folder.url.lastPathComponent == "\(own)-1")
        #expect(names == [own, "\(own)-1", "martlet-7"])
        #expect(try String(contentsOf: beyond.appending(path: "file"), encoding: .utf8) == "x")
        folder.remove()
        #expect(FileManager.default.fileExists(atPath: beyond.appending(path: "file").path))
    }

    @Test func `a root that others may enter, or that is a link, is refused`() throws {
        _ = try make()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root.path)
        #expect(throws: Misconfiguration.self) { try self.make() }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: root.path)
        let link = root.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: root)
        #expect(throws: Misconfiguration.self) { try ProcessFolder(in: link, named: "MARTLET_TEMP") }
    }

    @Test func `a job's folder goes when the job ends, well or not`() async throws {
        struct Broken: Error {}
        let folder = try make()
        try await folder.withFolder { place in
            #expect(try self.mode(place) == 0o700)
            try Data("x".utf8).write(to: place.appending(path: "file"))
        }
        await #expect(throws: Broken.self) {
            try await folder.withFolder { place in
                try Data("x".utf8).write(to: place.appending(path: "file"))
                throw Broken()
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [".lock"])
        folder.remove()
        await #expect(throws: Outage.self) { try await folder.withFolder { _ in } }
    }

    @Test func `the quota counts what lies there and what was promised, to the byte`() async throws {
        let folder = try make(quota: 1 << 20)
        try await folder.withRoom(for: 1 << 19) {
            // The lock takes a block of its own.
            try await folder.withRoom(for: (1 << 19) - 4_096) {}
            let problem = await #expect(throws: Outage.self) { try await folder.withRoom(for: 1 << 19) {} }
            #expect(problem?.description.contains("TEMP_QUOTA_MEGABYTES") == true)
        }
        try Data(count: 1 << 19).write(to: folder.newFile())
        await #expect(throws: Outage.self) { try await folder.withRoom(for: 1 << 19) {} }
        try await folder.withRoom(for: (1 << 19) - 4_096) {}
        await #expect(throws: Outage.self) { try await folder.withRoom(for: .max) {} }
        let endless = try make()
        try await endless.withRoom(for: .max) {}
    }
}
