import BotKit
import Foundation

/// Turns a file that a network does not take into one that it does, with the ffmpeg of this machine.
struct MediaTranscoder: Sendable {
    /// What WhatsApp takes of sound, in bytes.
    private static let longestSound = 16 << 20
    /// A thumbnail stands in the message itself; in bytes.
    private static let largestThumbnail = 16 << 10
    /// The largest file that is made: an hour of samples.
    private static let largestFile = 32 << 20
    /// How many samples a second are enough for a wave.
    private static let waveRate = 4_000

    private let ffmpeg: ExternalProgram
    private let limits: ExternalProgram.Limits
    private let time: any TimeSource
    private let folder: MediaFolder

    /// - Parameters:
    ///   - searchPath: folders with colons between them, as in `PATH`.
    ///   - folder: where the copies are made.
    ///   - deadline: how long one file may take.
    /// - Returns: `nil` when none of them has an ffmpeg.
    init?(
        searchPath: String, folder: MediaFolder = MediaFolder(), time: any TimeSource,
        deadline: Duration = .seconds(60)
    ) {
        guard let ffmpeg = ExternalProgram("ffmpeg", searchPath: searchPath) else { return nil }
        self.ffmpeg = ffmpeg
        self.folder = folder
        self.time = time
        limits = ExternalProgram.Limits(time: deadline, fileSize: Self.largestFile)
    }

    /// A copy of the file in a form that WhatsApp takes, a JPEG image or Ogg/Opus sound; whoever asks removes it.
    /// - Returns: `nil` for other kinds, and when ffmpeg cannot read the file or takes too long.
    func converted(_ media: OutgoingMedia) async -> OutgoingMedia? {
        guard let form = Form(media.kind), let copy = await copy(of: media.file, form.arguments) else { return nil }
        return OutgoingMedia(
            kind: media.kind, file: copy, mimeType: form.mimeType, caption: media.caption, fileName: media.fileName)
    }

    /// What a recording sounds like: 16-bit samples of one channel, and its length in seconds. At most an hour of it.
    /// - Returns: `nil` when ffmpeg cannot read the file or takes too long.
    func samples(of file: URL) async -> (samples: [Int16], seconds: Int)? {
        let arguments = [
            "-vn", "-ac", "1", "-ar", "\(Self.waveRate)", "-t", "3600", "-c:a", "pcm_s16le", "-f", "s16le",
        ]
        guard let copy = await copy(of: file, arguments) else { return nil }
        defer { try? FileManager.default.removeItem(at: copy) }
        guard let bytes = try? Data(contentsOf: copy), bytes.count >= 2 else { return nil }
        let samples = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
        }
        return (samples, max(1, (samples.count + Self.waveRate / 2) / Self.waveRate))
    }

    /// A small JPEG of a picture, or of the first picture of a film, to be shown until the file is fetched.
    /// - Returns: `nil` when ffmpeg cannot read the file or takes too long.
    func thumbnail(of file: URL) async -> [UInt8]? {
        let arguments = [
            "-frames:v", "1", "-vf",
            "scale=w='min(96,iw)':h='min(96,ih)':force_original_aspect_ratio=decrease,format=yuvj420p",
            "-c:v", "mjpeg", "-q:v", "8", "-map_metadata", "-1", "-f", "image2", "-update", "1",
        ]
        guard let copy = await copy(of: file, arguments) else { return nil }
        defer { try? FileManager.default.removeItem(at: copy) }
        guard let bytes = try? Data(contentsOf: copy), (1...Self.largestThumbnail).contains(bytes.count) else {
            return nil
        }
        return [UInt8](bytes)
    }

    /// What ffmpeg makes of a file; whoever asks removes it.
    /// - Returns: `nil` when it cannot read the file, takes too long, or when there is no room.
    private func copy(of file: URL, _ form: [String]) async -> URL? {
        let copy = folder.newFile()
        do {
            try await folder.withRoom(for: Self.largestFile) {
                // Whatever else it writes goes with its folder.
                try await folder.withFolder { place in
                    let made = place.appending(path: "made")
                    let arguments =
                        ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "file"]
                        + ["-i", "file:\(file.path)"] + form + ["file:\(made.path)"]
                    try await ffmpeg.run(arguments, in: place, limits: limits, time: time)
                    guard try made.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else {
                        throw CocoaError(.fileReadUnknown)
                    }
                    try FileManager.default.moveItem(at: made, to: copy)
                }
            }
            return copy
        } catch {
            return nil
        }
    }

    /// What a kind of file becomes.
    private struct Form {
        let mimeType: String
        let arguments: [String]

        init?(_ kind: Media.Kind) {
            switch kind {
            case .image:
                mimeType = "image/jpeg"
                // At most 2048 pixels a side stays below the limit of 5 MB.
                arguments = [
                    "-frames:v", "1", "-vf",
                    "scale=w='min(2048,iw)':h='min(2048,ih)':force_original_aspect_ratio=decrease,format=yuvj420p",
                    "-c:v", "mjpeg", "-q:v", "4", "-f", "image2", "-update", "1",
                ]
            case .audio, .voice:
                mimeType = "audio/ogg; codecs=opus"
                // The form of a voice note: one channel.
                arguments =
                    ["-vn", "-map_metadata", "-1", "-ac", "1", "-ar", "48000", "-c:a", "libopus", "-b:a", "32k"]
                    + ["-fs", "\(MediaTranscoder.longestSound)", "-f", "ogg"]
            case .video, .document, .sticker: return nil
            }
        }
    }
}
