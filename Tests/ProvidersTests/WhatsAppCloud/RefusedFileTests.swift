import BotKit
import Foundation
import Hummingbird
import Testing

@testable import Providers

/// Files that Meta does not take as they are (its errors 131053 and those of the upload).
@Suite struct RefusedFileTests {
    private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0]

    /// A folder with a file to send and, if wanted, a program called ffmpeg.
    private final class Bench: Sendable {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
        let search: String

        /// - Parameter ffmpeg: the shell script that stands for it; `$out` is where its result belongs.
        init(ffmpeg: String?) throws {
            search = folder.appending(path: "bin").path
            try FileManager.default.createDirectory(atPath: search, withIntermediateDirectories: true)
            guard let ffmpeg else { return }
            let script = "#!/bin/sh\nfor out; do :; done\nout=${out#file:}\n\(ffmpeg)\n"
            let program = folder.appending(path: "bin/ffmpeg")
            try Data(script.utf8).write(to: program)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func media(_ kind: Media.Kind, _ mimeType: String, _ bytes: [UInt8], caption: String? = nil) throws
            -> OutgoingMedia
        {
            let file = folder.appending(path: "file")
            try Data(bytes).write(to: file)
            return OutgoingMedia(kind: kind, file: file, mimeType: mimeType, caption: caption)
        }
    }

    private static let makesJPEG = #"printf '\377\330\377\340new' > "$out""#
    private static let makesOgg = #"printf 'OggSnew' > "$out""#

    private func uploads(_ rig: CloudRig) -> [GraphRequestSeen] {
        rig.graph.seen.filter { $0.path.hasSuffix("/media") }
    }

    private func body(_ request: GraphRequestSeen?) -> String? {
        (request?.json["text"] as? [String: Any])?["body"] as? String
    }

    @Test(
        arguments: [
            (Media.Kind.image, "image/bmp", [0x42, 0x4D, 1], makesJPEG, "image/jpeg"),
            (.image, "image/png", jpeg, makesJPEG, "image/jpeg"),
            (.voice, "audio/opus", [1, 2, 3], makesOgg, "audio/ogg; codecs=opus"),
            (.audio, "audio/wav", [1, 2, 3], makesOgg, "audio/ogg; codecs=opus"),
        ] as [(Media.Kind, String, [UInt8], String, String)])
    func `a file that the API takes in no way is re-encoded before it is uploaded`(
        kind: Media.Kind, mimeType: String, bytes: [UInt8], ffmpeg: String, becomes: String
    ) async throws {
        let bench = try Bench(ffmpeg: ffmpeg)
        try await CloudRig.running(runsProviders: false, searchPath: bench.search) { rig async throws in
            let chat = try await rig.open()
            let media = try bench.media(kind, mimeType, bytes)
            for _ in 0..<2 { _ = try await rig.send(.media(media), to: chat) }
            #expect(uploads(rig).count == 1)
            #expect(uploads(rig).first?.text.contains("Content-Type: \(becomes)") == true)
            #expect(
                rig.graph.sent.map { $0.json["type"] as? String }
                    == [String?](repeating: kind == .image ? "image" : "audio", count: 2))
        }
    }

    @Test(arguments: [nil, "exit 1", "printf nonsense > \"$out\""])
    func `without ffmpeg, or when it fails, the member is told in words`(_ ffmpeg: String?) async throws {
        let bench = try Bench(ffmpeg: ffmpeg)
        try await CloudRig.running(runsProviders: false, searchPath: bench.search) { rig async throws in
            let chat = try await rig.open()
            let media = try bench.media(.image, "image/bmp", [0x42, 0x4D], caption: "הים")
            _ = try await rig.send(.media(media), to: chat, quoting: "wamid.OPEN")
            #expect(uploads(rig).isEmpty)
            let words = try #require(body(rig.graph.sent.first))
            #expect(words.hasPrefix("הים\n\n(כאן אמור להיות קובץ"))
            #expect((rig.graph.sent.first?.json["context"] as? [String: Any])?["message_id"] as? String == "wamid.OPEN")
            _ = try await rig.send(.media(try bench.media(.document, "font/woff", [1])), to: chat)
            #expect(body(rig.graph.sent.last) == "(A file belongs here, but WhatsApp does not take it in this form.)")
        }
    }

    @Test func `a file that Meta refuses later is re-encoded once, and then given up for words`() async throws {
        let bench = try Bench(ffmpeg: Self.makesJPEG)
        try await CloudRig.running(searchPath: bench.search) { rig async throws in
            let chat = try await rig.open()
            let media = try bench.media(.image, "image/jpeg", Self.jpeg, caption: "sea")
            for attempt in 1...3 {
                _ = try await rig.send(.media(media), to: chat, row: 9)
                try await rig.deliver(Payload.failure(131_053, row: 9, id: "wamid.OUT\(attempt)"))
                try await rig.wait { rig.reports.all.count == attempt }
            }
            let remedies = rig.reports.all.map { report -> SendFailure.Remedy? in
                if case .failed(let failure) = report.event { failure.remedy } else { nil }
            }
            #expect(remedies == [.retry(after: nil), .retry(after: nil), .giveUp])
            #expect(uploads(rig).map { $0.text.contains("new") } == [false, true])
            #expect(body(rig.graph.sent.last)?.hasPrefix("sea\n\n(A file belongs here") == true)
        }
    }

    @Test func `a file that Meta refuses at once is tried in another form`() async throws {
        let bench = try Bench(ffmpeg: Self.makesJPEG)
        try await CloudRig.running(runsProviders: false, searchPath: bench.search) { rig async throws in
            let chat = try await rig.open()
            rig.graph.answer { request in
                guard request.path.hasSuffix("/media"), !request.text.contains("new") else { return nil }
                return .json(#"{"error":{"message":"no","code":131053}}"#, .badRequest)
            }
            _ = try await rig.send(.media(try bench.media(.image, "image/jpeg", Self.jpeg)), to: chat)
            #expect(uploads(rig).count == 2)
            #expect(rig.graph.sent.last?.json["type"] as? String == "image")
        }
    }

    @Test func `an ffmpeg that does not come back is ended, and sees none of our settings`() async throws {
        let bench = try Bench(ffmpeg: "/usr/bin/env > \"${0%/*}/environment\"; exec /bin/sleep 600")
        let transcoder = try #require(
            MediaTranscoder(searchPath: bench.search, time: SystemTime(), deadline: .seconds(1)))
        #expect(await transcoder.converted(try bench.media(.image, "image/bmp", [1])) == nil)
        let environment = try String(contentsOfFile: bench.search + "/environment", encoding: .utf8)
        // What it is given, and what a shell adds for itself.
        let own = ["PATH", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_"]
        #expect(environment.split(separator: "\n").allSatisfy { own.contains(String($0.prefix { $0 != "=" })) })
    }

    private static let hasFFmpeg =
        MediaTranscoder(
            searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "", time: SystemTime()) != nil

    @Test(.enabled(if: hasFFmpeg, "this machine has no ffmpeg"))
    func `the ffmpeg of this machine turns a bitmap into a JPEG and a wave into Opus`() async throws {
        let bench = try Bench(ffmpeg: nil)
        let search = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let transcoder = try #require(MediaTranscoder(searchPath: search, time: SystemTime()))
        // A white bitmap of one pixel, and a tenth of a second of silence.
        let bitmap: [UInt8] =
            [0x42, 0x4D, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0]
            + [UInt8](repeating: 0, count: 24) + [255, 255, 255, 0]
        let wave: [UInt8] =
            Array("RIFF".utf8) + [0x64, 0x06, 0, 0] + Array("WAVEfmt ".utf8)
            + [16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0] + Array("data".utf8)
            + [0x40, 0x06, 0, 0] + [UInt8](repeating: 0, count: 1_600)
        for (kind, bytes, start) in [
            (Media.Kind.image, bitmap, Self.jpeg.prefix(3)), (.voice, wave, [0x4F, 0x67, 0x67]),
        ] {
            let copy = try #require(await transcoder.converted(try bench.media(kind, "x/y", bytes)))
            defer { try? FileManager.default.removeItem(at: copy.file) }
            #expect(try Data(contentsOf: copy.file).starts(with: start))
        }
    }
}
