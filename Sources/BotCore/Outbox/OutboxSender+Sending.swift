import BotKit
import Foundation
import Logging

/// One send, from the note that it begins to what the network said.
extension OutboxSender {
    /// Sends the head of a queue, and does what its end asks for.
    /// - Parameter lease: under which it was counted.
    func send(_ item: OutboxItem, through provider: any MessageProvider, under lease: String?) async {
        underWay[item.row] = item.chat
        await attempt(item, through: provider, under: lease)
        endTrial(of: item)
        // The chat that took it over may be sending it by now.
        if underWay[item.row] == item.chat { underWay[item.row] = nil }
    }

    private func attempt(_ item: OutboxItem, through provider: any MessageProvider, under lease: String?) async {
        var item = item
        let visits = queues[item.chat]?.visits
        let target: MessageID?
        do {
            if item.state == .sending && !provider.abilities.choosesMessageIDs {
                // The news never came. It is sent once more, and only once.
                guard !item.repeated else { return await bury(item, problem: "uncertain") }
                item.repeated = true
            }
            // Stored while its account was missing, it has no id yet where we choose them.
            if item.networkID == nil { item.networkID = provider.makeMessageID() }
            target = try await editTarget(of: item, through: provider)
            guard try await store.markSending(item, at: readClock(), under: lease) else {
                let place = try await store.place(ofRow: item.row)
                if place?.chat == item.chat, let lease, try await hasLost(lease, of: item.chat.account) { return }
                return letGo(item, standingIn: place?.chat)
            }
            if item.repeated { metrics.repeated() }
            item.state = .sending
            replaceHead(with: item)
            // News of an earlier attempt says nothing about this one.
            if let queue = queues[item.chat] { queues[item.chat]?.lastNews = min(queue.lastNews, item.row - 1) }
        } catch {
            return pause(item.chat, after: error)
        }
        let outgoing = OutgoingMessage(
            row: item.row, chat: item.chat, messageID: item.networkID, reply: item.reply, edits: target,
            attempt: item.attempts)
        item.attempts += 1
        let start = readClock()
        do {
            let id = try await provider.send(outgoing)
            try await storeAccepted(item, as: id, editing: target == nil ? nil : item.reply.replaces)
            metrics.sent()
            await noteOutcome(nil, in: item.chat)
            noteSuccess(of: item, since: start, newsWait: provider.abilities.lostAnswerWait)
            queues[item.chat]?.complaints = 0
            accepted(item, wait: provider.abilities.orderWait)
        } catch {
            var failure = error as? SendFailure ?? SendFailure(.uncertain, code: "unknown", "the send was interrupted")
            item.attempts -= failure.wasTried ? 0 : 1
            item.vainAttempts = failure.wasTried ? 0 : item.vainAttempts + 1
            // The member wrote while it was on its way, and opened the window that it found closed.
            if failure.remedy == .windowClosed, queues[item.chat]?.visits != visits {
                failure.remedy = .retry(after: nil)
            }
            metrics.failed(failure.code)
            await noteOutcome(failure, in: item.chat)
            if target != nil, failure.remedy == .giveUp { return await sendAnew(item, problem: failure.code) }
            await handle(failure, of: item, through: provider)
        }
    }

    /// What is not ours to send any more: news of it came, or its chat was joined with another, which sends it.
    private func letGo(_ item: OutboxItem, standingIn chat: ChatID?) {
        remove(item.row, from: item.chat)
        if let chat, chat != item.chat { letGo(of: item.row, to: chat) }
    }

    /// Leaves a row to the chat that it stands under now.
    func letGo(of row: Int64, to chat: ChatID) {
        underWay[row] = nil
        reload(chat)
    }

    /// Stores that the network took a message. It went out, so a store that fails is asked until it answers.
    private func storeAccepted(_ item: OutboxItem, as id: MessageID, editing edited: Int64?) async throws {
        var wait = Duration.milliseconds(100)
        while true {
            do { return try await store.markAccepted(item, as: id, editing: edited) } catch {
                pause(item.chat, after: error)
            }
            try await time.sleep(for: wait)
            wait = min(wait * 2, .seconds(10))
        }
    }

    private func accepted(_ item: OutboxItem, wait: Duration?) {
        remove(item.row, from: item.chat)
        guard let wait, wait > .zero, let queue = queues[item.chat], queue.lastNews < item.row else { return }
        queues[item.chat]?.awaited = (item.row, readClock().adding(wait))
    }
}
