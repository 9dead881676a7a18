import Foundation

/// The control API for tests in the same process; the HTTP calls under `/control` do the same.
extension GraphEmulator {
    /// What a bot sent so far.
    public struct SentCounts: Sendable {
        /// Messages that were accepted.
        public let accepted: Int
        /// Accepted messages with a business-scoped user id in `to`, which go nowhere.
        public let lost: Int
        /// Calls that were answered with an error.
        public let refused: Int
        /// Calls that a fault swallowed.
        public let dropped: Int
        /// Accepted messages by their callback data.
        public let byCallbackData: [String: Int]
        /// Accepted messages by user.
        public let byUser: [String: Int]
    }

    /// How webhooks fared so far.
    public struct WebhookCounts: Sendable {
        /// Updates to report.
        public let updates: Int
        /// Deliveries, repeats among them.
        public let posts: Int
        /// Deliveries that were answered with 200.
        public let answered: Int
        /// Deliveries that were repeats.
        public let repeated: Int
        /// Webhooks that were dropped, for the queue was full or the repeats were used up.
        public let lost: Int
    }

    /// Plays a message of a user, written as for `POST /control/messages`.
    /// - Returns: the message's id.
    /// - Throws: an error that names the wrong member.
    @discardableResult
    public func receive(_ message: EmulatorJSON) async throws -> String {
        let (update, id, _) = try await world.update { try $0.play(message) }
        if let update { await sender.send(update) }
        return id
    }

    /// Plays a text of the user with this phone.
    /// - Returns: the message's id.
    @discardableResult
    public func receive(text: String, from phone: String) async throws -> String {
        try await receive(["from": .string(phone), "text": .string(text)])
    }

    /// Puts a file on the media host, as if a user had sent it.
    /// - Returns: its media id.
    public func addMedia(_ bytes: [UInt8], mimeType: String, filename: String? = nil) async throws -> String {
        let number = try await world.number(nil)
        return await world.store(bytes, mimeType: mimeType, filename: filename, number: number, isIncoming: true).id
    }

    /// The kept calls that `filter` means, oldest first.
    public func sent(_ filter: SentFilter = SentFilter()) async -> [SentMessage] {
        await world.update { $0.log.messages(filter) }
    }

    /// Waits until `filter` meant `count` calls.
    /// - Returns: whether they came before the deadline.
    public func waitForSent(
        _ count: Int, _ filter: SentFilter = SentFilter(), within deadline: Duration = .seconds(10)
    ) async -> Bool {
        await world.wait(for: count, filter, within: deadline)
    }

    /// The exact counts of what was sent.
    public func counts() async -> SentCounts {
        await world.update { world in
            SentCounts(
                accepted: world.log.outcomes[.accepted] ?? 0, lost: world.log.outcomes[.lost] ?? 0,
                refused: world.log.outcomes[.refused] ?? 0, dropped: world.log.outcomes[.dropped] ?? 0,
                byCallbackData: world.log.callbacks.counts, byUser: world.log.users.counts)
        }
    }

    /// The counts of webhooks.
    public func webhookCounts() async -> WebhookCounts {
        let counts = await sender.desk.counts
        return WebhookCounts(
            updates: counts.updates, posts: counts.posts, answered: counts.answered, repeated: counts.repeated,
            lost: counts.dropped + counts.givenUp)
    }

    /// Forgets what was sent, with its counts.
    public func clear() async { await world.update { $0.log.clear() } }

    /// Arms a fault of the calls of `/messages`.
    public func inject(_ fault: SendFault) async { await world.update { $0.faults.add(fault) } }

    /// Arms a fault of webhooks.
    public func inject(_ fault: WebhookFault) async { await sender.desk.add(fault) }

    /// Disarms all faults.
    public func clearFaults() async {
        await world.update { $0.faults.removeAll() }
        await sender.desk.clearFaults()
    }

    /// Sets where webhooks go; `nil` sends none.
    public func setWebhook(url: String?) async { await sender.desk.setAddress(url) }

    /// Moves the emulated clock, on which windows, media and timestamps depend.
    public func advanceClock(by time: Duration) async {
        let seconds = Double(time.wholeMilliseconds) / 1000
        await world.update { $0.clockOffset += seconds }
    }

    /// Changes which statuses follow an accepted message.
    public func setStatuses(_ reports: StatusReports) async { await world.update { $0.statuses = reports } }

    /// Changes the rule for the customer service window.
    public func setWindow(_ rule: WindowRule) async { await world.update { $0.window = rule } }
}
