import BotKit
import Foundation
import WhatsAppCloud

/// The updates of one webhook, sorted by what is to be done with them; who is who is settled in between.
struct WebhookBatch {
    /// One update with what it shows of users.
    private struct Item {
        let update: WebhookUpdate
        let account: AccountID?
        /// The places of its sightings.
        let sightings: Range<Int>
    }

    /// What users the updates show, in order.
    private(set) var sightings: [Sighting] = []
    /// Which business account each of our numbers is shown with.
    private(set) var owners: [AccountID: BusinessAccountID] = [:]
    /// The kinds of the updates that nothing is done with.
    private(set) var left: [CloudMetrics.Update] = []
    /// How many messages came before.
    private(set) var repeated = 0
    private var items: [Item] = []

    /// - Parameters:
    ///   - accounts: our numbers; updates of others are counted and left.
    ///   - known: the keys of messages and notices that were stored before. A repeated message shows who bore a number
    ///     or id when it was written, and not who bears it now: nobody is made, found or re-keyed by it.
    init(_ updates: [WebhookUpdate], accounts: CloudAccounts, known: Set<String> = []) {
        var known = known
        for update in updates {
            var account: AccountID?
            if let id = update.phoneNumberID {
                guard let ours = accounts.account(of: id) else {
                    left.append(.foreign)
                    continue
                }
                account = ours
            }
            let isKnown = update.keyOfLasting.map { !known.insert($0).inserted } ?? false
            if isKnown, case .message = update.payload {
                repeated += 1
                continue
            }
            if let account, let business = update.businessAccountID { owners[account] = business }
            let start = sightings.count
            if !isKnown { sightings += Self.sightings(in: update) }
            items.append(Item(update: update, account: account, sightings: start..<sightings.count))
        }
    }

    /// The keys of what is handled only once, whatever changed since it came first.
    static func keys(in updates: [WebhookUpdate]) -> [String] { updates.compactMap(\.keyOfLasting) }

    private static func sightings(in update: WebhookUpdate) -> [Sighting] {
        switch update.payload {
        case .message(let message):
            if case .system(let notice) = message.content { return [Sighting(notice, in: message)].compactMap { $0 } }
            return [Sighting(message)]
        case .status(let status): return [Sighting(status)].compactMap { $0 }
        case .account(let account):
            switch account.details {
            case .preferences(let preferences):
                return preferences.filter { $0.category ?? "marketing_messages" == "marketing_messages" }
                    .map { Sighting($0) }
            case .calls(let calls): return calls.filter { $0.isIncoming(to: update) }.map { Sighting($0) }
            default: return []
            }
        case .echo, .errors, .unreadable: return []
        }
    }

    /// What a batch becomes once its users are known.
    struct Result {
        var messages: [InboundMessage] = []
        var writes: [SQL] = []
        /// When the member of each chat got in touch last.
        var inbound: [ChatID: Date] = [:]
        /// The chats whose members got in touch otherwise than by a message of theirs: they called, or opened the chat.
        var visited: Set<ChatID> = []
        var hasPending = false
        /// The kind of each update.
        fileprivate(set) var kinds: [CloudMetrics.Update] = []
        private var members: [ChatID: MemberID] = [:]

        /// A member got in touch, which opens the window of the chat.
        fileprivate mutating func note(_ chat: ChatID, of member: MemberID, at time: Date) {
            inbound[chat] = max(inbound[chat] ?? .distantPast, time)
            members[chat] = member
        }

        /// The statements that store when members got in touch.
        fileprivate var windows: [SQL] {
            inbound.compactMap { chat, time in members[chat].map { ServiceWindows.note(chat, of: $0, at: time) } }
        }
    }

    /// - Parameter users: who the sightings are.
    func result(_ users: [CloudUser?], at now: Date) throws -> Result {
        var result = Result()
        for item in items {
            let user = item.sightings.first.flatMap { users[$0] }
            try add(item, by: user, at: now, to: &result)
            noteVisits(item, of: users, in: &result)
        }
        // Meta promises no order within a batch.
        if result.messages.count > 1 {
            let order = result.messages.enumerated().sorted {
                ($0.element.sentAt, $0.offset) < ($1.element.sentAt, $1.offset)
            }
            result.messages = order.map(\.element)
        }
        for message in result.messages where !message.isGroup {
            result.note(message.chat, of: message.sender.id, at: message.sentAt)
        }
        result.writes += result.windows
        return result
    }

