import BotKit
import Foundation
import Logging
import WhatsAppCloud

extension WhatsAppCloudProvider {
    /// Sends a file as it is; re-encoded when Meta refuses that; and when that cannot be done or is refused too, words
    /// that say so.
    func send(
        _ media: OutgoingMedia, to recipient: Recipient, quoting: WhatsAppMessageID?, as message: BotKit.OutgoingMessage
    ) async throws -> MessageID {
        let refusals = refusedFiles.count(of: message.row)
        guard refusals < 2, let (id, key) = try await upload(media, isRefused: refusals > 0) else {
            logger.error(
                "a file was not taken by Meta; words went out in its place",
                metadata: ["kind": "\(media.kind.rawValue)", "has_ffmpeg": "\(transcoder != nil)"])
            let words = ReplyBody.words(replacing: media, in: message.reply.language)
            return try await send(words, to: recipient, quoting: quoting, as: message)
        }
        do {
            return try await send(ReplyBody.message(media, as: id), to: recipient, quoting: quoting, as: message)
        } catch let failure as SendFailure where failure.isRefusalOfFile {
            refusedFiles.note(message.row)
            throw SendFailure(.retry(after: nil), code: failure.code, failure.description)
        } catch let failure as SendFailure where failure.remedy == .giveUp && key != nil {
            // The file may be gone at Meta before its time: once more, with a fresh one.
            if let key { try await stored { try await uploads.forget(key) } }
            throw SendFailure(.retry(after: nil), code: failure.code, failure.description)
        }
    }

    /// - Parameter isRefused: whether Meta refused the file as it is.
    /// - Returns: whose key is `nil` when the file was uploaded just now; `nil` when there is no form that Meta takes.
    private func upload(_ media: OutgoingMedia, isRefused: Bool) async throws -> (id: MediaID, key: String?)? {
        let key: String
        do { key = try UploadedMedia.key(of: media) } catch {
            throw SendFailure(.giveUp, code: "file", "the file to send cannot be read")
        }
        if !isRefused {
            let now = time.now
            if let known = try await stored({ try await uploads.id(of: key, at: now) }) { return (known, key) }
            if let id = try await upload(media, under: key) { return (id, nil) }
        }
        guard let copy = await transcoder?.converted(media) else { return nil }
        defer { try? FileManager.default.removeItem(at: copy.file) }
        return try await upload(copy, under: key).map { ($0, nil) }
    }

    /// - Returns: `nil` when the API does not take such a file.
    private func upload(_ media: OutgoingMedia, under key: String) async throws -> MediaID? {
        do {
            let id = try await graph.upload(media.file, mimeType: media.mimeType)
            let now = time.now
            try await stored { try await uploads.note(id, of: key, at: now) }
            return id
        } catch let error as GraphError where error.isAboutTheFile {
            return nil
        } catch let error as GraphError {
            // An upload that was lost sent nothing to anybody.
            var harmless = error
            harmless.mayHaveBeenAccepted = false
            throw try await judged(harmless, in: nil)
        }
    }
}

extension SendFailure {
    /// Whether Meta refused the file in the message rather than the message.
    fileprivate var isRefusalOfFile: Bool {
        Int(code).map { ErrorTable.remedy(code: $0) } == .media(.cannotUpload)
    }
}

extension GraphError {
    /// Whether another form of the file may be taken: its type, its bytes or its size are wrong.
    fileprivate var isAboutTheFile: Bool {
        if code == .mediaMismatch || code == .mediaTooLarge { return true }
        return reported != nil && [.media(.cannotUpload), .badRequest].contains(remedy)
    }
}

extension ReplyBody {
    /// What is said in the place of a file that could not be sent: its caption and an apology.
    static func words(replacing media: OutgoingMedia, in language: Language?) -> WhatsAppCloud.OutgoingMessage {
        let caption = media.caption.flatMap { $0.isEmpty ? nil : $0 }
        let language = language ?? caption.flatMap { Language.detected(in: $0) } ?? .english
        let apology = Phrasebook().string(.fileNotTaken, in: language)
        return .text([caption?.cut(to: 3_000), apology].compactMap { $0 }.joined(separator: "\n\n"))
    }
}

extension Text {
    fileprivate static let fileNotTaken = Text(
        "cloud.file_not_taken", en: "(A file belongs here, but WhatsApp does not take it in this form.)",
        he: "(כאן אמור להיות קובץ, אבל וואטסאפ לא מקבל אותו בצורה הזאת.)")
}
