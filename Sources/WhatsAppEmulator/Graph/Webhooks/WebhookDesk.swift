import AsyncHTTPClient
import Foundation

/// One body on its way to one address.
struct WebhookPost: Sendable {
    let url: String
    let body: [UInt8]
    let signature: WebhookUpdate.Signature
    /// What is inside, for the log.
    let labels: [String]
    var copies = 1
    var delay = Duration.zero
    /// Whether the first delivery gets lost on the way.
    var losesFirst = false
}

/// One delivery of a webhook, for the control API.
struct WebhookRecord: Sendable {
    let time: Date
    let post: WebhookPost
    /// From 1.
    let attempt: Int
    /// The bot's HTTP status; `nil` when there was no answer.
    let status: Int?
    let failure: String?

    var json: EmulatorJSON {
        .object([
            "time": .number(time.timeIntervalSince1970), "url": .string(post.url), "attempt": .integer(attempt),
            "updates": .array(post.labels.map(EmulatorJSON.string)), "status": status.map(EmulatorJSON.integer),
            "failure": failure.map(EmulatorJSON.string), "bytes": .integer(post.body.count),
            "body": post.body.count <= 100_000 ? try? EmulatorJSON.parse(post.body) : nil,
        ])
    }
}

/// Decides what becomes of each update: its address, faults, batching; and keeps the log of webhooks.
actor WebhookDesk {
    /// What the sender has to do for an update.
    enum Decision: Sendable {
        /// Send these now.
        case post([WebhookPost])
        /// Come back after this time with `collect`, the update shares a webhook with others.
        case wait(Duration, batch: String)
        /// Nothing: another one sends it, or there is no address.
        case nothing
    }

    /// Counts since the start.
    struct Counts: Sendable {
        var updates = 0
        var posts = 0
        var answered = 0
        var failed = 0
        var repeated = 0
        var givenUp = 0
        var dropped = 0
        var withoutAddress = 0
    }

    private let batchSize: Int
    private let batchWait: Duration
    private var address: String?
    private var overrides: [String: String] = [:]
    private var faults: [WebhookFault] = []
    private var pending: [String: [WebhookUpdate]] = [:]
    private var held: (updates: [WebhookUpdate], wanted: Int) = ([], 0)
    private var log: Ring<WebhookRecord>
    private var client: HTTPClient?
    private let keepsLog: Bool
    private(set) var counts = Counts()

    private static let holdKey = "held for reordering"

    init(_ configuration: GraphEmulator.Configuration) {
        batchSize = min(1000, max(1, configuration.webhookBatch))
        batchWait = configuration.webhookBatchWait
        address = configuration.webhookURL
        keepsLog = !configuration.isLean
        log = Ring(capacity: 1000, capacityBytes: 16 << 20, size: { $0.post.body.count })
    }

    /// Sets the address of the app's webhook; `nil` stops webhooks.
    func setAddress(_ url: String?) { address = url }

    /// Sets or removes the address of one account or number, which goes before the app's.
    func setOverride(_ url: String?, for id: String) { overrides[id] = url }

    /// The address that an update of `number` goes to.
    func address(for number: BusinessNumber) -> String? {
        overrides[number.phoneNumberID] ?? overrides[number.accountID] ?? address
    }

    /// The override of an account or number.
    func override(for id: String) -> String? { overrides[id] }

    func use(_ client: HTTPClient?) { self.client = client }

    /// The client for calls to the bot; `nil` before the emulator runs.
    func currentClient() -> HTTPClient? { client }

    func add(_ fault: WebhookFault) {
        faults.append(fault)
    }

    /// Disarms all faults; what is held back for reordering comes with its own deadline.
    func clearFaults() { faults.removeAll() }

    func clearLog() {
        log.removeAll()
        counts = Counts()
    }

    /// The kept deliveries, oldest first.
    var records: [WebhookRecord] { log.all }

    var faultNames: [String] { faults.map(\.name) }

    func note(_ record: WebhookRecord) {
        counts.posts += 1
        if record.attempt > 1 { counts.repeated += 1 }
        if record.status == 200 { counts.answered += 1 } else { counts.failed += 1 }
        if keepsLog { log.append(record) }
    }

    func noteGivenUp() { counts.givenUp += 1 }

    func noteDropped() { counts.dropped += 1 }

    /// Takes the next update and says what to do.
    func submit(_ update: WebhookUpdate) -> Decision {
        counts.updates += 1
        guard let url = address(for: update.number) else {
            counts.withoutAddress += 1
            return .nothing
        }
        if held.wanted > 0 { return hold(update, within: nil) }
        guard let fault = takeFault(for: update) else { return batch(update, url) }
        var update = update
        switch fault.effect {
        case .reorder(let count, let wait):
            held = ([], max(2, count))
            return hold(update, within: wait)
        case .wrongSignature:
            update.signature = .wrong
            return .post([post([update], url)])
        case .duplicate(let times):
            var post = post([update], url)
            post.copies += max(1, times)
            return .post([post])
        case .delay(let delay):
            var post = post([update], url)
            post.delay = delay
            return .post([post])
        case .drop:
            var post = post([update], url)
            post.losesFirst = true
            return .post([post])
        }
    }

    /// What gathered in `batch` since `submit` said to wait.
    func collect(_ batch: String) -> [WebhookPost] {
        guard batch != Self.holdKey else { return release() }
        guard let updates = pending.removeValue(forKey: batch), !updates.isEmpty else { return [] }
        return [post(updates, batch)]
    }

    private func takeFault(for update: WebhookUpdate) -> WebhookFault? {
        guard let index = faults.firstIndex(where: { $0.means(update) }) else { return nil }
        let fault = faults[index]
        if let times = fault.times {
            if times <= 1 { faults.remove(at: index) } else { faults[index].times = times - 1 }
        }
        return fault
    }

    private func batch(_ update: WebhookUpdate, _ url: String) -> Decision {
        if case .body = update.content { return .post([post([update], url)]) }
        guard batchSize > 1, update.signature == .valid else { return .post([post([update], url)]) }
        pending[url, default: []].append(update)
        let count = pending[url]?.count ?? 0
        if count >= batchSize { return .post(collect(url)) }
        return count == 1 ? .wait(batchWait, batch: url) : .nothing
    }

    private func hold(_ update: WebhookUpdate, within wait: Duration?) -> Decision {
        held.updates.append(update)
        if held.updates.count >= held.wanted { return .post(release()) }
        return wait.map { .wait($0, batch: Self.holdKey) } ?? .nothing
    }

    private func release() -> [WebhookPost] {
        let updates = held.updates.reversed()
        held = ([], 0)
        return updates.compactMap { update in address(for: update.number).map { post([update], $0) } }
    }

    private func post(_ updates: [WebhookUpdate], _ url: String) -> WebhookPost {
        WebhookPost(
            url: url, body: WebhookEnvelope.encode(updates), signature: updates.first?.signature ?? .valid,
            labels: updates.prefix(100).map(\.label))
    }

    /// Counts and armed faults in the shape of the control API.
    var json: EmulatorJSON {
        .object([
            "url": address.map(EmulatorJSON.string) ?? .null,
            "updates": .integer(counts.updates), "posts": .integer(counts.posts), "answered": .integer(counts.answered),
            "failed": .integer(counts.failed), "repeated": .integer(counts.repeated),
            "given_up": .integer(counts.givenUp), "dropped": .integer(counts.dropped),
            "without_address": .integer(counts.withoutAddress),
        ])
    }
}
