import BotKit
import Foundation
import TestKit
import Testing
import WhatsAppWeb

@testable import Providers

/// Files under way, and what conversions leave of them.
@Suite struct MediaFolderTests {
    private let place = FileManager.default.temporaryDirectory.appending(path: "media-\(UUID().uuidString)")

    private func list(_ folder: URL) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
    }

    /// A folder with a program called ffmpeg; `$out` is where its result belongs.
    private func searchPath(ffmpeg script: String) throws -> String {
        let folder = place.appending(path: "bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appending(path: "ffmpeg")
        try Data("#!/bin/sh\nfor out; do :; done\nout=${out#file:}\n\(script)\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        return folder.path
    }

    @Test func `removes what an older version left, and nothing else`() throws {
        defer { try? FileManager.default.removeItem(at: place) }
        let folder = place.appending(path: "under-way")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let media = MediaFolder(folder)
        for _ in 0..<3 { try Data("x".utf8).write(to: media.newFile()) }
        let other = folder.appending(path: "of-somebody-else")
        let beyond = place.appending(path: "beyond")
        for file in [other, beyond] { try Data("x".utf8).write(to: file) }
        let link = media.newFile()
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: beyond)
        let inner = media.newFile()
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)

        #expect(MediaFolder.sweep(folder) == 3)
        #expect(try list(folder) == [other.lastPathComponent, link.lastPathComponent, inner.lastPathComponent])
        #expect(FileManager.default.fileExists(atPath: beyond.path))
        #expect(MediaFolder.sweep(folder) == 0)
    }

    @Test func `a folder that is not there is no fault`() {
        #expect(MediaFolder.sweep(URL(filePath: "/nowhere/at/all")) == 0)
    }

    @Test func `what ffmpeg leaves beside its result goes with the folder of the conversion`() async throws {
        defer { try? FileManager.default.removeItem(at: place) }
        let script =
            #"echo x > left; mkdir -p more/of/it; echo x > more/of/it/file; printf '\377\330\377\340' > "$out""#
        let process = try ProcessFolder(in: place.appending(path: "files"), named: "files")
        let transcoder = try #require(
            MediaTranscoder(
                searchPath: try searchPath(ffmpeg: script), folder: MediaFolder(process), time: SystemTime()))
        let media = OutgoingMedia(kind: .image, file: place.appending(path: "bin/ffmpeg"), mimeType: "image/bmp")
        let copy = try #require(await transcoder.converted(media)).file
        #expect(try list(process.url) == [".lock", copy.lastPathComponent])
        try FileManager.default.removeItem(at: copy)
    }

    @Test(arguments: [
        #"ln -s /etc/passwd "$out""#, #"mkdir "$out""#, "exit 0", "kill -9 $$", #"echo x > "$out"; exit 1"#,
    ])
    func `what is no file that ffmpeg made is taken for none`(_ script: String) async throws {
        defer { try? FileManager.default.removeItem(at: place) }
        let process = try ProcessFolder(in: place.appending(path: "files"), named: "files")
        let transcoder = try #require(
            MediaTranscoder(
                searchPath: try searchPath(ffmpeg: script), folder: MediaFolder(process), time: SystemTime()))
        let media = OutgoingMedia(kind: .image, file: place.appending(path: "bin/ffmpeg"), mimeType: "image/bmp")
        #expect(await transcoder.converted(media) == nil)
        #expect(try list(process.url) == [".lock"])
    }

    @Test func `a real ffmpeg works within its limits, and not beyond the quota`() async throws {
        defer { try? FileManager.default.removeItem(at: place) }
        let search = try await RealFFmpeg.link(in: place.appending(path: "real"))
        let picture = place.appending(path: "picture.png")
        try Data(try QRPicture("a picture").png()).write(to: picture)
        for (quota, works) in [(64 << 20, true), (1 << 20, false)] {
            let process = try ProcessFolder(in: place.appending(path: "files"), named: "files", quota: quota)
            let transcoder = try #require(
                MediaTranscoder(searchPath: search, folder: MediaFolder(process), time: SystemTime()))
            let small = await transcoder.thumbnail(of: picture)
            #expect((small?.starts(with: [0xFF, 0xD8, 0xFF]) == true) == works)
            #expect(try list(process.url) == [".lock"])
            process.remove()
        }
    }
}
