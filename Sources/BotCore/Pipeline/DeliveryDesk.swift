import BotKit
import Foundation

/// Turns replies into rows of the outbox, in the words, language and sizes of their network.
struct DeliveryDesk: Sendable {
    let database: any Database
    let outbox: OutboxSender
    let directory: ProviderDirectory
    let phrasebook: Phrasebook
    let splitter: ReplySplitter
    /// How long the numbers of a menu mean something; zero is without end.
    let menuLifetime: Duration
    let ids: RowIDs
    let time: any TimeSource

    /// Rows to send and the statements that store them.
    struct Parcel: Sendable {
        var items: [OutboxItem] = []
        var statements: [SQL] = []
    }

    /// Prepares the replies of a turn; the member's open menu is part of it.
    /// - Parameter notice: the row of what was said meanwhile, whose place the first text takes where it can.
    func parcel(_ replies: [Reply], for turn: Turn, key: String, replacing notice: Int64? = nil) throws -> Parcel {
        var parcel = try self.parcel(
            replies, to: turn.chat.id, in: turn.language, quoting: turn.message.id, key: key, replacing: notice,
            about: turn.chat.isGroup ? turn.member.id : nil)
        let provider = directory.provider(of: turn.chat.id)
        for reply in parcel.items.map(\.reply) {
            guard case .menu(_, let options) = reply.content,
                provider?.takesNumbers(for: reply, inGroup: turn.chat.isGroup) ?? true
            else { continue }
            parcel.statements.append(
                try OpenMenu(options: options).statement(
                    for: turn.member.id, in: turn.chat.id, at: turn.receivedAt, lifetime: menuLifetime))
        }
        return parcel
    }

    /// Prepares replies to a chat.
    /// - Parameters:
    ///   - member: whom they are about, in a group.
    ///   - validUntil: from when on they are of no use.
    func parcel(
        _ replies: [Reply], to chat: ChatID, in language: Language, quoting: MessageID?, key: String?,
        replacing notice: Int64? = nil, about member: MemberID? = nil, validUntil: Date? = nil
    ) throws -> Parcel {
        guard !replies.isEmpty else { return Parcel() }
        let limit = directory.provider(of: chat)?.abilities.textLimit ?? 4096
        let cut = phrasebook.string(.cutHere, in: language)
        var rendered = replies.flatMap {
            splitter.split($0.rendered(in: language, by: phrasebook, quoting: quoting), limit: limit, notice: cut)
        }
        // Only words can take the place of words, and what comes first belongs where the notice stands.
        if case .text? = rendered.first?.content { rendered[0].replaces = notice }
        for index in rendered.indices { rendered[index].validUntil = validUntil }
        let (items, statements) = try outbox.prepare(
            rendered, to: chat, at: time.now, ids: ids, key: key, about: member)
        return Parcel(items: items, statements: statements)
    }

    /// Hands over rows that are stored.
    func send(_ parcel: Parcel) async {
        if !parcel.items.isEmpty { await outbox.accept(parcel.items) }
    }

    /// Sends what may be stored for `chat` without our knowing.
    func lookAgain(in chat: ChatID) async { await outbox.lookAgain(in: chat) }

    /// Says something now, beside the answer of a turn; the same key says it once.
    func say(_ reply: Reply, for turn: Turn, key: String) async throws {
        let parcel = try parcel([reply], for: turn, key: key)
        let changes = try await database.transaction(parcel.statements)
        if changes.first == 1 { await send(parcel) }
    }

    /// Whether what was said under `key` is not taken by the network yet.
    func isUnderWay(saidUnder key: String) async throws -> Bool {
        let key = "\(key).0"
        return try await !database.rows(
            "SELECT id FROM outbox WHERE unique_key = \(key) AND state IN ('queued', 'sending')"
        ).isEmpty
    }

    /// The row of what was said under `key`, if anything was.
    func row(saidUnder key: String) async throws -> Int64? { try await outbox.store.row(underKey: "\(key).0") }
}
