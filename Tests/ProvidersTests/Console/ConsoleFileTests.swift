import BotKit
import Foundation
import Testing

@testable import Providers

@Suite final class ConsoleFileTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "console-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func file(_ name: String, _ content: String = "content") throws -> String {
        let path = folder.appending(path: name).path
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(arguments: [
        ("cat.JPG", Media.Kind.image, "image/jpeg"), ("note.ogg", .voice, "audio/ogg"),
        ("song.mp3", .audio, "audio/mpeg"),
        ("clip.mp4", .video, "video/mp4"), ("paper.pdf", .document, "application/pdf"),
        ("thing", .document, "application/octet-stream"), ("שלום.png", .image, "image/png"),
    ])
    func `the name says the kind`(name: String, kind: Media.Kind, type: String) throws {
        let media = try ConsoleFile(typed: try file(name)).media(caption: "look")
        #expect(media.kind == kind)
        #expect(media.mimeType == type)
        #expect(media.caption == "look")
        #expect(media.fileName == name)
    }

    @Test func `a media type that is given wins over the name`() throws {
        let media = try ConsoleFile(typed: try file("thing.bin")).media(mimeType: "Image/PNG; x=1", caption: nil)
        #expect(media.kind == .image)
        #expect(media.mimeType == "image/png")
    }

    @Test func `it loads up to the limit and refuses beyond`() throws {
        let file = ConsoleFile(path: try file("a.txt", "12345"))
        #expect(try file.load(maxBytes: 5) == Data("12345".utf8))
        #expect(throws: Refusal.self) { try file.load(maxBytes: 4) }
    }

    @Test func `a file that is gone is an outage without its name`() throws {
        let error = #expect(throws: Outage.self) { try ConsoleFile(path: "/nonexistent/secret").load(maxBytes: 5) }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func `the history is for its owner only, keeps the last lines and survives`() throws {
        let url = folder.appending(path: "chat_history")
        var history = TypedHistory(file: url)
        for number in 0..<510 { history.add("line \(number)") }
        let wasKept = [history.add("line 509"), history.add("  "), history.add("two\nlines \\n שלום")]
        #expect(wasKept == [false, false, true])
        let mode = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let again = TypedHistory(file: url)
        #expect(again.lines.count == 500)
        #expect(again.lines.first == "line 11")
        #expect(again.lines.last == "two\nlines \\n שלום")
    }

    @Test func `a history that cannot be written is kept in memory`() {
        var history = TypedHistory(file: URL(fileURLWithPath: "/nonexistent/history"))
        history.add("hello")
        #expect(history.lines == ["hello"])
    }
}
