import BotKit
import Foundation
import Logging

/// How much may go out: to a chat in a minute, from an account in an hour, to strangers, and slower when sends fail.
extension OutboxSender {
    /// How many chats are remembered as known, or as written to in the last minute.
    private static let room = 20_000

    private var limitStore: LimitStore { LimitStore(database: store.database) }

    /// The gate of an account of which nothing is known yet.
    var newGate: AccountGate {
        AccountGate(
            perHour: limits.perAccount, strangersPerHour: limits.strangers, slowdownStep: limits.slowdown)
    }

    // MARK: - What was before

    /// Takes up what earlier processes knew.
    func recallLimits() async throws {
        blocked = try await limitStore.blocked()
        try await recallLevels()
    }

    /// - Parameter account: the only one that matters; `nil` for all.
    private func recallLevels(of account: AccountID? = nil) async throws {
        guard limits.slowdown > .zero else { return }
        for (other, throttle) in try await limitStore.throttles(at: readClock()) where other == account ?? other {
            var gate = gates[other] ?? newGate
            guard gate.storedLevel != throttle.level else { continue }
            gate.throttle = throttle
            gate.storedLevel = throttle.level
            gates[other] = gate
        }
    }

    // MARK: - Which process sends

    /// Makes this process the one that sends for an account, and counts what others sent.
    /// - Returns: `false` when that is under way; `chat` is woken when it is done.
    func take(_ account: AccountID, for chat: ChatID) async -> Bool {
        if takings[account]?.append(chat) != nil { return false }
        takings[account] = []
        defer { for chat in takings.removeValue(forKey: account) ?? [] { group.wake(chat) } }
        // Sends that were counted under an earlier lease, and not yet noted, are not noted any more.
        let (lease, start) = (UUID().uuidString, readClock())
        let sendings = await storeOrPause(chat) {
            try await limitStore.take(account, under: lease)
            try await recallLevels(of: account)
            let now = readClock()
            try await limitStore.takeBackClock(at: now)
            let countsHours = min(limits.perAccount, limits.strangers) < .max
            return try await limitStore.sendings(of: account, since: now.addingTimeInterval(countsHours ? -3_600 : -60))
        }
        let now = readClock()
        // Times that were read under a later clock are none of this one.
        guard let sendings, now.adding(.clockTolerance) >= start else {
            gates[account, default: newGate].failToTake(at: now)
            return true
        }
        gates[account, default: newGate].take(under: lease, since: start, at: now)
        chatLogs = chatLogs.filter { $0.key.account != account }
        for sending in sendings { noteSending(to: sending.chat, isStranger: sending.isToStranger, at: sending.at) }
        forgetQuietChats(at: now)
        return true
    }

    /// Whether another process sends for an account by now.
    func hasLost(_ lease: String, of account: AccountID) async throws -> Bool {
        guard try await !limitStore.holds(account, under: lease) else { return false }
        if gates[account, default: newGate].lose(lease, at: readClock()) {
            logger.warning("another process sends for an account, too", metadata: ["account": .own(account.rawValue)])
        }
        return true
    }

    // MARK: - What goes out now

    /// Counts a reply that goes out.
    func noteSending(to chat: ChatID, isStranger: Bool, at time: Date) {
        gates[chat.account, default: newGate].noteSending(toStranger: isStranger, at: time)
        guard limits.perChat < .max else { return }
        chatLogs[chat, default: SlidingLog()].note(time, keeping: limits.perChat)
        if chatLogs.count > Self.room { forgetQuietChats(at: time) }
    }

    private func forgetQuietChats(at now: Date) {
        let start = now.addingTimeInterval(-60)
        chatLogs = chatLogs.filter { $0.value.last.map { $0 > start } ?? false }
    }

    /// Whether as many as `count` replies may wait to be sent to a chat; the table knows how many do.
    func mayHold(_ count: Int, for chat: ChatID) -> Bool {
        guard hasStarted else { return true }
        guard let queue = queues[chat] else { return false }
        return queue.hasMore || queue.isLoading || queue.items.count >= count
    }

    /// The account has sent as much as it may in an hour.
    func tellThatHourIsFull(of account: AccountID) {
        alerts.raise(
            "send_limit", "an account has sent as much as it may in an hour; its replies wait",
            ["account": .own(account.rawValue), "setting": "SEND_LIMIT_PER_ACCOUNT"])
    }

    // MARK: - Strangers

    /// Messages from `chats` are stored.
    func noteHeard(_ chats: Set<ChatID>) {
        if heard.count > Self.room { heard = [] }
        heard.formUnion(chats)
        for chat in chats where queues[chat]?.isStranger == true {
            queues[chat]?.isStranger = nil
            group.wake(chat)
        }
    }

