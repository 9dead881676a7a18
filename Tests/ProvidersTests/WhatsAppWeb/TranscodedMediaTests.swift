import BotKit
import Foundation
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWeb

@testable import Providers
@testable import WhatsAppEmulator

/// What a real ffmpeg makes of files, on a member's phone.
@Suite(.timeLimit(.minutes(5))) struct TranscodedMediaTests {
    /// Three seconds of sound: silence, a soft tone, a loud one.
    private static var recording: Data {
        let rate = 16_000
        let samples = (0..<rate * 3).map { index -> Int16 in
            let loudness = [0.0, 4_000, 24_000][index / rate]
            return Int16(loudness * sin(Double(index) * 2 * .pi * 440 / Double(rate)))
        }
        var wave = Data()
        func write(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { wave.append(contentsOf: $0) }
        }
        wave += Data("RIFF".utf8)
        write(UInt32(36 + samples.count * 2))
        wave += Data("WAVEfmt ".utf8)
        for value in [UInt32(16)] { write(value) }
        for value in [UInt16(1), 1] { write(value) }
        for value in [UInt32(rate), UInt32(rate * 2)] { write(value) }
        for value in [UInt16(2), 16] { write(value) }
        wave += Data("data".utf8)
        write(UInt32(samples.count * 2))
        for sample in samples { write(sample) }
        return wave
    }

    /// Sends a file to a member, and gives what the member's phone shows.
    private func shown(
        _ kind: Media.Kind, _ bytes: Data, mimeType: String,
        _ body: @escaping @Sendable (WAMessage, WhatsAppWebProvider) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "media-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let searchPath = try await RealFFmpeg.link(in: folder)
        let file = folder.appending(path: "file")
        try bytes.write(to: file)
        try await WebRig.running([:], searchPath: searchPath) { rig, provider, _ in
            let id = try await rig.say("show me")
            let chat = try await rig.message("it") { $0.id == id }.chat
            let media = OutgoingMedia(kind: kind, file: file, mimeType: mimeType)
            let sent = try await provider.send(
                OutgoingMessage(
                    row: 1, chat: chat, messageID: provider.makeMessageID(),
                    reply: RenderedReply(content: .media(media)), attempt: 0))
            #expect(try await eventually { try await rig.mail(of: WebRig.dana).contains { $0.id == sent } })
            let message = try #require(try await rig.mail(of: WebRig.dana).first { $0.id == sent }).message
            try await body(message, provider)
        }
        #expect(FileManager.default.fileExists(atPath: file.path))
    }

    @Test func `a recording becomes a voice note with its type, length and wave, in Opus`() async throws {
        try await shown(.voice, Self.recording, mimeType: "audio/wav") { message, provider in
            let note = message.audio
            #expect(note.voiceNote && note.mimeType == "audio/ogg; codecs=opus" && note.seconds == 3)
            let wave = [UInt8](note.waveform)
            #expect(wave.count == 64 && wave.allSatisfy { $0 <= 100 })
            #expect(wave[2..<20].allSatisfy { $0 <= 2 }, "silence: \(wave)")
            #expect(wave[24..<40].allSatisfy { (5...40).contains($0) }, "softly: \(wave)")
            #expect(wave[46..<62].allSatisfy { $0 >= 80 }, "loudly: \(wave)")

            let reference = try #require(
                MediaReference(
                    kind: .audio, directPath: note.directPath, key: [UInt8](note.mediaKey),
                    sha256: [UInt8](note.fileSha256), encryptedSHA256: [UInt8](note.fileEncSha256),
                    byteCount: Int(note.fileLength)))
            let bytes = Data(try await provider.client.download(reference, limit: 1 << 20))
            #expect(bytes.starts(with: Data("OggS".utf8)) && bytes.range(of: Data("OpusHead".utf8)) != nil)
        }
    }

    @Test func `a picture goes as it is, with a small one to show until it is fetched`() async throws {
        let picture = Data(try QRPicture("a picture").png())
        try await shown(.image, picture, mimeType: "image/png") { message, provider in
            let image = message.image
            #expect(image.mimeType == "image/png" && image.fileLength == UInt64(picture.count))
            #expect(image.jpegThumbnail.starts(with: [0xFF, 0xD8, 0xFF]) && image.jpegThumbnail.count < 16_384)
            let (width, height) = try #require(Self.size(ofJPEG: [UInt8](image.jpegThumbnail)))
            #expect(max(width, height) == 96)
        }
    }

    @Test func `what ffmpeg cannot read goes without`() async throws {
        try await shown(.image, Data("no picture".utf8), mimeType: "image/png") { message, _ in
            #expect(message.hasImage && message.image.jpegThumbnail.isEmpty)
        }
    }

    /// What the first frame header (SOF0) of a JPEG file says.
    private static func size(ofJPEG bytes: [UInt8]) -> (width: Int, height: Int)? {
        guard let start = bytes.indices.dropLast(9).first(where: { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }) else {
            return nil
        }
        return (
            Int(bytes[start + 7]) << 8 | Int(bytes[start + 8]), Int(bytes[start + 5]) << 8 | Int(bytes[start + 6])
        )
    }
}
