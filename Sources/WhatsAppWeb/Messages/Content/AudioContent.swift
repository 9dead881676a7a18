import WhatsAppProto

/// A sound file or a voice note.
public struct AudioContent: Sendable, Hashable {
    /// The file; nil if the message does not say properly where it is.
    public var media: MediaReference?
    public var seconds: Int?
    /// A recording, shown with its wave; Opus in an Ogg file.
    public var isVoiceNote: Bool
    /// The wave of a voice note: 64 values of 0 to 100.
    public var waveform: [UInt8]?

    public init(
        _ media: MediaReference?, seconds: Int? = nil, isVoiceNote: Bool = false, waveform: [UInt8]? = nil
    ) {
        self.media = media
        self.seconds = seconds
        self.isVoiceNote = isVoiceNote
        self.waveform = waveform
    }

    init(_ message: WAAudioMessage) {
        self.init(
            MediaReference(message, as: .audio), seconds: message.seconds.ifNotZero, isVoiceNote: message.voiceNote,
            waveform: message.waveform.byteArrayIfAny)
    }
}

extension AudioContent {
    /// How many values a wave has.
    public static let waveformLength = 64

    /// The wave of a recording, to be shown with a voice note.
    /// - Parameter samples: 16-bit samples of one channel, at any rate.
    /// - Returns: 64 values of 0 to 100; all 0 if there are no samples.
    public static func waveform(of samples: [Int16]) -> [UInt8] {
        var loudness = [UInt64](repeating: 0, count: waveformLength)
        for part in 0..<waveformLength {
            let start = samples.count * part / waveformLength
            let end = max(samples.count * (part + 1) / waveformLength, min(start + 1, samples.count))
            guard start < end else { continue }
            let sum = samples[start..<end].reduce(UInt64(0)) { $0 + UInt64($1.magnitude) }
            loudness[part] = sum / UInt64(end - start)
        }
        let loudest = max(loudness.max() ?? 0, 1)
        return loudness.map { UInt8($0 * 100 / loudest) }
    }
}