    /// Whether nobody ever wrote in a chat, as far as that matters; `nil` when it must be looked up.
    func isStranger(_ chat: ChatID) -> Bool? {
        if limits.strangers == .max || heard.contains(chat) { return false }
        return queues[chat]?.isStranger
    }

    func acquaint(_ chat: ChatID) async {
        let isKnown = await storeOrPause(chat) { try await limitStore.hasHeard(from: chat) }
        guard let isKnown else { return }
        if isKnown { noteHeard([chat]) }
        queues[chat]?.isStranger = !isKnown
    }

    // MARK: - Slower when sends fail

    /// A send has ended.
    /// - Parameter failure: why it failed, if it did.
    func noteOutcome(_ failure: SendFailure?, in chat: ChatID) async {
        if let failure {
            if failure.isUnwanted { await noteBlock(by: chat) }
            guard failure.wasTried else { return }
        }
        guard limits.slowdown > .zero else { return }
        gates[chat.account, default: newGate].throttle.note(failed: failure?.isTrouble ?? false, at: readClock())
        await storeLevel(of: chat.account)
    }

    /// A message that the network had taken failed on its way.
    func noteLateFailure(_ failure: SendFailure, in chat: ChatID, at now: Date) async {
        if failure.isUnwanted { await noteBlock(by: chat) }
        guard failure.isTrouble, limits.slowdown > .zero else { return }
        gates[chat.account, default: newGate].throttle.noteLateFailure(at: now)
        await storeLevel(of: chat.account)
    }

    /// How much slower an account sends now.
    func slowdownLevel(of account: AccountID) -> Int {
        gates[account]?.throttle.look(at: readClock())
        return gates[account]?.throttle.level ?? 0
    }

    private func storeLevel(of account: AccountID) async {
        guard let gate = gates[account], gate.throttle.level != gate.storedLevel else { return }
        let (level, since) = (gate.throttle.level, gate.throttle.since ?? readClock())
        gates[account]?.storedLevel = level
        logger.warning(
            "the pace of an account has changed by how many sends fail",
            metadata: ["account": .own(account.rawValue), "level": "\(level)"])
        do { try await limitStore.set(level, since: since, of: account) } catch {
            gates[account]?.storedLevel = gate.storedLevel
            logger.warning("a level is not stored", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    // MARK: - Who wants nothing from us

    /// The share of blocks is told of more than so many chats.
    private static let leastChats = 20

    private func noteBlock(by chat: ChatID) async {
        let now = readClock()
        let isNew = blocked.updateValue(now, forKey: chat) == nil
        do {
            try await limitStore.noteBlock(by: chat, at: now)
            guard isNew else { return }
            logger.notice("a member wants nothing from us, and is left in peace until they write")
            guard limits.blockAlert > 0 else { return }
            let account = chat.account
            let blocks = try await limitStore.blocks(of: account, since: now.addingTimeInterval(-7 * 86_400))
            guard blocks.written >= Self.leastChats, blocks.blocked * 100 > blocks.written * limits.blockAlert,
                try await limitStore.mayTellOfBlocks(of: account, at: now)
            else { return }
            alerts.raise(
                "blocked_by_members", "many of those whom an account wrote to have blocked it",
                [
                    "account": .own(account.rawValue), "blocked": "\(blocks.blocked)", "written": "\(blocks.written)",
                ])
        } catch {
            logger.warning("a block is not stored", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// The member wrote, and so wants to hear from us.
    func forgetBlock(by chat: ChatID) async {
        guard blocked.removeValue(forKey: chat) != nil else { return }
        group.wake(chat)
        // The next start sees that they wrote, even if the store takes no note of it now.
        do { try await limitStore.forgetBlock(by: chat) } catch {
            logger.warning("the end of a block is not stored", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// Gives up a reply to somebody who blocked us, unless they wrote since.
    func spare(_ item: OutboxItem) async {
        guard let since = blocked[item.chat] else { return }
        let hasWritten = await storeOrPause(item.chat) { try await store.heard(from: item.chat, since: since) }
        guard let hasWritten else { return }
        if hasWritten { return await forgetBlock(by: item.chat) }
        await bury(item, problem: "blocked_us", isExpected: true)
    }
}

extension SendFailure {
    /// Whether it shows that the network is not well, or not well disposed. Who wants nothing from us is counted apart,
    /// and a closed window is how the network is meant to be.
    fileprivate var isTrouble: Bool { wasTried && remedy != .windowClosed && !isUnwanted }
}
