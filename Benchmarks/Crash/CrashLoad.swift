import Foundation
import Synchronization

/// Members who write on and on, and a network that delivers as Meta does: again until it hears 200, sometimes twice at
/// once, sometimes once more long after.
final class CrashLoad: Sendable {
    let url: String
    let chats: Int
    let seed: UInt64
    let sender: WebhookSender
    private let written = Mutex<[CrashQuestion]>([])
    private let isEnding = Atomic<Bool>(false)

    init(url: String, chats: Int, seed: UInt64, sender: WebhookSender) {
        self.url = url
        self.chats = chats
        self.seed = seed
        self.sender = sender
    }

    /// The questions that went out so far.
    var questions: [CrashQuestion] { written.withLock { $0 } }

    /// Lets the members stop; `run` returns when all that they wrote has arrived.
    func end() { isEnding.store(true, ordering: .relaxed) }

    /// - Parameter graph: where their images lie.
    func run(_ graph: EmulatedGraph) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for chat in 0..<chats { group.addTask { try await self.write(in: chat, graph) } }
            try await group.waitForAll()
        }
    }

    private func write(in chat: Int, _ graph: EmulatedGraph) async throws {
        var random = SeededRandom(seed: seed &+ UInt64(chat) &* 1_000_003)
        try await withThrowingTaskGroup(of: Void.self) { copies in
            var place = 0
            var old: SignedWebhook?
            while !isEnding.load(ordering: .relaxed) {
                try await Task.sleep(for: random.milliseconds(100...900))
                let question = CrashQuestion(chat: chat, place: place)
                let file = question.hasImage ? try await graph.upload(question) : nil
                let webhook = question.webhook(at: Int(Date().timeIntervalSince1970), file: file)
                written.withLock { $0.append(question) }
                if random.happens(0.15) { copies.addTask { try await self.deliver(webhook) } }
                try await deliver(webhook)
                if let late = old, random.happens(0.3) {
                    copies.addTask { try await self.deliver(late) }
                    old = nil
                }
                if random.happens(0.2) { old = webhook }
                place += 1
            }
            try await copies.waitForAll()
        }
    }

    /// Posts until the answer is 200.
    private func deliver(_ webhook: SignedWebhook) async throws {
        while true {
            do {
                let status = try await sender.post(webhook, to: url)
                if status == 200 { return }
                // 503 asks to come again; anything else is no answer to a good webhook.
                guard status >= 500 else { throw BenchmarkFailure("martlet answered a webhook with \(status)") }
            } catch let failure as BenchmarkFailure {
                throw failure
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // Nobody listens at this moment.
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
