import BotKit
import Foundation
import Logging
import WhatsAppWeb
import WhatsAppWire

/// Makes of what a client tells in one commit what the bot gets: messages, statements, news of what was sent.
struct WebReader: Sendable {
    /// A message with who wrote it.
    struct Item {
        let header: MessageHeader
        let message: ReceivedMessage?
        let content: InboundMessage.Content
        let sender: WebUser.Sighting
    }

    /// News of a message, whoever brings it.
    private struct Told: Hashable {
        let message: BotKit.MessageID
        let event: DeliveryReport.Event

        init(_ message: BotKit.MessageID, _ event: DeliveryReport.Event) {
            (self.message, self.event) = (message, event)
        }
    }

    let account: AccountID
    let accounts: WebAccounts
    let users: WebUserDirectory
    let chats: WebChatBook
    let polls: PollBook
    let recent: RecentMessages
    let receipts = ReceiptLog()
    let time: any TimeSource
    let logger: Logger
    let metrics: WebMetrics
    /// Whether the owner of the account may talk with the bot in the chat with themselves.
    let takesNotes: Bool

    /// - Throws: `DatabaseError`; then nothing of the commit is stored, and it comes again.
    func read(_ events: [WebEvent]) async throws -> WebDelivery {
        var items: [Item] = []
        var delivery = WebDelivery()
        delivery.whenReported = { [receipts] report in
            if case .reached(let state) = report.event { receipts.note(state, of: report.message) }
        }
        var old: [ReceivedMessage] = []
        var timers: [(chat: ChatID, seconds: Int)] = []
        var told: Set<Told> = []
        for event in events {
            switch event {
            case .message(let message):
                // Also one that the owner has set.
                if case .timer(let seconds, _) = message.content, message.header.chat.isUser {
                    timers.append((try await chat(of: message.header), seconds))
                }
                guard let sender = author(of: message.header) else { metrics.count(.foreign); continue }
                guard let content = try await content(of: message) else { metrics.count(.notice); continue }
                items.append(Item(header: message.header, message: message, content: content, sender: sender))
            case .unreadable(let message):
                guard let sender = Self.sighting(message.header) else { metrics.count(.foreign); continue }
                metrics.count(.unreadable)
                logger.warning(
                    "a message cannot be read", metadata: ["reason": "\(message.reason.rawValue)"])
                // The member hears of it, as of every kind that we cannot read.
                items.append(
                    Item(
                        header: message.header, message: nil, content: .unsupported(kind: message.reason.rawValue),
                        sender: sender))
            case .receipt(let receipt):
                // Each device tells it anew, perhaps in the same commit.
                delivery.reports += reports(of: receipt).filter { told.insert(Told($0.message, $0.event)).inserted }
            case .identityChanged:
                // Mostly a new phone. Members are told so by their own app.
                metrics.count(.identityChanged)
                logger.info("a contact has new keys")
            case .group(let event): note(event)
            // The account's row is written by the store.
            case .linked, .unlinked: break
            case .history(.messages(_, let messages)): old += messages
            // Names and settings of the owner are none of the bot's business.
            case .appState, .history, .unknown: metrics.count(.notice)
            }
        }
        try await add(items, to: &delivery)
        for timer in timers {
            if let note = try await chats.note(timer: timer.seconds, of: timer.chat) { delivery.writes.append(note) }
        }
        if !old.isEmpty { try await keep(old, in: &delivery) }
        return delivery
    }

    // MARK: - Messages

    /// Who wrote a message that is for the bot: not the account itself, no channel, no status, no list.
    static func sighting(_ header: MessageHeader) -> WebUser.Sighting? {
        // 0 is WhatsApp itself.
        guard !header.isFromMe, header.chat.isUser || header.chat.isGroup, header.sender.user != "0",
            !header.ownAddresses.contains(header.sender), !header.id.isEmpty, header.id.utf8.count <= 200
        else { return nil }
        return WebUser.Sighting([header.sender, header.senderAlias], name: header.pushName)
    }

