public import Foundation
public import Logging
import NIOCore
import NIOWebSocket
import WhatsAppKeys
import WhatsAppProto
public import WhatsAppWire

/// A linked device of one WhatsApp account.
///
/// ```swift
/// let client = WebClient(settings: WebSettings(), store: store, logger: logger)
/// async let end = client.run()
/// for await notice in client.notices {
///     if case .qr(let text, _) = notice { show(text) }
/// }
/// ```
///
/// What must not be missed reaches the owner through the store's commits (`WebStore`), what is worth something only
/// now through `notices`.
public actor WebClient: StanzaLine {
    nonisolated let settings: WebSettings
    nonisolated let store: any WebStore
    nonisolated let time: WebTime
    nonisolated let logger: Logger
    nonisolated let answers = PendingAnswers()

    /// News that nobody has to hear; the latest 100 are kept.
    public nonisolated let notices: AsyncStream<WebNotice>
    nonisolated let notify: AsyncStream<WebNotice>.Continuation

    /// Nil until `run` has loaded or made them.
    var credentials: Credentials?
    var revision: UInt32
    /// Whether the present revision was fetched because the server wants a newer one, and has not been taken yet.
    var isUpdated = false
    var backoff = Backoff()
    /// When the server took the login of the present or latest connection, if it did.
    var onlineSince: ContinuousClock.Instant?
    /// Tells which network the machine is on.
    var network = NetworkWatch.ofSystem
    /// The server's clock minus ours.
    var serverTimeOffset = Duration.zero
    var requestIDs = RequestIDs(random: (.random(in: 0...255), .random(in: 0...255)))
    /// The open connection.
    var session: Session?
    /// What a pairing code in progress needs.
    var linkCode: LinkCode?
    var lanes = LaneTable()
    var sessions = SessionTable()
    var devices = DeviceTable()
    var groups = GroupTable()
    var retries = RetryTable()
    var readNames = ReadNames()
    var upkeep = Upkeep()
    /// Whether contacts see us as online; then receipts say that somebody may look.
    var isAvailable = false
    /// Whether the owner wants that.
    var wantsToBeOnline = true
    /// Stanzas that came and were not handled yet.
    var intake = Intake()
    /// What the server has queued, until it has said that this was all.
    var offline: OfflineQueue?
    /// The way to the media servers, once it was needed.
    var media: MediaTransfer?
    /// Takes work that needs answers of the server, which the reader must not wait for.
    var addChore: AsyncStream<Chore>.Continuation?

    /// What lasts as long as a connection.
    struct Session {
        var ciphers: SealingCipher
        let frames: AsyncStream<[UInt8]>.Continuation
        var isOnline = false
        var lastHeard: ContinuousClock.Instant
    }

    public init(settings: WebSettings, store: any WebStore, logger: Logger, time: WebTime = .system) {
        self.settings = settings
        self.store = store
        self.logger = logger
        self.time = time
        revision = settings.revision
        (notices, notify) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(100))
    }

    /// The account that is linked; nil when none is, or before `run` has looked.
    public var account: LinkedAccount? { credentials?.account.map(LinkedAccount.init) }

    /// Waits until a ban is over.
    /// - Returns: whether to connect again then.
    public typealias BanWait = @Sendable (_ end: Date, _ code: Int?) async throws -> Bool

    /// Connects, links when the account is not linked yet, and stays connected until cancelled or told to stop.
    /// - Parameter outlast: what is done about a ban whose end the server names; without it the ban ends the run.
    /// - Returns: why it ended by itself.
    /// - Throws: `WebError` with `store`, or `CancellationError`.
    @discardableResult
    public func run(outlasting outlast: BanWait? = nil) async throws -> EndReason {
        defer { notify.finish() }
        do {
            let reason = try await stayConnected(outlast)
            await closeMedia()
            return reason
        } catch {
            await closeMedia()
            throw error
        }
    }

    private func stayConnected(_ outlast: BanWait?) async throws -> EndReason {
        if credentials == nil { credentials = try await loadCredentials() }
        while true {
            try Task.checkCancellation()
            onlineSince = nil
            let verdict = await connectOnce()
            try Task.checkCancellation()
            if let onlineSince { backoff.held(for: time.instant() - onlineSince) }
            switch verdict {
            case .reconnect:
                try await wait(backoff.urged(jitter: .random(in: 0...1)), because: "the server wants a new connection")
            case .retry(let reason):
                try await wait(backoff.failed(jitter: .random(in: 0...1)), because: reason)
            case .outdated:
                guard try await update() else { return end(.outdated) }
            case .unlinked(let reason):
                try await forgetAccount(because: reason)
                return end(.unlinked(reason))
            case .ended(.bannedUntil(let date?, let code)):
                guard let outlast, try await outlast(date, code) else { return end(.bannedUntil(date, code: code)) }
                backoff.succeeded()
            case .ended(let reason):
                return end(reason)
            }
        }
    }

    private func wait(_ wait: Duration, because reason: String) async throws {
        guard wait > .zero else { return }
        logger.warning("WhatsApp connection lost", metadata: ["reason": "\(reason)", "wait": "\(wait)"])
        notify.yield(.connection(.waiting(wait, reason: reason)))
        try await pause(for: wait)
    }

    /// Takes the revision that the server wants, and waits if that is not the first attempt for a while.
    /// - Returns: false when there is no other one, or the server did not take it.
    private func update() async throws -> Bool {
        guard !isUpdated else { return false }
        do throws(WebError) {
            guard let current = try await currentRevision() else { return false }
            revision = current
            isUpdated = true
        } catch {
            try await wait(backoff.failed(jitter: .random(in: 0...1)), because: error.message)
            return true
        }
        try await wait(backoff.urged(jitter: .random(in: 0...1)), because: "WhatsApp wanted a newer client")
        return true
    }

    private func end(_ reason: EndReason) -> EndReason {
        logger.error("WhatsApp connection ended", metadata: ["reason": "\(reason.message)"])
        notify.yield(.connection(.ended(reason)))
        return reason
    }

    // MARK: - Credentials

    private func loadCredentials() async throws -> Credentials {
        if let stored = try await store.load([Credentials.key])[Credentials.key] {
            return try Credentials(decoding: stored)
        }
        let fresh = Credentials.random(at: time.now())
        try await save(fresh)
        return fresh
    }

    func save(_ credentials: Credentials, events: [WebEvent] = []) async throws {
        try await store.commit([.put(Credentials.key, credentials.encoded())], events: events)
    }

    /// Forgets the account and all its keys, and makes new ones for the next linking.
    private func forgetAccount(because reason: UnlinkReason) async throws {
        let fresh = Credentials.random(at: time.now())
        let changes = StoreKind.allCases.map { StoreChange.deleteAll($0, prefix: "") }
        try await store.commit(
            changes + [.put(Credentials.key, try fresh.encoded())],
            events: credentials?.account == nil ? [] : [.unlinked(reason)])
        credentials = fresh
        readNames = ReadNames()
    }
}

/// The account of a client, as its owner may show it.
public struct LinkedAccount: Sendable, Hashable {
    /// Our device under the account's phone number.
    public var phoneNumber: JID
    /// Our device under the account's hidden id.
    public var lid: JID
    /// What the phone runs on, in the server's words.
    public var platform: String?
    public var businessName: String?

    init(_ account: Credentials.Account) {
        phoneNumber = account.phoneNumber
        lid = account.lid
        platform = account.platform
        businessName = account.businessName
    }
}