    /// Calls and the first opening of a chat open the window as a message does. Source: Meta, Cloud API, Customer
    /// service windows; Webhooks, request_welcome.
    private func noteVisits(_ item: Item, of users: [CloudUser?], in result: inout Result) {
        guard let account = item.account else { return }
        let times: [Date?]
        switch item.update.payload {
        case .message(let message):
            guard case .requestWelcome = message.content, message.groupID == nil else { return }
            times = [message.timestamp]
        case .account(let update):
            guard case .calls(let calls) = update.details else { return }
            times = calls.filter { $0.isIncoming(to: item.update) }.map { $0.timestamp ?? item.update.sentAt }
        default: return
        }
        for (place, time) in zip(item.sightings, times) {
            guard let user = users[place], let time else { continue }
            let chat = user.chat(of: account)
            result.note(chat, of: user.member, at: time)
            result.visited.insert(chat)
        }
    }

    private func add(_ item: Item, by user: CloudUser?, at now: Date, to result: inout Result) throws {
        let update = item.update
        var payload: StoredUpdate?
        var kind = CloudMetrics.Update.kept
        var isMessage = false
        switch update.payload {
        case .message(let message):
            isMessage = true
            guard let account = item.account, let user, let content = message.inboundContent else { break }
            result.messages.append(
                Self.inbound(message, content, from: user, to: account, number: update.displayPhoneNumber, at: now))
            kind = .message
            // What we could not read is kept for whoever wants to know what it was.
            guard case .unknown = message.content else { break }
            result.kinds.append(kind)
            kind = .kept
        case .status(let status):
            kind = .status
            let chat = item.account.flatMap { account in user.map { $0.chat(of: account) } }
            payload = StoredStatus(status, chat: chat).map { .status($0) }
        case .account(let account):
            kind = .account
            payload = StoredNotice(account, of: update.businessAccountID).map { .notice($0) }
        case .errors(let errors):
            kind = .account
            payload = .notice(StoredNotice(errors, of: update.businessAccountID))
        case .unreadable: kind = .unreadable
        case .echo: break
        }
        result.kinds.append(kind)
        let isRead = kind == .message || (kind == .status && payload != nil)
        result.hasPending = result.hasPending || payload != nil
        let write = CloudUpdateTable.keep(
            key: update.dedupeKey, account: item.account, kind: kind.rawValue, payload: try payload?.encoded(),
            raw: isRead ? nil : update.raw, at: now)
        // The chat of a message follows its sender's row, which may have changed since the message came first.
        result.writes.append(isMessage ? write.requiring(rows: 1) : write)
    }

    private static func inbound(
        _ message: IncomingMessage, _ content: InboundMessage.Content, from user: CloudUser, to account: AccountID,
        number: String?, at now: Date
    ) -> InboundMessage {
        let group = message.groupID.map { ChatID(account: account, name: "g\($0.rawValue)") }
        var inbound = InboundMessage(
            id: MessageID(rawValue: message.id.rawValue), chat: group ?? user.chat(of: account), isGroup: group != nil,
            sender: InboundMessage.Sender(
                id: user.member, name: user.name, phone: user.phone.flatMap { PhoneNumber($0) },
                networkID: user.userID.flatMap { NetworkID($0) }),
            sentAt: message.timestamp, receivedAt: now, content: content,
            quotes: message.context?.messageID.map { MessageID(rawValue: $0.rawValue) })
        if group != nil, let number = number.flatMap({ PhoneNumber($0) }) {
            inbound.takeOutMentions(of: [number.digits, "+\(number.digits)"])
        }
        return inbound
    }
}

extension WebhookUpdate {
    /// The key of a message, and of a notice that changes who somebody is.
    fileprivate var keyOfLasting: String? {
        switch payload {
        case .message: return dedupeKey
        case .account(let update):
            if case .preferences = update.details { return dedupeKey }
            return nil
        default: return nil
        }
    }
}