    private func author(of header: MessageHeader) -> WebUser.Sighting? {
        guard takesNotes, header.isNoteToSelf else { return Self.sighting(header) }
        return WebUser.Sighting(header.ownAddresses, name: header.pushName)
    }

    private func content(of message: ReceivedMessage) async throws -> InboundMessage.Content? {
        switch message.content {
        case .pollVote(let vote): try await polls.choice(by: vote, in: message.header)
        case .sealed(let addition): try await opened(addition, of: message)?.inboundContent
        default: message.inboundContent
        }
    }

    private func add(_ items: [Item], to delivery: inout WebDelivery) async throws {
        guard !items.isEmpty else { return }
        let now = time.now
        let (people, writes) = try await users.resolve(items.map(\.sender), at: now)
        delivery.writes += writes
        for (item, user) in zip(items, people) {
            let header = item.header
            let chat = header.isGroup ? ChatID(account: account, address: header.chat) : user.chat(of: account)
            if !header.isGroup {
                let news = item.message?.chatTimer.map { WebChatBook.Entry(timerSeconds: $0) }
                if let note = try await chats.note(chat, of: user.member, news: news, at: now) {
                    delivery.writes.append(note)
                }
            }
            if let message = item.message { recent.note(message, in: chat) }
            metrics.count(.message)
            delivery.messages.append(
                InboundMessage(
                    id: MessageID(rawValue: header.id), chat: chat, isGroup: header.isGroup,
                    sender: .init(
                        id: user.member, name: user.name, phone: user.phone.flatMap { PhoneNumber($0) },
                        networkID: NetworkID(user.address.description)),
                    sentAt: header.sentAt, receivedAt: now, content: item.content,
                    quotes: item.quotes, mentionsBot: item.message?.mentionsMe ?? false,
                    isNoteToSelf: header.isNoteToSelf ? true : nil))
        }
    }

    // MARK: - News

    private func reports(of receipt: MessageReceipt) -> [DeliveryReport] {
        let state: DeliveryReport.State
        switch receipt.kind {
        case .delivered: state = .delivered
        case .read: state = .read
        case .played: state = .played
        // One device of several; another may well show it.
        case .failed: return []
        }
        guard !receipt.isFromMe else { return [] }
        return receipt.messageIDs.map { MessageID(rawValue: $0) }.filter { receipts.isNews(state, of: $0) }.map {
            DeliveryReport(row: nil, message: $0, event: .reached(state), at: receipt.at)
        }
    }

    private func note(_ event: GroupEvent) {
        metrics.count(.notice)
        if case .deleted = event.change { logger.info("a group was deleted") }
    }
}

extension WebReader {
    /// Takes votes for our menus from the table of polls.
    init(
        account: AccountID, database: any Database, users: WebUserDirectory, chats: WebChatBook,
        recent: RecentMessages, time: any TimeSource, logger: Logger, metrics: WebMetrics, takesNotes: Bool = false
    ) {
        self.init(
            account: account, accounts: WebAccounts(database), users: users, chats: chats,
            polls: PollBook(database: database, account: account),
            recent: recent, time: time, logger: logger, metrics: metrics, takesNotes: takesNotes)
    }
}

extension MessageHeader {
    /// Whether the owner of the account wrote it on the phone, in the chat with themselves.
    ///
    /// What another linked device writes there does not count: it may be a bot too, and two of them would answer each
    /// other without end. Our own answers do not come back to us.
    fileprivate var isNoteToSelf: Bool {
        isFromMe && senderDevice == 0 && chat.isUser && ownAddresses.contains(chat) && !id.isEmpty
            && id.utf8.count <= 200
    }
}

extension WebReader.Item {
    /// The message that it answers; a vote answers its poll.
    fileprivate var quotes: BotKit.MessageID? {
        if case .pollVote(let vote)? = message?.content { return MessageID(rawValue: vote.target.id) }
        return message?.quote.map { MessageID(rawValue: $0.target.id) }
    }
}
