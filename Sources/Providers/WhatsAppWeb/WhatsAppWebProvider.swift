public import BotKit
import Foundation
import Logging
import ServiceLifecycle
import WhatsAppWeb
import WhatsAppWire

/// One linked account of WhatsApp.
public struct WhatsAppWebProvider: MessageProvider {
    public let account: AccountID
    public let abilities: Abilities
    let client: WebClient
    let store: DatabaseWebStore
    let settings: WhatsAppWebSettings
    let state: WebAccountState
    let users: WebUserDirectory
    let chats: WebChatBook
    let polls: PollBook
    let recent: RecentMessages
    /// Where messages that `recent` has forgotten are found.
    let inbox: any Inbox
    /// `nil` when this machine has no ffmpeg.
    let transcoder: MediaTranscoder?
    let logger: Logger
    let metrics: WebMetrics
    let time: any TimeSource

    public var isConnected: Bool { state.isConnected }

    /// Stays connected until shutdown. When the network ends the connection for good, the operator is told and the
    /// account rests; the others go on. After a ban for a while it comes back by itself.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await serve() }
                    group.addTask { await listen() }
                    try await group.waitForAll()
                }
            }
        } catch is CancellationError {
            // The shutdown that it waited for.
        }
    }

    private func serve() async throws {
        // Without a connection this only tells the client what is wanted.
        if !settings.isOnline { try? await client.setOnline(false) }
        do {
            let reason = try await client.run { end, _ in
                try await outlast(WebBan(until: end, at: time.now))
                return true
            }
            end(WebAccountState.Stop(code: reason.code, problem: reason.message))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            end(WebAccountState.Stop(code: "store", problem: "\(error.safeDescription). Start the bot again."))
        }
        while true { try await time.sleep(for: .seconds(86_400)) }
    }

    /// Rests until a ban is over; the operator is told at both ends.
    private func outlast(_ ban: WebBan) async throws {
        state.setBan(ban)
        var metadata = metrics.banned(account)
        let end: Logger.MetadataValue = "\(ban.end.formatted(.iso8601))"
        metadata["code"] = "banned"
        metadata["until"] = end
        logger.critical(
            "WhatsApp has banned the number for a while; it connects again by itself. Write less, and not to strangers",
            metadata: metadata)
        try await time.sleep(until: ban.end)
        state.setBan(nil)
        logger.warning("the ban's time has passed, and the account connects again", metadata: ["until": end])
    }

    private func end(_ stop: WebAccountState.Stop) {
        state.stop(stop)
        var metadata = metrics.connectionEnded(of: account)
        metadata["code"] = "\(stop.code)"
        metadata["problem"] = "\(stop.problem)"
        logger.critical("the account is not connected any more, and an operator must look", metadata: metadata)
    }

    private func listen() async {
        for await notice in client.notices {
            switch notice {
            case .connection(let connection):
                state.setOnline(connection == .online)
                if connection == .online { logger.info("connected to WhatsApp") }
            case .qr, .pairingCode:
                logger.warning("the account is not linked; run martlet link")
            case .caughtUp(let count): logger.info("caught up with WhatsApp", metadata: ["stanzas": "\(count)"])
            case .presence, .typing: break
            }
        }
    }

    // MARK: - Out

    public func makeMessageID() -> BotKit.MessageID? { newMessageID }

    var newMessageID: BotKit.MessageID {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<WhatsAppWire.MessageID.randomByteCount).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        let seconds = UInt64(max(0, time.now.timeIntervalSince1970))
        // The account's number would tell nothing more than these bytes: it all goes into one hash.
        return MessageID(rawValue: WhatsAppWire.MessageID.make(user: account.name, seconds: seconds, random: random))
    }

    public func takesNumbers(for menu: RenderedReply, inGroup: Bool) -> Bool {
        guard case .menu = menu.content else { return false }
        if case .poll = WebReplyBody(menu, menus: settings.menus) { return false }
        return true
    }

    /// The chat under the person's hidden id, which a number alone stood for before.
    public func presentName(of chat: ChatID) async throws -> ChatID {
        guard let address = chat.address, address.isPhoneNumber,
            let lid = try await users.hiddenID(ofPhone: address.user)
        else { return chat }
        return ChatID(account: account, address: lid)
    }

    // MARK: - Signs of life

    public func acknowledge(_ message: InboundMessage, typing: Bool) async {
        guard state.isConnected, message.isNoteToSelf != true, let reference = reference(to: message) else { return }
        do {
            if state.noteRead(message.id) {
                try await client.markRead([reference], isHidden: !settings.sendsReadReceipts)
                if message.media?.kind == .voice, settings.sendsReadReceipts {
                    try await client.markPlayed([reference])
                }
            }
            guard typing else { return }
            state.beganTyping(in: message.chat)
            try await client.show(.typing, in: reference.chat)
        } catch {
            // Nobody waits for it, and the answer says more.
            logger.debug("a read mark or typing state was not sent", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// The name of a message that came.
    func reference(to message: InboundMessage) -> MessageReference? {
        if let entry = recent.entry(message.id, in: message.chat) { return entry.reference }
        guard let chat = message.chat.address, let sender = message.sender.id.address else { return nil }
        return MessageReference(
            id: message.id.rawValue, chat: chat, sender: message.isGroup ? sender : chat,
            isFromMe: message.isNoteToSelf == true)
    }
}

extension EndReason {
    /// The reason as a closed word.
    fileprivate var code: String {
        switch self {
        case .unlinked(let reason): "unlinked_\(reason.rawValue)"
        case .notScanned: "not_linked"
        case .replaced: "replaced"
        case .bannedUntil: "banned"
        case .outdated: "outdated"
        case .untrustedServer: "untrusted_server"
        case .refused(let status): "refused_\(status)"
        }
    }
}
