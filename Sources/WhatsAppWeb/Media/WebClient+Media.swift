public import Foundation
import AsyncHTTPClient
import Logging
import WhatsAppKeys
import WhatsAppWire

extension WebClient {
    /// Encrypts a file and brings it to a media server; put the result into an `OutgoingMessage`.
    /// - Throws: `WebError` with `tooLarge`, `file`, `timedOut`, `disconnected`, `refused` or `malformed`.
    public func upload(
        _ source: MediaSource, as kind: MediaKind, mimeType: String, limit: Int = 2 << 30
    ) async throws -> MediaReference {
        // In two steps: as one, swiftc 6.3.1 crashes when it optimizes this.
        let transfer = try mediaTransfer()
        return try await transfer.upload(source, as: kind, mimeType: mimeType, limit: limit)
    }

    /// Fetches a small file.
    /// - Parameters:
    ///   - limit: the most bytes that are taken.
    ///   - message: the message that it came with: if the file is gone from the servers, the sender's phone is asked
    ///     for it again.
    /// - Throws: `WebError` with `mediaGone`, `mediaTruncated`, `mediaSwapped`, `mediaDamaged`, `tooLarge`,
    ///   `timedOut`, `disconnected` or `refused`.
    public func download(
        _ media: MediaReference, limit: Int, askingFor message: MessageReference? = nil
    ) async throws -> [UInt8] {
        let transfer = try mediaTransfer()
        do { return try await transfer.download(media, limit: limit) } catch  where error.code == .mediaGone {
            guard let message else { throw error }
            return try await transfer.download(try await askAgain(for: media, of: message), limit: limit)
        }
    }

    /// Fetches a file to disk; nothing is left at `file` unless all checks pass.
    /// - Parameters:
    ///   - file: must not exist yet; is made readable for this user only.
    ///   - limit: the most bytes that are taken.
    ///   - message: as of `download(_:limit:askingFor:)`.
    /// - Throws: as `download(_:limit:askingFor:)`, and `WebError` with `file`.
    public func download(
        _ media: MediaReference, to file: URL, limit: Int, askingFor message: MessageReference? = nil
    ) async throws {
        let transfer = try mediaTransfer()
        do { try await transfer.download(media, to: file, limit: limit) } catch  where error.code == .mediaGone {
            guard let message else { throw error }
            try await transfer.download(try await askAgain(for: media, of: message), to: file, limit: limit)
        }
    }

    /// Asks the phone of a file's sender to upload it again.
    /// - Returns: where it lies now.
    /// - Throws: `WebError` with `mediaGone` when the phone has it no more, `timedOut` when it is not online.
    public func askAgain(for media: MediaReference, of message: MessageReference) async throws -> MediaReference {
        guard let account = credentials?.account else { throw WebError(.notLinked, "no account is linked") }
        let question = try MediaRetry.request(
            for: message, mediaKey: media.key, own: account.phoneNumber.withoutDevice,
            nonce: SecretBytes.random(count: MediaRetry.nonceByteCount).exposed())
        let answer = try await answer(to: .media(message.id), after: question, within: .seconds(60))
        switch try MediaRetry.outcome(answer, mediaKey: media.key) {
        case .uploaded(let path):
            var media = media
            media.directPath = path
            return media
        case .notFound: throw WebError(.mediaGone, "the sender's phone has the file no more")
        case .failed: throw WebError(.mediaGone, "the sender's phone could not upload the file again")
        }
    }

    /// The way to the media servers, made at the first need.
    func mediaTransfer() throws -> MediaTransfer {
        if let media { return media }
        guard session != nil else { throw WebError(.disconnected, "there is no connection now") }
        // They hold the client until `closeMedia`, which ends each run.
        let connections = MediaConnections(time: time) { try await self.askForMediaServers() }
        let transfer = MediaTransfer(
            http: try settings.makeHTTPClient(redirects: .disallow), connections: connections,
            addresses: MediaAddress(scheme: settings.server.scheme == "ws" ? "http" : "https"), time: time,
            random: { SecretBytes.random(count: $0).exposed() })
        media = transfer
        return transfer
    }

    private func askForMediaServers() async throws -> MediaConnection {
        let answer = try await request(MediaConnection.request)
        return try MediaConnection(answer: answer, at: time.now())
    }

    /// Ends what is under way with the media servers.
    func closeMedia() async {
        guard let http = media?.http else { return }
        media = nil
        do { try await http.shutdown() } catch {
            logger.warning(
                "The connections to the media servers did not end well", metadata: ["error": "\(type(of: error))"])
        }
    }
}
