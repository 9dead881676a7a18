import Foundation
import Logging
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// Takes a stanza from the reader; must not wait for an answer of the server.
    /// - Returns: what to do when the stanza ends the connection.
    func received(_ node: Node) async -> ConnectionVerdict? {
        logger.trace("<-", metadata: ["stanza": "\(node)"])
        switch node.tag {
        case "iq": receivedRequest(node)
        case "ack":
            guard let id = node.text("id") else { return nil }
            // Not of requests, and not of what was seen.
            if node.text("class") == "receipt", [nil, "inactive", "sender", "peer_msg"].contains(node.text("type")) {
                readNames.confirm(ReadNames.Name.receipt(from: node.text("from"), id: id))
            }
            guard node.text("class") == "message" else { return nil }
            if !answers.resolve(.message(id), with: node) { retries.confirm(id) }
        case "success":
            succeeded(node)
        case "failure": return ConnectionVerdict(failure: node, at: time.now())
        case "stream:error": return ConnectionVerdict(streamError: node)
        case "xmlstreamend": return .retry("the server ended the stream")
        case "ib": receivedInfo(node)
        case "presence", "chatstate": announce(node)
        default:
            noteQueued()
            intake.add(node)
            if intake.isFull { await withCheckedContinuation { intake.wakeReader($0) } }
        }
        return nil
    }

    private func receivedRequest(_ node: Node) {
        guard let id = node.text("id") else { return }
        switch node.text("type") {
        case "result", "error":
            answers.resolve(.request(id), with: node)
        case "set" where node.child("pair-device") != nil:
            beginLinking(node)
        case "set" where node.child("pair-success") != nil:
            addChore?.yield { try await $0.finishLinking(node) }
        case "get" where node.text("xmlns") == "urn:xmpp:ping":
            try? send(Node("iq", ["to": .jid(.whatsApp), "type": "result", "id": .text(id)]))
        default:
            break
        }
    }

    private func receivedInfo(_ node: Node) {
        for child in node.children {
            switch child.tag {
            case "edge_routing":
                guard let info = child.child("routing_info")?.bytes, info.count <= 4096 else { continue }
                addChore?.yield {
                    try await $0.store.commit([.put(WebClient.routing, info)], events: [])
                    return nil
                }
            case "dirty": takeDirty(child)
            case "offline_preview":
                offline = OfflineQueue(at: time.instant())
                askForQueued()
            case "offline":
                offline = nil
                readNames.queueIsEmpty()
                notify.yield(.caughtUp(count: child.text("count").flatMap { Int($0) } ?? 0))
            default:
                logger.debug("Unknown information from the server", metadata: ["tag": "\(child.tag)"])
            }
        }
    }

    private func announce(_ node: Node) {
        guard let from = try? node.jid("from") else { return }
        notePairs(in: node)
        if node.tag == "presence" {
            let isOnline = node.text("type") != "unavailable"
            return void(notify.yield(.presence(from, isOnline: isOnline, lastSeen: node.date("last"))))
        }
        let sender = (try? node.jid("participant")) ?? from
        let state: TypingState =
            switch node.children.first {
            case let child? where child.tag == "composing": child.text("media") == "audio" ? .recording : .typing
            default: .paused
            }
        notify.yield(.typing(chat: from, sender: sender, state))
    }

    /// Keeps who is who, which need not wait for anything.
    private func notePairs(in node: Node) {
        let news = node.addressPairs.filter { devices.alias(of: $0.one) != $0.other.withoutDevice }
        guard !news.isEmpty else { return }
        addChore?.yield {
            try await $0.keep(news)
            return nil
        }
    }

    private func void(_: some Any) {}

    // MARK: - Workers

    /// Handles what comes, in its order: everything that waits is stored by one commit and acknowledged after it.
    func handleIntake() async -> ConnectionVerdict? {
        while !Task.isCancelled {
            await withCheckedContinuation { intake.wakeWorker($0) }
            let batch = intake.take()
            // There is always something, or it is closed.
            guard !batch.isEmpty else { return nil }
            do {
                try await handle(batch)
            } catch is CancellationError {
                return nil
            } catch {
                // Nothing of the batch was acknowledged: the server delivers it again on the next connection.
                logger.error("What came from WhatsApp cannot be stored", metadata: ["error": "\(type(of: error))"])
                return .retry("what came cannot be stored; it will be delivered again")
            }
        }
        return nil
    }

    /// Reads and stores a batch, then acknowledges it.
    private func handle(_ batch: [Node]) async throws {
        let own = ownAddresses
        try await loadAliases(of: batch.flatMap { $0.jids("from", "participant") })
        let pairs = try await take(batch.flatMap(\.addressPairs))
        do { try await handle(batch, own, pairs) } catch {
            unpair(pairs)
            throw error
        }
    }

    /// - Parameter pairs: what the batch says of who is who, to be stored with it.
    private func handle(_ batch: [Node], _ own: [JID], _ pairs: [StoreChange]) async throws {
        let messages = batch.map { node in
            node.tag == "message" ? try? IncomingMessage(node, own: own, devices) : nil
        }
        let phones = messages.compactMap { $0?.vouchingAddress }
        let addresses = Set(messages.compactMap { $0?.address } + phones)
        let groupLanes = batch.filter(\.isGroupNotification).flatMap { $0.jids("from") }.map(Self.lane)
        let identityLanes = sessionLanes(of: batch.compactMap(Self.changedIdentity))
        // What cannot be read is asked for with a new prekey, whose number the credentials count.
        let ownLane = messages.contains { $0 != nil } ? [Credentials.lane] : []
        let result = try await withLanes(withFormer(addresses).union(groupLanes).union(identityLanes).union(ownLane)) {
            var state = try await prepare(messages.compactMap(\.self), addresses)
            state.result.changes += pairs
            for (stanza, message) in zip(batch, messages) {
                if let message { read(message, &state) } else { handle(stanza, &state.result) }
            }
            try await commit(&state)
            follow(state.result)
            dropSessions(of: state.result.newIdentities, except: Set(state.sessions.keys))
            for name in state.answered { retries.answer(name) }
            for name in state.read { readNames.insert(name) }
            return state.result
        }
        if lanes.areFree { sessions.trim() }
        for answer in result.answers { try? send(answer) }
        for chore in result.chores { addChore?.yield(chore) }
    }

    /// Loads what reading the messages needs.
    private func prepare(_ messages: [IncomingMessage], _ addresses: Set<String>) async throws -> ReadingState {
        var state = ReadingState()
        guard !messages.isEmpty else { return state }
        try await load(sessions: Array(addresses))
        if !readNames.isLoaded { readNames.load(try await store.load([ReadNames.key])[ReadNames.key]) }
        let keys = messages.compactMap(\.senderKeyName).filter { sessions[senderKey: $0] == nil }
        let prekeys = messages.flatMap(\.prekeyIDs)
        guard !keys.isEmpty || !prekeys.isEmpty else { return state }
        let found = try await store.load(
            keys.map { StoreKey(.senderKey, $0) } + prekeys.map { StoreKey(.preKey, String($0)) })
        for (key, bytes) in found {
            if key.kind == .senderKey {
                sessions[senderKey: key.name] = readable("sender key", bytes, SenderKeyRecord.init)
            } else if let id = UInt32(key.name) {
                state.prekeys[id] = Prekey(id: id, stored: bytes)
            }
        }
        return state
    }

    /// Makes everything durable that the batch has changed, together with what it says to the owner.
    private func commit(_ state: inout ReadingState) async throws {
        for (address, record) in state.sessions {
            let reserved = record.canEncrypt ? try record.reserving(Self.reservationForAnswer) : record
            state.sessions[address] = reserved
            state.result.changes.append(.put(StoreKey(.session, address), reserved.serialized()))
        }
        for (name, record) in state.senderKeys {
            state.result.changes.append(.put(StoreKey(.senderKey, name), record.serialized()))
        }
        if !state.read.isEmpty {
            state.result.changes.append(.put(ReadNames.key, readNames.serialized(with: state.read)))
        }
        for id in state.usedPrekeys { state.result.changes.append(.delete(StoreKey(.preKey, String(id)))) }
        guard !state.result.changes.isEmpty || !state.result.events.isEmpty else { return }
        do {
            try await store.commit(state.result.changes, events: state.result.events)
        } catch {
            sessions.drop(sessions: state.sessions.keys, senderKeys: state.senderKeys.keys)
            readNames.reload()
            throw error
        }
        for (address, record) in state.sessions { sessions[session: address] = record }
        for (name, record) in state.senderKeys { sessions[senderKey: name] = record }
    }

    private func handle(_ stanza: Node, _ result: inout IntakeResult) {
        switch (stanza.tag, stanza.text("type")) {
        case ("receipt", "retry"):
            result.chores.append { try await $0.answerRetry(stanza) }
        case ("receipt", _):
            result.events += MessageReceipt.all(in: stanza, own: ownAddresses, at: serverNow).map { .receipt($0) }
            result.answers.append(.ack(stanza))
        case ("notification", let type):
            handle(notification: stanza, type ?? "", &result)
            result.answers.append(.ack(stanza))
        case ("message", _):
            // Without what every message has it cannot be read, now or later.
            result.answers.append(.ack(stanza, error: 487))
        default:
            result.events.append(.unknown(stanza))
            result.answers.append(.ack(stanza))
        }
    }

    /// Does what may have to wait for the server, a few things at once.
    /// - Returns: as soon as one of them knows why the connection ends.
    func doChores(_ chores: AsyncStream<Chore>) async -> ConnectionVerdict? {
        let (verdicts, tell) = AsyncStream.makeStream(of: ConnectionVerdict.self)
        retries.takeBackUnconfirmed()
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await self.work(chores) { tell.yield($0) }
                tell.finish()
            }
            // Told at once, however long other chores take.
            for await verdict in verdicts {
                answers.close()
                group.cancelAll()
                return verdict
            }
            return nil
        }
    }

    /// Does up to eight chores at a time.
    private func work(_ chores: AsyncStream<Chore>, _ tell: @escaping @Sendable (ConnectionVerdict) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await chore in chores {
                if running >= 8 {
                    _ = await group.next()
                    running -= 1
                }
                group.addTask { if let verdict = await self.do(chore) { tell(verdict) } }
                running += 1
            }
        }
    }

    private func `do`(_ chore: Chore) async -> ConnectionVerdict? {
        do {
            return try await chore(self)
        } catch let error as WebError {
            logger.warning("A task of the connection failed", metadata: ["error": "\(error)"])
        } catch is CancellationError {
        } catch {
            logger.warning("A task of the connection failed", metadata: ["error": "\(type(of: error))"])
        }
        return nil
    }
}

extension Node {
    /// The addresses in some attributes, those that are there and sound.
    func jids(_ names: String...) -> [JID] { names.compactMap { (try? jid($0)) ?? nil } }

    /// The acknowledgement of a stanza that is no message.
    static func ack(_ stanza: Node, error: Int? = nil) -> Node {
        var attributes: Node.Attributes = ["class": .text(stanza.tag)]
        attributes["id"] = stanza.attributes["id"]
        attributes["to"] = stanza.attributes["from"]
        for name in ["participant", "recipient"] { attributes[name] = stanza.attributes[name] }
        if stanza.tag != "message" { attributes["type"] = stanza.attributes["type"] }
        if let error { attributes["error"] = .number(error) }
        return Node("ack", attributes)
    }
}
