public import BotKit
import Foundation
import Logging
import WhatsAppWeb
import WhatsAppWire

extension WhatsAppWebProvider {
    public func send(_ message: BotKit.OutgoingMessage) async throws -> BotKit.MessageID {
        if let stop = state.stop { throw SendFailure(.stopAccount, code: stop.code, stop.problem) }
        if let ban = state.ban { throw failure(of: ban) }
        guard state.isConnected else { throw failure(WebError(.disconnected, "there is no connection now")) }
        let place = try await place(of: message.chat)
        let id = message.messageID ?? newMessageID
        var outgoing = try await outgoing(message, as: id, in: place)
        outgoing.quote = try await quote(for: message, in: place)
        outgoing.expiration = place.timer
        do {
            try await client.send(outgoing, to: place.address, id: id.rawValue)
        } catch {
            throw failure(error)
        }
        if state.endedTyping(in: message.chat) {
            // What was said is there; a state that stays a little longer does no harm.
            try? await client.show(.paused, in: place.address)
        }
        return id
    }

    /// Where a message goes.
    struct Place: Sendable {
        let chat: ChatID
        let address: JID
        /// After how many seconds messages disappear there; `nil` if they stay.
        let timer: Int?
    }

    private func place(of chat: ChatID) async throws -> Place {
        let present = try await stored { try await presentName(of: chat) }
        guard let address = present.address else {
            throw SendFailure(.giveUp, code: "unknown_recipient", "the chat has no address on WhatsApp")
        }
        guard !address.isGroup else {
            do {
                let group = try await client.groupInfo(of: address)
                let timer = group.disappearsAfter.map { Int($0.components.seconds) }
                return Place(chat: present, address: address, timer: timer)
            } catch {
                throw failure(error)
            }
        }
        guard let entry = try await stored({ try await chats.entry(of: present) }) else {
            metrics.strangerRefused()
            throw SendFailure(
                .giveUp, code: "stranger", "the member never wrote to this account, and nobody is written to first")
        }
        return Place(chat: present, address: address, timer: entry.timer)
    }

    private func outgoing(
        _ message: BotKit.OutgoingMessage, as id: BotKit.MessageID, in place: Place
    ) async throws -> WhatsAppWeb.OutgoingMessage {
        switch WebReplyBody(message.reply, menus: settings.menus) {
        case .text(let text):
            guard let edited = message.edits else { return OutgoingMessage(.text(text)) }
            return OutgoingMessage(.edit(await ownReference(to: edited, in: place), TextContent(text)))
        case .poll(let question, let options):
            let secret = try await stored {
                try await polls.secret(for: id, in: place.chat, options: options, at: time.now)
            }
            return OutgoingMessage(.poll(Poll(question, options: options.map(\.title))), secret: secret)
        case .media(let media):
            do {
                return OutgoingMessage(try await content(of: media))
            } catch {
                throw failure(error, isSent: false)
            }
        case .reaction(let target, let emoji):
            let reference = try await stored { try await self.reference(to: target, in: place) }
            return OutgoingMessage(.reaction(Reaction(emoji, to: reference)))
        }
    }

    // MARK: - Earlier messages

    private func quote(for message: BotKit.OutgoingMessage, in place: Place) async throws -> Quote? {
        guard let id = message.reply.quotes else { return nil }
        if case .reaction = message.reply.content { return nil }
        if let entry = recent.entry(id, in: place.chat) { return Quote(entry.reference, bytes: entry.bytes) }
        // A quote that cannot be made is worth no failure: the answer goes out without it.
        let found = try await self.stored { try await inbox.message(id, in: place.chat) }
        guard let found,
            let reference = reference(to: found)
        else { return nil }
        return Quote(reference, content: .text(TextContent(found.text ?? "")))
    }

    /// The name of a message of a member or, when none of them has that id, of ours.
    func reference(to id: BotKit.MessageID, in place: Place) async throws -> MessageReference {
        if let entry = recent.entry(id, in: place.chat) { return entry.reference }
        if let stored = try await inbox.message(id, in: place.chat), let reference = reference(to: stored) {
            return reference
        }
        return await ownReference(to: id, in: place)
    }

    private func ownReference(to id: BotKit.MessageID, in place: Place) async -> MessageReference {
        let own = await client.account?.lid ?? place.address
        return MessageReference(id: id.rawValue, chat: place.address, sender: own, isFromMe: true)
    }

    /// What a client's failure asks for.
    private func failure(_ error: any Error, isSent: Bool = true) -> SendFailure {
        SendFailure(web: error, isSent: isSent, holds: settings.holds)
    }

    /// Nothing is tried before the end of a ban.
    private func failure(of ban: WebBan) -> SendFailure {
        let left = Duration.seconds(max(1, ban.end.timeIntervalSince(time.now)))
        var failure = SendFailure(
            .holdAccount(left), code: "banned", "the number is banned until \(ban.end.formatted(.iso8601))")
        failure.wasTried = false
        return failure
    }

    /// What the store says; when it fails, nothing went out.
    private func stored<Value: Sendable>(_ read: () async throws -> Value) async throws -> Value {
        do { return try await read() } catch {
            throw SendFailure(.retry(after: nil), code: "store", "the store failed (\(error.safeDescription))")
        }
    }
}
