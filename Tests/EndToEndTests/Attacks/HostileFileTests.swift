import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// File names from the network, and what somebody planted where files lie.
@Suite struct HostileFileTests {
    private static let names = [
        "../../../escaped.txt", "/escaped.txt", "..\\..\\escaped.txt", "a\u{0}b.txt", "report\u{202E}fdp.exe", "CON",
        "nul.txt",
        "..", ".", "", "-rf", "$(touch escaped.txt)", "`touch escaped.txt`", "martlet.sqlite", "../martlet.sqlite",
        "log.key", "media/../../log.key", "file\nname\r.txt", String(repeating: "x", count: 300) + ".txt",
        String(repeating: "../", count: 100) + "tmp/escaped.txt", "%2e%2e%2fescaped.txt", "file:///escaped.txt",
    ]

    /// Every path below a folder with what tells that it was changed: kind and, for our keys, content.
    private func outside(_ home: TemporaryFolder) throws -> Set<String> {
        let data = home.data.lastPathComponent
        let paths = FileManager.default.enumerator(atPath: home.url.path)?.compactMap { $0 as? String } ?? []
        return Set(paths.filter { !$0.hasPrefix("\(data)/media/martlet-") && !$0.hasSuffix("-wal") })
    }

    @Test func `names that lead elsewhere make no file, whatever they say`() async throws {
        try await CloudBot.running(["CLOUD_PAIR_INTERVAL_MILLISECONDS": "0"]) { bot in
            _ = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let before = try outside(bot.home)
            let key = try Data(contentsOf: bot.home.data.appending(path: "log.key"))
            for name in Self.names {
                let id = try await bot.emulator.addMedia(Array("text".utf8), mimeType: "text/plain")
                _ = try await bot.emulator.receive([
                    "from": .string(CloudBot.user),
                    "document": ["id": .string(id), "filename": .string(name), "caption": .string("a document")],
                ])
            }
            _ = try await bot.emulator.receive(text: "the end", from: CloudBot.user)
            #expect(try await eventually("the last answer") { await bot.texts.contains("echo: the end") ? true : nil })
            #expect(try outside(bot.home) == before)
            #expect(try Data(contentsOf: bot.home.data.appending(path: "log.key")) == key)
            for place in ["/escaped.txt", "/tmp/escaped.txt"] {
                #expect(!FileManager.default.fileExists(atPath: place), "\(place)")
            }
        }
    }

    @Test func `links that were planted where files lie are neither followed nor written through`() async throws {
        let home = try TemporaryFolder()
        let victim = home.url.appending(path: "victim")
        try FileManager.default.createDirectory(at: victim, withIntermediateDirectories: true)
        try Data("precious".utf8).write(to: victim.appending(path: "file"))
        let media = home.data.appending(path: "media")
        try FileManager.default.createDirectory(at: media, withIntermediateDirectories: true)
        for place in [home.data, media] { #expect(chmod(place.path, 0o700) == 0) }
        for name in ["martlet-1", "martlet-media-1", "martlet-99999999"] {
            try FileManager.default.createSymbolicLink(
                at: media.appending(path: name),
                withDestinationURL: name.contains("media") ? victim.appending(path: "file") : victim)
        }
        try FileManager.default.createDirectory(
            at: media.appending(path: "martlet-77777777"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: media.appending(path: "martlet-77777777/inner"), withDestinationURL: victim)
        try await CloudBot.running(over: home) { bot in
            let image = try #require(Data(base64Encoded: Self.pixel))
            let id = try await bot.emulator.addMedia(Array(image), mimeType: "image/png")
            _ = try await bot.emulator.receive([
                "from": .string(CloudBot.user), "image": ["id": .string(id), "caption": "what is this?"],
            ])
            #expect(await bot.emulator.waitForSent(2, within: .patience))
        }
        #expect(try String(contentsOf: victim.appending(path: "file"), encoding: .utf8) == "precious")
        #expect(try FileManager.default.contentsOfDirectory(atPath: victim.path) == ["file"])
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: media.path))
                == [".lock", "martlet-1", "martlet-media-1", "martlet-99999999"])
    }

    static let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}
