import BotKit
import Crypto
import Foundation
import WhatsAppWeb
import WhatsAppWire

/// The menus that were sent as polls: their options, and the secrets that votes are opened with.
struct PollBook: Sendable {
    let database: any Database
    let account: AccountID

    /// The secret of a menu that is about to be sent. The same menu, sent once more, keeps its secret: it may have
    /// arrived the first time.
    /// - Parameter options: with the titles that the poll shows.
    /// - Throws: `DatabaseError`.
    func secret(
        for message: BotKit.MessageID, in chat: ChatID, options: [RenderedReply.Option], at time: Date
    ) async throws -> [UInt8] {
        let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let json = String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
        // The last line changes nothing: without it a row that is there would not be returned.
        let rows = try await database.rows(
            """
            INSERT INTO web_poll (chat, message_id, secret, options, sent_at)
            VALUES (\(chat), \(message), \(fresh), \(json), \(time))
            ON CONFLICT (chat, message_id) DO UPDATE SET secret = web_poll.secret
            RETURNING secret
            """)
        return try rows.first.map { [UInt8](try $0.data("secret")) } ?? [UInt8](fresh)
    }

    /// What a vote chooses.
    /// - Returns: `nil` when it is for no menu of ours, takes a vote back, or cannot be opened.
    /// - Throws: `DatabaseError`.
    func choice(by vote: SealedAddition, in header: MessageHeader) async throws -> InboundMessage.Content? {
        guard vote.target.isFromMe else { return nil }
        let id = MessageID(rawValue: vote.target.id)
        // A chat may bear another name by now, and the id is ours and random: it is enough with the account.
        let rows = try await database.rows("SELECT chat, secret, options FROM web_poll WHERE message_id = \(id)")
        for row in rows where try row.id("chat", as: ChatID.self).account == account {
            guard
                let opened = try? PollVote(
                    opening: vote, in: header, secret: [UInt8](try row.data("secret")), authors: header.ownAddresses),
                let options = try? JSONDecoder().decode(
                    [RenderedReply.Option].self, from: Data(try row.text("options").utf8))
            else { continue }
            let hashes = PollVote(for: options.map(\.title)).options
            guard let index = opened.options.first.flatMap({ hashes.firstIndex(of: $0) }) else { return nil }
            return .choice(id: options[index].id, title: options[index].title)
        }
        return nil
    }
}
