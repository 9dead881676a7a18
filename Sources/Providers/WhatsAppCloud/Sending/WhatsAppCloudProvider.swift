public import BotKit
public import Foundation
import Logging
import ServiceLifecycle
import WhatsAppCloud

/// One number of the official API.
public struct WhatsAppCloudProvider: MessageProvider {
    public let account: AccountID
    public let abilities: Abilities
    let graph: GraphClient
    let state: AccountState
    let users: CloudUserDirectory
    let windows: ServiceWindows
    let template: WindowTemplate
    let uploads: UploadedMedia
    let acknowledgements: AcknowledgementQueue
    let desk: UpdateDesk
    let health: HealthCheck
    let refusedFiles: RefusedFiles
    let holds: CloudHolds
    /// Where files under way lie.
    let files: MediaFolder
    /// `nil` when this machine has no ffmpeg.
    let transcoder: MediaTranscoder?
    let logger: Logger
    let time: any TimeSource

    public var isConnected: Bool { state.isConnected }

    /// Handles stored updates, tells what was read, and watches the token, until shutdown.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await acknowledgements.run() }
                    group.addTask { try await desk.run() }
                    group.addTask { try await health.run() }
                    try await group.waitForAll()
                }
            }
        } catch is CancellationError {
            // The shutdown that it waited for.
        }
    }

    public func send(_ message: BotKit.OutgoingMessage) async throws -> MessageID {
        if let stop = state.obstacle() { throw SendFailure(stop, at: time.now) }
        let recipient = try await recipient(of: message.chat)
        let body = ReplyBody(message.reply, isGroup: recipient.isGroup)
        let isTemplate = body.isTemplate
        if !recipient.isGroup && !isTemplate { try await requireOpenWindow(of: message.chat) }
        let quoted = message.reply.quotes.map { WhatsAppMessageID(rawValue: $0.rawValue) }
        switch body {
        case .message(let body):
            let isReaction = if case .reaction = body { true } else { false }
            do {
                return try await send(body, to: recipient, quoting: isReaction ? nil : quoted, as: message)
            } catch let failure as SendFailure where isTemplate && failure.isRefusedTemplate {
                guard let words = message.reply.text, try await isOpen(recipient, message.chat) else { throw failure }
                return try await send(.text(words.cut(to: 4_096)), to: recipient, quoting: quoted, as: message)
            }
        case .media(let media): return try await send(media, to: recipient, quoting: quoted, as: message)
        }
    }

    public func takesNumbers(for menu: RenderedReply, inGroup: Bool) -> Bool {
        guard case .menu = menu.content else { return false }
        return !ReplyBody(menu, isGroup: inGroup).hasButtons
    }

    /// The direct chat of the person that its row was joined with.
    public func presentName(of chat: ChatID) async throws -> ChatID {
        guard let row = CloudUser.row(of: chat), let user = try await users.user(row) else { return chat }
        return user.chat(of: account)
    }

    public func acknowledge(_ message: InboundMessage, typing: Bool) async {
        acknowledgements.add(message, typing: typing)
    }

    public func load(_ media: Media, maxBytes: Int) async throws -> Data {
        // No file is larger than what Meta takes.
        try await files.withRoom(for: min(maxBytes, 100 << 20)) { try await fetch(media, maxBytes: maxBytes) }
    }

    private func fetch(_ media: Media, maxBytes: Int) async throws -> Data {
        let file = files.newFile()
        defer { try? FileManager.default.removeItem(at: file) }
        do {
            _ = try await graph.download(
                MediaID(rawValue: media.reference), to: file, limit: maxBytes, webhookHash: media.sha256)
        } catch {
            switch error.code {
            case .mediaTooLarge: throw Refusal(.tooLarge, reason: "media_too_large")
            case .mediaGone: throw Refusal(.gone, reason: "media_gone")
            // Fetched again it would be the same.
            case .mediaMismatch, .hostNotAllowed:
                logger.warning("a file is refused", metadata: ["error": "\(error.description)"])
                throw Refusal(.damaged, reason: "media_damaged")
            // What Meta no longer knows by its id is gone too; it says so as "unsupported get request" (100, 33).
            case .refused where error.reported?.code == 100: throw Refusal(.gone, reason: "media_gone")
            default: throw Outage("media", error.description, retryAfter: error.retryAfter?.delay(from: time.now))
            }
        }
        do { return try Data(contentsOf: file) } catch {
            throw Outage("disk", "a file that was fetched cannot be read back")
        }
    }

    // MARK: - Steps of a send

    private func recipient(of chat: ChatID) async throws -> Recipient {
        guard let row = CloudUser.row(of: chat) else {
            guard chat.name.hasPrefix("g") else { throw Self.unknownRecipient }
            return .group(WhatsAppGroupID(rawValue: String(chat.name.dropFirst())))
        }
        guard let recipient = try await stored({ try await users.user(row) })?.recipient else {
            throw Self.unknownRecipient
        }
        return recipient
    }

    /// Whether more than a template may be sent: to a group always.
    private func isOpen(_ recipient: Recipient, _ chat: ChatID) async throws -> Bool {
        guard !recipient.isGroup else { return true }
        return try await stored { try await windows.isOpen(try await presentName(of: chat), at: time.now) }
    }

    private func requireOpenWindow(of chat: ChatID) async throws {
        let chat = try await stored { try await presentName(of: chat) }
        guard try await !stored({ try await windows.isOpen(chat, at: time.now) }) else { return }
        try await template.offer(in: chat)
        throw SendFailure.untried(
            .windowClosed,
            code: "window_closed", "24 hours have passed since the member wrote")
    }

    func send(
        _ body: WhatsAppCloud.OutgoingMessage, to recipient: Recipient, quoting: WhatsAppMessageID?,
        as message: BotKit.OutgoingMessage
    ) async throws -> MessageID {
        do {
            let receipt = try await graph.send(
                body, to: recipient, callbackData: StoredStatus.Token.of(message.row), replyTo: quoting)
            state.noteSent()
            return MessageID(rawValue: receipt.messageID.rawValue)
        } catch {
            throw try await judged(error, in: message.chat)
        }
    }

    /// What the outbox shall do about an error, after what we had to do about it.
    func judged(_ error: GraphError, in chat: ChatID?) async throws -> SendFailure {
        let failure = SendFailure(error, at: time.now, holds: holds)
        switch failure.remedy {
        case .stopAccount: state.stop(AccountState.Stop(failure))
        case .windowClosed where failure.isClosedWindow:
            if let chat { try await template.offer(in: try await stored { try await presentName(of: chat) }) }
        case .windowClosed: logger.logParked(failure)
        case .retry, .uncertain:
            if error.code == .connectionFailed || error.code == .timedOut { state.noteUnreachable() }
        case .postpone, .holdChat, .holdAccount, .giveUp: break
        }
        return failure
    }

    /// What the store says; when it fails, nothing went out.
    func stored<Value: Sendable>(_ read: () async throws -> Value) async throws -> Value {
        do { return try await read() } catch {
            throw SendFailure.untried(
                .retry(after: nil), code: "store", "the store failed (\(error.safeDescription))")
        }
    }

    private static let unknownRecipient = SendFailure.untried(
        .giveUp, code: "unknown_recipient", "neither a number nor an id of the recipient is known")
}

extension Text {
    fileprivate static let tooLarge = Text(
        "cloud.tooLarge", en: "That file is too large for me.", he: "הקובץ הזה גדול מדי בשבילי.")
    fileprivate static let damaged = Text(
        "cloud.fileDamaged", en: "That file came damaged, so I left it alone. Please send it again.",
        he: "הקובץ הגיע פגום, אז לא פתחתי אותו. אפשר לשלוח אותו שוב?")
    fileprivate static let gone = Text(
        "cloud.fileGone", en: "That file is no longer there. Please send it again.",
        he: "הקובץ הזה כבר לא זמין. אפשר לשלוח אותו שוב?")
}
