import Foundation

/// The control API under `/control`: plays the users, injects faults and tells what the bot sent. `ControlGuide` lists
/// it.
struct ControlAPI: Sendable {
    static let maximumDeadline = Duration.seconds(600)
    let world: GraphWorld
    let sender: WebhookSender
    let configuration: GraphEmulator.Configuration

    /// Answers `call`; its path lacks `control`.
    func answer(_ call: EmulatorCall) async throws -> EmulatorReply {
        switch (call.method, call.path.joined(separator: "/")) {
        case ("GET", ""), ("GET", "help"): .text(ControlGuide.text)
        case ("POST", "messages"): try await playMessage(call)
        case ("POST", "users"): try await defineUser(call)
        case ("POST", "users/number"): try await changeNumber(call)
        case ("POST", "media"): try await upload(call)
        case ("POST", "statuses"): try await report(call)
        case ("POST", "webhook"): try await sendRaw(call)
        case ("PUT", "webhook"): try await setAddress(call)
        case ("POST", "webhook/verify"): try await handshake(call)
        case ("GET", "webhooks"): .json(await webhookListing())
        case ("DELETE", "webhooks"): await act { await sender.desk.clearLog() }
        case ("GET", "webhook-faults"): .json(.array(await sender.desk.faultNames.map(EmulatorJSON.string)))
        case ("POST", "webhook-faults"): try await addWebhookFault(call)
        case ("DELETE", "webhook-faults"): await act { await sender.desk.clearFaults() }
        case ("GET", "faults"): .json(await world.update { $0.faults.json })
        case ("POST", "faults"): try await addFault(call)
        case ("DELETE", "faults"): await act { await world.update { $0.faults.removeAll() } }
        case ("GET", "sent"): .json(await sentListing(call))
        case ("DELETE", "sent"): await act { await world.update { $0.log.clear() } }
        case ("GET", "wait"): await wait(call)
        case ("GET", "counts"): try await counts(call)
        case ("GET", "settings"): .json(await world.settings)
        case ("PUT", "settings"): try await changeSettings(call)
        case ("POST", "clock"): try await moveClock(call)
        case ("POST", "windows"): try await setWindow(call)
        case ("POST", "templates"): try await addTemplate(call)
        case ("POST", "groups"): try await addGroup(call)
        default:
            .json(["error": "there is no such control call; GET /control lists them"], status: 404)
        }
    }

    private func act(_ action: () async -> Void) async -> EmulatorReply {
        await action()
        return .json(["ok": true])
    }

    // MARK: What the bot sent

    private func filter(_ call: EmulatorCall) -> SentFilter {
        let query = call.query
        var outcomes: Set<SentMessage.Outcome>? = [.accepted]
        if let wanted = query["outcome"] { outcomes = SentMessage.Outcome(rawValue: wanted).map { [$0] } }
        let user = query["user"].map { Identifiers.phoneDigits($0) ?? $0 }
        return SentFilter(
            phoneNumberID: query["phone"], user: user, kind: query["kind"], callbackData: query["callback"],
            since: query["since"].flatMap { Int($0) } ?? 0, outcomes: outcomes)
    }

    private func sentListing(_ call: EmulatorCall) async -> EmulatorJSON {
        let filter = filter(call)
        let limit = call.query["limit"].flatMap { Int($0) } ?? 1000
        let (messages, sequence) = await world.update {
            ($0.log.messages(filter, limit: max(0, limit)), $0.log.sequence)
        }
        return [
            "sequence": .integer(sequence), "count": .integer(messages.count),
            "messages": .array(messages.map(\.listing)),
        ]
    }

    private func wait(_ call: EmulatorCall) async -> EmulatorReply {
        let filter = filter(call)
        let count = call.query["count"].flatMap { Int($0) } ?? 1
        let deadline = call.query["deadline_ms"].flatMap { Int($0) } ?? 10_000
        let isThere = await world.wait(
            for: count, filter, within: min(.milliseconds(max(0, deadline)), Self.maximumDeadline))
        var answer = await sentListing(call)
        answer = answer.with("reached", .bool(isThere)).with(
            "total", .integer(await world.update { $0.log.count(filter) }))
        return .json(answer, status: isThere ? 200 : 408)
    }

    private func counts(_ call: EmulatorCall) async throws -> EmulatorReply {
        guard let name = call.query["of"] else {
            return .json(["sent": await world.update { $0.log.json }, "webhooks": await sender.desk.json])
        }
        guard let tally = await world.update({ $0.log.tally(name) }) else {
            throw EmulatedError.invalidParameter("Param of must be one of {users, callbacks, kinds}.")
        }
        return .json(tally)
    }

    private func webhookListing() async -> EmulatorJSON {
        let records = await sender.desk.records
        return ["counts": await sender.desk.json, "deliveries": .array(records.map(\.json))]
    }
}

extension GraphWorld {
    /// Waits until `filter` meant `count` messages, or the deadline.
    /// - Returns: whether they are there.
    nonisolated func wait(for count: Int, _ filter: SentFilter, within deadline: Duration) async -> Bool {
        let (signal, input) = AsyncStream.makeStream(of: Void.self)
        guard let waiter = await update({ $0.log.addWaiter(count: count, filter, input) }) else { return true }
        let isThere = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in signal {}
                return !Task.isCancelled
            }
            group.addTask {
                try? await RealTime.pass(deadline)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        await update { $0.log.removeWaiter(waiter) }
        return isThere
    }

    /// What can be changed while the emulator runs, in the shape of the control API.
    var settings: EmulatorJSON {
        [
            "statuses": .string(statuses.rawValue), "window": .string(window.rawValue),
            "latency_ms": .integer(latency.wholeMilliseconds), "rates": .bool(enforcesRates),
            "clock_offset_s": .number(clockOffset), "now": .number(now.timeIntervalSince1970),
        ]
    }
}

extension Duration {
    /// Milliseconds, rounded down.
    var wholeMilliseconds: Int { Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) }
}
