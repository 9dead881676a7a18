import WhatsAppWire

extension WebClient {
    /// Asks the server for a sign of life now and then, and ends what waits too long.
    func keepAlive() async -> ConnectionVerdict? {
        var pulse = Pulse(at: time.instant())
        var nextUpkeep = time.instant() + .seconds(Upkeep.interval)
        var watch = NetworkWatch(network)
        while !Task.isCancelled {
            try? await time.sleep(.seconds(1))
            let now = time.instant()
            answers.expire(at: now)
            guard let session else { continue }
            let isLinking = credentials?.account == nil
            switch pulse.step(at: now, lastHeard: session.lastHeard, isLinking: isLinking, hasMoved: watch.hasMoved()) {
            case .rest: break
            case .ask: ask()
            case .giveUp(let reason): return .retry(reason)
            }
            if offline?.isStuck(at: now) == true { askForQueued() }
            guard now >= nextUpkeep, session.isOnline else { continue }
            nextUpkeep = now + .seconds(Upkeep.interval)
            addChore?.yield {
                try await $0.keepUp()
                return nil
            }
        }
        return nil
    }

    private func ask() {
        try? send(
            Node(
                "iq",
                [
                    "id": .text(requestIDs.next()), "to": .jid(.whatsApp), "type": "get", "xmlns": "w:p",
                ]))
    }

    /// Waits before the next connection; less if the network is another one meanwhile, which begins anew.
    func pause(for wait: Duration) async throws {
        var watch = NetworkWatch(network)
        var left = wait
        while left > .zero {
            let part = min(left, .seconds(3))
            try await time.sleep(part)
            left -= part
            if watch.hasMoved() { return backoff.succeeded() }
        }
    }

    // MARK: - What was queued

    /// Asks for the next of what the server has queued.
    func askForQueued() {
        guard offline?.ask(at: time.instant()) == true else { return }
        try? send(Node("ib", [:], [Node("offline_batch", ["count": .number(OfflineQueue.batch)])]))
    }

    /// Notes a stanza that came, and asks for more when it may have been among the last that were asked for.
    func noteQueued() {
        if offline?.arrived(at: time.instant()) == true { askForQueued() }
    }
}
