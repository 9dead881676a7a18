import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Carries updates to the bot, as Meta does: signed, repeated until the answer is 200, in order for one user.
struct WebhookSender: Sendable {
    /// Updates of one cause, one after the other, each after its pause.
    struct Delivery: Sendable {
        let user: String
        let steps: [(update: WebhookUpdate, after: Duration)]
    }

    let desk: WebhookDesk
    private let signer: WebhookSigner
    private let timeout: Duration
    private let retries: [Duration]
    private let roomAside: Int
    private let lanes: [(stream: AsyncStream<Delivery>, input: AsyncStream<Delivery>.Continuation)]

    init(_ configuration: GraphEmulator.Configuration) {
        desk = WebhookDesk(configuration)
        signer = WebhookSigner(appSecret: configuration.appSecret)
        timeout = configuration.webhookTimeout
        retries = configuration.webhookRetries
        let count = max(1, configuration.webhookLanes)
        let room = max(1, configuration.webhookQueueCapacity / count)
        roomAside = room
        lanes = (0..<count).map { _ in
            let (stream, input) = AsyncStream.makeStream(of: Delivery.self, bufferingPolicy: .bufferingOldest(room))
            return (stream, input)
        }
    }

    /// Queues `update` and returns at once.
    func send(_ update: WebhookUpdate) async {
        await send(Delivery(user: update.user, steps: [(update, .zero)]))
    }

    /// Queues `delivery` and returns at once; a full lane drops and counts it.
    func send(_ delivery: Delivery) async {
        let lane = lanes[Int(UInt(bitPattern: delivery.user.hashValue) % UInt(lanes.count))]
        if case .dropped = lane.input.yield(delivery) { await desk.noteDropped() }
    }

    /// Serves the lanes until cancelled.
    @concurrent func run() async {
        var settings = HTTPClient.Configuration(redirectConfiguration: .disallow)
        settings.timeout.connect = .seconds(5)
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = lanes.count * 4
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        await desk.use(client)
        await withDiscardingTaskGroup { group in
            for lane in lanes { group.addTask { await serve(lane.stream, client) } }
        }
        await desk.use(nil)
        try? await client.shutdown()
    }

    private func serve(_ stream: AsyncStream<Delivery>, _ client: HTTPClient) async {
        await withTaskGroup(of: Void.self) { group in
            var aside = Aside(room: roomAside)
            for await delivery in stream {
                guard delivery.steps.allSatisfy({ $0.after == .zero }) else {
                    await aside.add(to: &group) { await play(delivery, client) }
                    continue
                }
                for step in delivery.steps {
                    await perform(await desk.submit(step.update), client, &group, &aside)
                }
            }
        }
    }

    /// What waits beside its lane, within a limit: a full one makes the lane wait.
    private struct Aside {
        let room: Int
        var count = 0

        mutating func add(to group: inout TaskGroup<Void>, _ work: @escaping @Sendable () async -> Void) async {
            if count == room {
                await group.next()
                count -= 1
            }
            count += 1
            group.addTask { await work() }
        }
    }

    /// Sends at once what can be sent at once; what has to wait waits beside the lane.
    private func perform(
        _ decision: WebhookDesk.Decision, _ client: HTTPClient, _ group: inout TaskGroup<Void>, _ aside: inout Aside
    ) async {
        switch decision {
        case .nothing: return
        case .wait(let time, let batch):
            await aside.add(to: &group) {
                guard (try? await RealTime.pass(time)) != nil else { return }
                for post in await desk.collect(batch) { await deliver(post, client, from: 0) }
            }
        case .post(let posts):
            for post in posts {
                if post.delay == .zero, await attempt(post, client, number: 1) {
                    guard post.copies > 1 else { continue }
                    await aside.add(to: &group) { await deliver(post, client, from: 0, copies: post.copies - 1) }
                } else {
                    await aside.add(to: &group) { await deliver(post, client, from: post.delay == .zero ? 1 : 0) }
                }
            }
        }
    }

    private func play(_ delivery: Delivery, _ client: HTTPClient) async {
        for step in delivery.steps {
            guard (try? await RealTime.pass(step.after)) != nil else { return }
            switch await desk.submit(step.update) {
            case .nothing: continue
            case .post(let posts): for post in posts { await deliver(post, client, from: 0) }
            case .wait(let time, let batch):
                guard (try? await RealTime.pass(time)) != nil else { return }
                for post in await desk.collect(batch) { await deliver(post, client, from: 0) }
            }
        }
    }

    /// Delivers all copies of `post`, each repeated until it is answered with 200 or the repeats are used up.
    private func deliver(_ post: WebhookPost, _ client: HTTPClient, from first: Int, copies: Int? = nil) async {
        guard (try? await RealTime.pass(post.delay)) != nil else { return }
        for copy in 0..<(copies ?? post.copies) {
            var attempts = copy == 0 ? first : 0
            while true {
                if attempts > 0 {
                    guard attempts <= retries.count else { return await desk.noteGivenUp() }
                    guard (try? await RealTime.pass(retries[attempts - 1])) != nil else { return }
                }
                attempts += 1
                if await attempt(post, client, number: attempts) { break }
                if Task.isCancelled { return }
            }
        }
    }

    private func attempt(_ post: WebhookPost, _ client: HTTPClient, number: Int) async -> Bool {
        var status: Int?
        var failure: String?
        if number == 1, post.losesFirst {
            failure = "dropped by an injected fault"
        } else {
            do { status = try await exchange(post, client) } catch { failure = "\(error)" }
        }
        await desk.note(WebhookRecord(time: Date(), post: post, attempt: number, status: status, failure: failure))
        return status == 200
    }

    private func exchange(_ post: WebhookPost, _ client: HTTPClient) async throws -> Int {
        var request = HTTPClientRequest(url: post.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "facebookexternalua")
        if let value = signer.value(for: post.body, post.signature) {
            request.headers.add(name: WebhookSigner.header, value: value)
        }
        request.body = .bytes(ByteBuffer(bytes: post.body))
        let response = try await client.execute(request, timeout: TimeAmount(timeout))
        _ = try? await response.body.collect(upTo: 64 << 10)
        return Int(response.status.code)
    }
}
