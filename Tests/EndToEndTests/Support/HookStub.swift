import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestKit

/// An operator's webhook: a server that writes down what is posted to it and answers as a test wants.
final class HookStub: Sendable {
    /// What it got.
    struct Post: Sendable {
        let body: String
        let signature: String?
        let at: ContinuousClock.Instant
    }
    /// How it answers.
    enum Answer: Sendable {
        case status(Int)
        case redirect
        /// So late that nobody waits.
        case never
    }
    private struct State {
        var posts: [Post] = []
        var elsewhere = 0
        var answers: [Answer] = []
        var port: Int?
    }
    private let state = Mutex(State())

    var posts: [Post] { state.withLock { $0.posts } }
    /// How many followed a redirect.
    var elsewhere: Int { state.withLock { $0.elsewhere } }
    /// Its address.
    var address: String { "http://127.0.0.1:\(state.withLock { $0.port } ?? 0)/hook/private-word" }

    private init(_ answers: [Answer]) { state.withLock { $0.answers = answers } }

    /// Serves while `body` runs.
    /// - Parameter answers: the first ones; then it answers 200.
    static func serving(_ answers: Answer..., body: @Sendable (HookStub) async throws -> Void) async throws {
        let stub = HookStub(answers)
        let services = stub.makeServices()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            _ = try await eventually("the webhook listens") { stub.state.withLock { $0.port } }
            let result: Result<Void, any Error>
            do {
                try await body(stub)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await services.triggerGracefulShutdown()
            try result.get()
        }
    }

    private func makeServices() -> ServiceGroup {
        let router = Router()
        router.post("/hook/private-word") { request, _ -> Response in
            let buffer = try await request.body.collect(upTo: 1 << 16)
            let signature = request.headers.first { $0.name.canonicalName == "x-martlet-signature-256" }?.value
            let answer = self.state.withLock { state in
                state.posts.append(Post(body: String(buffer: buffer), signature: signature, at: .now))
                return state.answers.isEmpty ? Answer.status(200) : state.answers.removeFirst()
            }
            switch answer {
            case .status(let code): return Response(status: .init(code: code))
            case .redirect: return Response(status: .permanentRedirect, headers: [.location: "/elsewhere"])
            case .never:
                try await ContinuousClock().sleep(for: .seconds(15))
                return Response(status: .ok)
            }
        }
        router.post("/elsewhere") { _, _ -> Response in
            self.state.withLock { $0.elsewhere += 1 }
            return Response(status: .ok)
        }
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in self.state.withLock { $0.port = channel.localAddress?.port } })
        var configuration = ServiceGroupConfiguration(services: [app], logger: Logger(label: "hook-stub"))
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        return ServiceGroup(configuration: configuration)
    }
}
