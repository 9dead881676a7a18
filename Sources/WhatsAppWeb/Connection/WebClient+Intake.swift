import Foundation
import Logging
import WhatsAppWire

extension WebClient {
    /// Takes a stanza from the reader; must not wait for an answer of the server.
    /// - Returns: what to do when the stanza ends the connection.
    func received(_ node: Node) async -> ConnectionVerdict? {
        logger.trace("<-", metadata: ["stanza": "\(node)"])
        switch node.tag {
        case "iq": receivedRequest(node)
        case "ack":
            if node.text("class") == "message", let id = node.text("id") { answers.resolve(.message(id), with: node) }
        case "success":
            succeeded(node)
        case "failure": return ConnectionVerdict(failure: node)
        case "stream:error": return ConnectionVerdict(streamError: node)
        case "xmlstreamend": return .retry("the server ended the stream")
        case "ib": receivedInfo(node)
        case "presence", "chatstate": announce(node)
        default:
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
            case "offline_preview":
                try? send(Node("ib", [:], [Node("offline_batch", ["count": "200"])]))
            case "offline":
                notify.yield(.caughtUp(count: child.text("count").flatMap { Int($0) } ?? 0))
            default:
                logger.debug("Unknown information from the server", metadata: ["tag": "\(child.tag)"])
            }
        }
    }

    private func announce(_ node: Node) {
        guard let from = try? node.jid("from") else { return }
        if node.tag == "presence" {
            let seen = node.text("last").flatMap { Double($0) }.map { Date(timeIntervalSince1970: $0) }
            return void(notify.yield(.presence(from, isOnline: node.text("type") != "unavailable", lastSeen: seen)))
        }
        let sender = (try? node.jid("participant")) ?? from
        let state: TypingState =
            switch node.children.first {
            case let child? where child.tag == "composing": child.text("media") == "audio" ? .recording : .typing
            default: .paused
            }
        notify.yield(.typing(chat: from, sender: sender, state))
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

    private func handle(_ batch: [Node]) async throws {
        var result = IntakeResult()
        for stanza in batch { handle(stanza, &result) }
        if !result.changes.isEmpty || !result.events.isEmpty {
            try await store.commit(result.changes, events: result.events)
        }
        for answer in result.answers { try? send(answer) }
        for chore in result.chores { addChore?.yield(chore) }
    }

    private func handle(_ stanza: Node, _ result: inout IntakeResult) {
        switch stanza.tag {
        case "notification" where stanza.text("type") == "link_code_companion_reg":
            result.chores.append { try await $0.finishLinkCode(stanza) }
            result.answers.append(.ack(stanza))
        default:
            result.events.append(.unknown(stanza))
            result.answers.append(.ack(stanza))
        }
    }

    /// Does what may have to wait for the server, a few things at once.
    func doChores(_ chores: AsyncStream<Chore>) async -> ConnectionVerdict? {
        await withTaskGroup(of: ConnectionVerdict?.self) { group in
            var running = 0
            for await chore in chores {
                if running >= 8 {
                    if let verdict = await group.next() ?? nil { return verdict }
                    running -= 1
                }
                group.addTask { await self.do(chore) }
                running += 1
            }
            for await case let verdict? in group { return verdict }
            return nil
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
